"""The status of a site, with its requirements and the fields of its options."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.modes_view import mode_words
from commands.common.page import Page
from commands.common.responsible_words import builder_words, responsible_words
from commands.common.site_words import case_words, deferral_words
from commands.common.tables import facts, table
from schemas.clause_words import clause_said
from schemas.status import SiteStatus
from services.common.text import amount, deadline, local
from services.site.tasks import SiteState, Task

_SHOWN = 5
"""Refusals and warnings that the page shows, the newest."""


def site_page(state: SiteState) -> Page:
    """One site with its tasks."""
    subject, status, tasks = state.subject, state.status, state.tasks
    zone = subject.zone
    shown = Group(
        Text(f"{subject.label}  {known_as(status)}", style="bold"),
        facts(
            [
                ("as of", local(status.as_of, zone)),
                ("city, county", f"{status.site['city']}, {status.site['county']}"),
                ("came to light", how_found(status.site)),
                *correction_words(status),
                ("stage", status.stage.replace("_", " ")),
                ("awaits level", status.level),
                ("round", status.round or None),
                ("hazard", grade_words(status)),
                ("due", due_words(status, zone)),
                ("overdue", "yes" if status.overdue else None),
                ("suspended", "yes" if status.suspended else None),
                ("rung", status.rung or None),
                ("extensions", status.extensions or None),
                *deferral_words(status.facts.get("deferrals"), zone),
                ("days suspended in all", f"{status.days_suspended:g}" if status.days_suspended else None),
                *case_words(status.facts.get("case"), zone),
                ("lead government", status.site.get("lead_government")),
                *builder_words(status.site, status.facts, zone),
                *responsible_words(status.site, status.facts),
                *signed_by(status, zone),
                *acceptance_words(status),
                *mode_words(status),
                ("opened", local(status.opened_at, zone)),
                ("settled", local(status.settled_at, zone)),
            ]
        ),
        Text(),
        _tasks(tasks),
        *told_lines(state.refused, state.warned, subject.label),
    )
    data = {**status.model_dump(mode="json"), "tasks": [task.model_dump(mode="json") for task in tasks]}
    return Page(data | {"refused": list(state.refused), "warned": list(state.warned)}, shown)


def grade_words(status: SiteStatus) -> str:
    """The present hazard, and by what it was graded and why."""
    grade = status.facts.get("grade")
    if grade is None:
        return str(status.site.get("hazard", "medium"))
    reason = f": {grade['reason']}" if grade.get("reason") else ""
    return f"{grade['hazard']}, by {grade['by']}{reason}"


def due_words(status: SiteStatus, zone: ZoneInfo) -> str | None:
    """`2021-09-03 (30 calendar days, clauses.rectification)`."""
    due, clause = deadline(status.due_at, zone), clause_said(status.facts.get("clauses", {}), "due")
    return f"{due} ({clause})" if due and clause else due


def told_lines(refused: Sequence[Mapping[str, str]], warned: Sequence[Mapping[str, str]], label: str) -> Iterator[Text]:
    """The last refusals and warnings of a site: who sent a signal has seen neither."""
    lines = [f"refused: {one['command']} {one['command_id']}: {one['reason']}" for one in refused[-_SHOWN:]]
    lines += [f"warning: {one['command_id']}: {one['warning']}" for one in warned[-_SHOWN:]]
    if len(refused) > _SHOWN or len(warned) > _SHOWN:
        lines.append(f"earlier ones: starter.py ledger {label}")
    if lines:
        yield Text()
    yield from (Text(line, style="yellow") for line in lines)


def _tasks(tasks: Iterable[Task]) -> RenderableType:
    return table(
        ("requirement", "problem", "title", "needed", "done", "still to do", "unit", "evidence missing"),
        (
            (
                t.id,
                ", ".join(t.problems),
                t.title,
                amount(t.quantity),
                amount(t.done),
                amount(t.left),
                t.unit,
                ", ".join(t.evidence_missing),
            )
            for t in tasks
        ),
        right=["needed", "done", "still to do"],
    )


def signed_by(status: SiteStatus, zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    """Each department of the site, and when it signed off; nothing before the sign-off is requested."""
    signatures: dict[str, str | None] = status.facts.get("signatures", {})
    for place, (department, at) in enumerate(signatures.items()):
        when = f"signed {local(datetime.fromisoformat(at), zone)}" if at else "not signed"
        yield ("" if place else "signed off by"), f"{department}: {when}"


def acceptance_words(status: SiteStatus) -> Iterable[tuple[str, str]]:
    """Each separately accepted problem, and each expert of the awaited level, if any."""
    parts: dict[str, str] = status.facts.get("problem_states", {})
    for place, (problem, standing) in enumerate(parts.items()):
        yield ("" if place else "problems"), f"{problem}: {standing}"
    panel: dict[str, str] = status.facts.get("panel", {})
    words = {"passed": "passes it", "failed": "does not pass it", "silent": "no opinion yet"}
    for place, (expert, opinion) in enumerate(panel.items()):
        yield ("" if place else "experts"), f"{expert}: {words.get(opinion, opinion)}"


def known_as(status: SiteStatus) -> str:
    """The site's present name, after corrections."""
    name: str = status.facts.get("corrections", {}).get("name") or status.site["name"]
    return name


def correction_words(status: SiteStatus) -> Iterator[tuple[str, str]]:
    """One line per corrected field: the present value, and that of the register."""
    for place, (field, now) in enumerate(status.facts.get("corrections", {}).items()):
        yield "" if place else "corrected", f"{field}: {_said(now)} (registered: {_said(status.site.get(field))})"


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def how_found(site: Mapping[str, Any]) -> str | None:
    """How a site was found, if it was not in the first stock."""
    missed = "missed when the stock was taken" if site.get("missed") else None
    found, survey = "newly found" if site.get("newly_found") else missed, site.get("survey")
    return f"{found}, survey {survey}" if found and survey else found
