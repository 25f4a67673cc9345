"""The status of campaigns and cities: each page as a table for people and as JSON for programs."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from commands.campaign.phases_view import phases_in_words
from commands.campaign.targets_view import campaign_progress, city_progress
from commands.city.counties_view import county_tables, county_words
from commands.common.modes_view import cost_table, mode_tables
from commands.common.page import Page
from commands.common.responsible_words import charge_words
from commands.common.same_unit import same_unit_lines
from commands.common.tables import console, facts, stage_heads, table
from commands.documents.view import documents_data, documents_table
from commands.patrol.view import in_short
from commands.sweep.sweep_words import sweep_in_short
from schemas.clause_words import clause_said
from schemas.deferrals import SuspensionSums
from schemas.documents.delivery import DeadLetter
from schemas.status import STAGES, CampaignStatus, CityStatus, SiteCounts
from services.campaign.status import LETTERS_SHOWN, CampaignState, CityState, Listed, ListedCampaign, Overdue
from services.common.absence import last_try
from services.common.text import counted, deadline, local

_WIDE = 130
"""Minimum terminal columns for long column heads."""
_OPEN_SHOWN = 20
"""Maximum of open documents in the status of a city; `documents` lists all."""


def campaigns_page(campaigns: Sequence[ListedCampaign]) -> Page:
    """All campaigns."""
    rows, data = [], []
    for one in campaigns:
        status, whole = one.status, one.status.model_dump(mode="json")
        data.append({**{name: whole[name] for name in whole if name != "cities"}, "started": one.started})
        phase = status.phase if one.started else "start died half-way: start it again"
        day = status.day_in_words.removeprefix("day ")
        sites = status.sites
        numbers = (sites.total, sites.by_stage["closed"], sites.overdue)
        rows.append((status.campaign_id, phase, day, *numbers, status.title))
    heads = ("campaign", "phase", "day", "sites", "closed", "overdue", "title")
    shown = table(heads, rows, right=["day", "sites", "closed", "overdue"], whole=["phase"])
    return Page({"campaigns": data}, shown if rows else Text("no campaign was started yet: starter.py start PLAN"))


def campaign_page(state: CampaignState) -> Page:
    """One campaign and its cities; the JSON is the contract of `schemas.status`."""
    subject, status = state.subject, state.status
    zone = subject.zone
    parts: list[RenderableType] = [
        Text(f"{status.campaign_id}  {status.title}", style="bold"),
        Text(
            f"{status.day_in_words} · {status.phase} · {status.starts_on} to {status.ends_on} · "
            f"as of {local(status.as_of, zone)}"
        ),
        Text(_in_words(status)),
        *(Text(f"signatures: {one.in_words(zone)}") for one in status.signing),
        *_documents_in_words(state),
        *phases_in_words(status.phases, {c.code: c.name for c in status.cities}),
        *(Text(line, style="yellow") for line in same_unit_lines(status.same_unit)),
        Text(),
        table(
            ("code", "city", "deployment", "due", *_heads(), "rungs"),
            (
                (c.code, c.name, _words(c.deployment.state), _due(c, zone), *_counts(c.sites), _rungs(c.sites))
                for c in status.cities
            ),
            right=_heads(),
        ),
        *county_words(status.cities),
        *_stood_still((city.name, city.suspensions) for city in status.cities),
        *campaign_progress(status.progress, status.cities, zone),
        *mode_tables(status.modes),
        *cost_table(status.costs),
    ]
    if not subject.campaign.started:
        parts.append(Text("its start died half-way: start it again with the same plan and register", style="bold red"))
    return Page(status.model_dump(mode="json"), Group(*parts))


def city_page(state: CityState) -> Page:
    """One city of a campaign, with its open documents."""
    subject, status, open_ = state.subject, state.status, state.open_documents
    zone = subject.zone
    all_of_them = f"starter.py documents {subject.campaign_id} --unit {subject.city} --state open"
    shown = Group(
        Text(f"{subject.campaign_id}/{status.code}  {status.name}", style="bold"),
        facts(
            [
                ("as of", local(state.as_of, zone)),
                ("deployment", _words(status.deployment.state)),
                ("deployment due", _due_by(status, zone)),
                ("submitted", local(status.deployment.submitted_at, zone)),
                ("patrol", in_short(status.patrol) if status.patrol is not None else None),
                ("opinion", _versions(status)),
                ("sweep", sweep_in_short(status.sweep) if status.sweep is not None else None),
            ]
        ),
        Text(),
        table((*_heads(), "rungs"), [(*_counts(status.sites), _rungs(status.sites))], right=_heads()),
        *_stood_still([(status.name, status.suspensions)]),
        *county_tables(status, zone),
        *city_progress(status.progress, by_division=subject.frozen.plan.division_codes == "gbt2260"),
        *mode_tables(status.modes),
        *cost_table(status.costs),
        Text(),
        Text(f"open documents: {len(open_) or 'none'}"),
        *([documents_table(open_[-_OPEN_SHOWN:], subject)] if open_ else []),
        *([Text(f"the last {_OPEN_SHOWN}; all: {all_of_them}")] if len(open_) > _OPEN_SHOWN else []),
    )
    data = {"campaign_id": subject.campaign_id, **status.model_dump(mode="json")}
    return Page(data | {"open_documents": documents_data(open_, subject)}, shown)


def overdue_page(found: Overdue) -> Page:
    """The sites past their due date, of a campaign or one of its cities."""
    sites, zone = found.sites, found.subject.zone
    rows = []
    for s in sites:
        standing = (s.site_id, s.name, s.city, s.hazard, _words(s.stage), deadline(s.due_at, zone), s.clause)
        rows.append((*standing, s.days_overdue, s.rung or None, s.responsible_unit, s.responsible_person))
    heads = ("site", "name", "city", "hazard", "stage", "due", "by", "days", "rung", "responsible", "person")
    listed = table(heads, rows, right=["days", "rung"])
    shown: RenderableType = listed if sites else Text("no site is overdue")
    if len(sites) == found.limit:
        shown = Group(listed, Text(f"only the first {found.limit:,} are listed; --limit shows more"))
    return Page([site.model_dump(mode="json") for site in sites], shown)


def sites_page(found: Listed) -> Page:
    """Sites with where they stand and who is responsible, of a campaign or one of its cities."""
    sites, zone = found.sites, found.subject.zone
    rows = [
        (
            s.site_id,
            s.name,
            s.city,
            _words(s.stage),
            deadline(s.due_at, zone),
            "yes" if s.overdue else None,
            s.rung or None,
            s.responsible_unit,
            s.responsible_person,
            ", ".join(f"{name}: {charge_words(one.unit, one.person)}" for name, one in s.requirements.items()),
        )
        for s in sites
    ]
    heads = ("site", "name", "city", "stage", "due", "overdue", "rung", "responsible", "person", "requirements")
    shown: RenderableType = table(heads, rows, right=["rung"]) if rows else Text("no site is listed")
    if len(sites) == found.limit:
        shown = Group(shown, Text(f"only the first {found.limit:,} are listed; --limit shows more"))
    return Page([site.model_dump(mode="json") for site in sites], shown)


def _stood_still(cities: Iterable[tuple[str, SuspensionSums | None]]) -> list[RenderableType]:
    """Who ordered the suspensions of each city's sites, how many sites and days; nothing where nothing stood still."""
    numbers = ("sites by the city itself", "days", "sites by the province", "days ")
    rows = [
        (name, sums.sites_by_city, f"{sums.days_by_city:,.1f}", sums.sites_by_province, f"{sums.days_by_province:,.1f}")
        for name, sums in cities
        if sums is not None
    ]
    return [Text(), table(("suspended", *numbers), rows, right=numbers)] if rows else []


