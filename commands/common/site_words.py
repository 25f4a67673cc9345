"""A site's problems, experts, corrections, deferrals and case as lines of text."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schemas.status import SiteStatus
from services.common.text import deadline, local


def acceptance_words(status: SiteStatus) -> Iterable[tuple[str, str]]:
    """Each problem that is accepted by itself, and each expert of the awaited level; nothing where none is."""
    parts: dict[str, str] = status.facts.get("parts", {})
    for place, (problem, standing) in enumerate(parts.items()):
        yield ("" if place else "problems"), f"{problem}: {standing}"
    panel: dict[str, str] = status.facts.get("panel", {})
    words = {"passed": "passes it", "failed": "does not pass it", "silent": "no opinion yet"}
    for place, (expert, said) in enumerate(panel.items()):
        yield ("" if place else "experts"), f"{expert}: {words.get(said, said)}"


def known_as(status: SiteStatus) -> str:
    """The site's name as it holds now."""
    name: str = status.facts.get("corrections", {}).get("name") or status.site["name"]
    return name


def correction_words(status: SiteStatus) -> Iterator[tuple[str, str]]:
    """One line a corrected field: what holds now, and what the register says."""
    for place, (field, now) in enumerate(status.facts.get("corrections", {}).items()):
        yield "" if place else "corrected", f"{field}: {_said(now)} (registered: {_said(status.site.get(field))})"


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


_BASIS = {
    "stop_work_order": "stop-work order",
    "flood": "flood",
    "planting_season": "planting season",
    "other": "other",
}


def deferral_words(deferrals: dict[str, Any] | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Extensions refused and pending, and the time that stood still; `deferrals` is that of schemas.site.deferrals."""
    if not deferrals:
        return
    asked = [
        f"{deferrals[count]} {words}"
        for count, words in (("extensions_refused", "refused"), ("extensions_lapsed", "lapsed"))
        if deferrals.get(count)
    ]
    if deferrals.get("extension_pending"):
        asked.append("1 pending")
    if deferrals.get("extensions_left") is not None:
        asked.append(f"{deferrals['extensions_left']} left")
    if asked:
        yield "requests for extension", ", ".join(asked)
    if days := deferrals.get("days_suspended"):
        yield "days suspended", f"{days:g}"
    if since := deferrals.get("suspended_since"):
        until = f" to {deferrals['suspended_until']}" if deferrals.get("suspended_until") else ""
        basis = f" ({_BASIS.get(deferrals['basis'], deferrals['basis'])})" if deferrals.get("basis") else ""
        yield "suspended since", f"{local(datetime.fromisoformat(since), zone)}{until}{basis}"


def case_words(case: dict[str, Any] | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Both tracks with their lead agencies, and for whom the case waits; `case` is schemas.options.police.CaseFacts."""
    if not case:
        return
    yield "works led by", case["works_agency"]
    yield "police track led by", case["agency"]
    said = case["state"].replace("_", " ")
    if case.get("reference"):
        said += f" ({case['reference']})"
    if case.get("carried_over"):
        said += ", carried over: the police go on without the campaign"
    yield "case", said
    if case.get("waits_for"):
        due = f", by {deadline(datetime.fromisoformat(case['due']), zone)}" if case.get("due") else ""
        told = f", overdue and told {case['told']} times" if case.get("told") else ""
        yield "case waits for", f"{case['waits_for']}{due}{told}"
