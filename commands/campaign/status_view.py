"""Where things stand, read from Postgres: each page as a table for people and as JSON for programs."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from commands.campaign.targets_view import campaign_progress, city_progress, how_found
from commands.common.modes_view import mode_tables, mode_words
from commands.common.page import Page
from commands.common.site_words import acceptance_words, case_words, correction_words, deferral_words, known_as
from commands.common.tables import console, facts, stage_heads, table
from commands.documents.view import documents_data, documents_table
from commands.patrol.view import in_short
from runtime.real_time import real_now
from schemas.documents.delivery import DeadLetter
from schemas.status import STAGES, CampaignStatus, CityStatus, SiteCounts, SiteStatus
from services.common.absence import last_try
from services.common.subjects import Subject
from services.common.text import amount, counted, deadline, local
from storage.campaigns import list_campaigns
from storage.connections import Pool
from storage.deliveries import dead_letters, tried_so_far
from storage.document_file import read_docket
from storage.status import campaign_status, city_status, overdue_sites, site_status

if TYPE_CHECKING:
    from services.site.tasks import Task

_WIDE = 130
"""Columns from which the counts have long heads."""
_DEAD_SHOWN = 3
_OPEN_SHOWN = 20
"""How many dead letters and open documents a status lists; `documents` lists all."""


async def campaigns_page(pool: Pool) -> Page:
    """All campaigns."""
    rows, data = [], []
    for record in await list_campaigns(pool):
        status = await campaign_status(pool, record.campaign_id, record.clock.campaign_time(real_now()))
        whole = status.model_dump(mode="json")
        data.append({**{name: whole[name] for name in whole if name != "cities"}, "started": record.started})
        phase = status.phase if record.started else "start died half-way: start it again"
        day = f"{status.day} of {status.days}"
        sites = status.sites
        numbers = (sites.total, sites.by_stage["closed"], sites.overdue)
        rows.append((status.campaign_id, phase, day, *numbers, status.title))
    heads = ("campaign", "phase", "day", "sites", "closed", "overdue", "title")
    shown = table(heads, rows, right=["day", "sites", "closed", "overdue"], whole=["phase"])
    return Page({"campaigns": data}, shown if rows else Text("no campaign was started yet: starter.py start PLAN"))


async def campaign_page(pool: Pool, subject: Subject) -> Page:
    """One campaign and its cities; the JSON is the contract of `schemas.status`."""
    status = await campaign_status(pool, subject.campaign_id, subject.now)
    zone = subject.zone
    parts: list[RenderableType] = [
        Text(f"{status.campaign_id}  {status.title}", style="bold"),
        Text(
            f"day {status.day} of {status.days} · {status.phase} · {status.starts_on} to {status.ends_on} · "
            f"as of {local(status.as_of, zone)}"
        ),
        Text(_in_words(status)),
        *await _documents_in_words(pool, status),
        Text(),
        table(
            ("code", "city", "deployment", "due", *_heads(), "rungs"),
            (
                (c.code, c.name, _words(c.deployment.state), _due(c, zone), *_counts(c.sites), _rungs(c.sites))
                for c in status.cities
            ),
            right=_heads(),
        ),
        *campaign_progress(status.progress, status.cities, zone),
        *mode_tables(status.modes),
    ]
    if not subject.campaign.started:
        parts.append(Text("its start died half-way: start it again with the same plan and register", style="bold red"))
    return Page(status.model_dump(mode="json"), Group(*parts))


async def city_page(pool: Pool, subject: Subject) -> Page:
    """One city of a campaign, with the documents under which something is still asked for."""
    assert subject.city is not None
    now = subject.now
    status = await city_status(pool, subject.campaign_id, subject.city, now)
    zone = subject.zone
    all_of_them = f"starter.py documents {subject.campaign_id} --unit {subject.city} --state open"
    open_ = [entry for entry in await read_docket(pool, subject.campaign_id, city=subject.city) if entry.is_open]
    shown = Group(
        Text(f"{subject.campaign_id}/{status.code}  {status.name}", style="bold"),
        facts(
            [
                ("as of", local(now, zone)),
                ("deployment", _words(status.deployment.state)),
                ("deployment due", _due(status, zone)),
                ("submitted", local(status.deployment.submitted_at, zone)),
                ("patrol", in_short(status.patrol) if status.patrol is not None else None),
                ("opinion", _versions(status)),
            ]
        ),
        Text(),
        table((*_heads(), "rungs"), [(*_counts(status.sites), _rungs(status.sites))], right=_heads()),
        *city_progress(status.progress, by_division=subject.frozen.plan.division_codes == "gbt2260"),
        *mode_tables(status.modes),
        Text(),
        Text(f"open documents: {len(open_) or 'none'}"),
        *([documents_table(open_[-_OPEN_SHOWN:], subject)] if open_ else []),
        *([Text(f"the last {_OPEN_SHOWN}; all: {all_of_them}")] if len(open_) > _OPEN_SHOWN else []),
    )
    data = {"campaign_id": subject.campaign_id, **status.model_dump(mode="json")}
    return Page(data | {"open_documents": documents_data(open_, subject)}, shown)


async def site_page(pool: Pool, subject: Subject) -> Page:
    """One site with its tasks."""
    # The rules that fold a site's ledger take longer to load than any other status takes to read.
    from services.site.tasks import site_tasks

    assert subject.site is not None
    status = await site_status(pool, subject.campaign_id, subject.site, subject.now)
    tasks = await site_tasks(pool, subject.frozen, status, subject.campaign.clock)
    zone = subject.zone
    shown = Group(
        Text(f"{subject.label}  {known_as(status)}", style="bold"),
        facts(
            [
                ("as of", local(status.as_of, zone)),
                ("city, county", f"{status.site['city']}, {status.site['county']}"),
                ("came to light", how_found(status.site)),
                *correction_words(status),
                ("stage", _words(status.stage)),
                ("awaits level", status.level),
                ("round", status.round or None),
                ("due", deadline(status.due_at, zone)),
                ("overdue", "yes" if status.overdue else None),
                ("suspended", "yes" if status.suspended else None),
                ("rung", status.rung or None),
                ("extensions", status.extensions or None),
                *deferral_words(status.facts.get("deferrals"), zone),
                *case_words(status.facts.get("case"), zone),
                ("lead government", status.site.get("lead_government")),
                ("built by", status.site.get("enterprise")),
                *signed_by(status, zone),
                *acceptance_words(status),
                *mode_words(status),
                ("opened", local(status.opened_at, zone)),
                ("settled", local(status.settled_at, zone)),
            ]
        ),
        Text(),
        _tasks(tasks),
    )
    return Page({**status.model_dump(mode="json"), "tasks": [task.model_dump(mode="json") for task in tasks]}, shown)


def _tasks(tasks: Iterable["Task"]) -> RenderableType:
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


async def overdue_page(pool: Pool, subject: Subject, limit: int) -> Page:
    """The sites past their due date, of a campaign or one of its cities."""
    sites = await overdue_sites(pool, subject.campaign_id, subject.now, subject.city, limit)
    zone = subject.zone
    rows = (
        (s.site_id, s.name, s.city, _words(s.stage), deadline(s.due_at, zone), s.days_overdue, s.rung or None)
        for s in sites
    )
    listed = table(("site", "name", "city", "stage", "due", "days", "rung"), rows, right=["days", "rung"])
    shown: RenderableType = listed if sites else Text("no site is overdue")
    if len(sites) == limit:
        shown = Group(listed, Text(f"only the first {limit:,} are listed; --limit shows more"))
    return Page([site.model_dump(mode="json") for site in sites], shown)


def _versions(status: CityStatus) -> str | None:
    """How often the implementation opinion was submitted and sent back, where the plan asks something of it."""
    city = status.deployment
    return f"{counted(city.versions, 'version')}, {city.returns:,} returned" if city.versions else None


def signed_by(status: SiteStatus, zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    """Each department of the site, and when it signed it off; nothing before it is asked."""
    signatures: dict[str, str | None] = status.facts.get("signatures", {})
    for place, (department, at) in enumerate(signatures.items()):
        when = f"signed {local(datetime.fromisoformat(at), zone)}" if at else "not signed"
        yield ("" if place else "signed off by"), f"{department}: {when}"


def _in_words(status: CampaignStatus) -> str:
    sites = ", ".join(f"{number:,} {_words(stage)}" for stage, number in status.sites.by_stage.items())
    words = [f"{counted(status.sites.total, 'site')}: {sites}"]
    words += [f"{status.sites.suspended:,} suspended", f"{status.sites.overdue:,} overdue"]
    if status.reopened:
        causes = ", ".join(f"{number:,} {_words(cause)}" for cause, number in status.reopened.items())
        words.append(f"opened again: {causes}")
    if status.refused:
        words.append(f"{counted(status.refused, 'command')} refused")
    if status.cases:
        words.append("cases: " + ", ".join(f"{number:,} {_words(state)}" for state, number in status.cases.items()))
    if status.deferrals:
        words.append("deferrals: " + ", ".join(f"{n:,} {_words(what)}" for what, n in status.deferrals.items() if n))
    return " · ".join(words)


async def _documents_in_words(pool: Pool, status: CampaignStatus) -> list[Text]:
    """Documents by state, what of them waits for people, and the dead letters with what to do."""
    counts = ", ".join(f"{n:,} {state}" for state, n in status.documents.items()) or "none"
    waits = [
        f"{number:,} {what}"
        for number, what in (
            (status.unapproved, "wait for approval"),
            (status.unsigned, "not signed by their day"),
            (status.unanswered, "not replied to by their day"),
            (status.unlifted, "not lifted by their day"),
            (status.deliveries["waiting"], "on their way"),
        )
        if number
    ]
    said = [Text(" · ".join([f"documents: {counts}", *waits]))]
    if status.deliveries["waiting"]:
        for letter in await tried_so_far(pool, status.campaign_id, _DEAD_SHOWN):
            said.append(Text(f"  on its way: {_named(letter)}, {last_try(letter)}"))
    dead = status.deliveries["failed"]
    if dead:
        said.append(Text(f"{counted(dead, 'dead letter')}:", style="bold red"))
        for letter in (await dead_letters(pool, status.campaign_id))[:_DEAD_SHOWN]:
            said.append(Text(f"  {_named(letter)} through {letter.channel}: {letter.said or 'given up'}"))
        if dead > _DEAD_SHOWN:
            said.append(Text(f"  ... all of them: starter.py documents {status.campaign_id} --state dead"))
        said.append(Text(f"  send them again: starter.py resend {status.campaign_id} --all --as ID:province:UNIT"))
    return said


def _named(letter: DeadLetter) -> str:
    """Number and city, for the plan's number is that of a document in every city; without a number the key."""
    return " ".join(filter(None, (letter.number, letter.city))) if letter.number else letter.key


def _heads() -> tuple[str, ...]:
    others = ("suspended", "overdue") if console().width >= _WIDE else ("susp.", "late")
    return ("sites", *stage_heads(_WIDE), *others)


def _counts(sites: SiteCounts) -> Iterable[str]:
    return (f"{n:,}" for n in (sites.total, *(sites.by_stage[s] for s in STAGES), sites.suspended, sites.overdue))


def _rungs(sites: SiteCounts) -> str:
    return " ".join(f"{rung}:{number}" for rung, number in sites.by_rung.items())


def _due(city: CityStatus, zone: ZoneInfo) -> str:
    return "" if city.deployment.state == "approved" else deadline(city.deployment.due, zone)


def _words(name: str) -> str:
    return name.replace("_", " ")