def _versions(status: CityStatus) -> str | None:
    """The versions and returns of the implementation opinion, in plans with `opinion`."""
    city = status.deployment
    return f"{counted(city.versions, 'version')}, {city.returns:,} returned" if city.versions else None


def _in_words(status: CampaignStatus) -> str:
    sites = ", ".join(f"{number:,} {_words(stage)}" for stage, number in status.sites.by_stage.items())
    words = [f"{counted(status.sites.total, 'site')}: {sites}"]
    words += [f"{status.sites.suspended:,} suspended", f"{status.sites.overdue:,} overdue"]
    if status.reopened:
        causes = ", ".join(f"{number:,} {_words(cause)}" for cause, number in status.reopened.items())
        words.append(f"opened again: {causes}")
    if status.refused:
        words.append(f"{counted(status.refused, 'command')} refused")
    if status.owed:
        words.append("to recover: " + ", ".join(f"{cny} cny from {name}" for name, cny in status.owed.items()))
    if status.cases:
        words.append("cases: " + ", ".join(f"{number:,} {_words(state)}" for state, number in status.cases.items()))
    if status.deferrals:
        words.append("deferrals: " + ", ".join(f"{n:,} {_words(what)}" for what, n in status.deferrals.items() if n))
    return " · ".join(words)


def _documents_in_words(state: CampaignState) -> list[Text]:
    """Documents by state, those that wait for people, and the dead letters with the command to resend them."""
    status = state.status
    counts = ", ".join(f"{n:,} {state}" for state, n in status.documents.items()) or "none"
    waits = [
        f"{number:,} {what}"
        for number, what in (
            (status.unapproved, "wait for approval"),
            (status.uncountersigned, "wait for the signature of an agency"),
            (status.unsigned, "not signed by their day"),
            (status.unanswered, "not replied to by their day"),
            (status.unlifted, "not lifted by their day"),
            (status.deliveries["waiting"], "on their way"),
        )
        if number
    ]
    said = [Text(" · ".join([f"documents: {counts}", *waits]))]
    said += [Text(f"  on its way: {_named(letter)}, {last_try(letter)}") for letter in state.waiting]
    dead = status.deliveries["failed"]
    if dead:
        said.append(Text(f"{counted(dead, 'dead letter')}:", style="bold red"))
        for letter in state.dead:
            said.append(Text(f"  {_named(letter)} through {letter.channel}: {letter.result or 'given up'}"))
        if dead > LETTERS_SHOWN:
            said.append(Text(f"  ... all of them: starter.py documents {status.campaign_id} --state dead"))
        said.append(Text(f"  send them again: starter.py resend {status.campaign_id} --all --as ID:province:UNIT"))
    return said


def _named(letter: DeadLetter) -> str:
    """Number and city, since the plan's number is used in every city; without a number the key."""
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


def _due_by(city: CityStatus, zone: ZoneInfo) -> str:
    """The same with the clause that it follows from."""
    due, clause = _due(city, zone), clause_said(city.deployment.clauses, "deployment_due")
    return f"{due} ({clause})" if due and clause else due


def _words(name: str) -> str:
    return name.replace("_", " ")
