"""Status as of an instant of campaign time, from the plan and the state tables."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import asyncpg

from schemas.actor import Actor
from schemas.base import Instant, StoredModel
from schemas.clause_words import clause_said
from schemas.deferrals import Deferrals, SuspensionSums, read_deferrals
from schemas.documents.document import DeliveryState
from schemas.errors import NotFound
from schemas.local_time import last_day, local_day
from schemas.options.joint import SigningFacts
from schemas.options.mode_sums import ModeSums
from schemas.options.patrol import PatrolFacts
from schemas.options.responsible import Charge
from schemas.phase_status import PhaseStatus, phase_statuses
from schemas.plan import Plan
from schemas.status import STAGES, CampaignStatus, CityStatus, DeploymentStatus, SiteCounts, SiteStatus
from storage.campaigns import find_campaign, read_plan
from storage.connections import Pool, query
from storage.document_file import count_document_file
from storage.modes import costs_together, read_costs, read_mode_sums
from storage.phases import phase_entries
from storage.progress import ProgressMade, read_progress
from storage.refusals import count_refused

OPEN_STAGES = frozenset({"registered", "rectifying", "verifying"})


class CityCounts(NamedTuple):
    """The counts of a city's sites; the three add up to its register."""

    open: int
    closed: int
    carried_over: int


class OverdueSite(StoredModel):
    """A site past its due date; `days_overdue` are calendar days of the plan's time zone, 1 on the first."""

    site_id: str
    name: str
    city: str
    stage: str
    due_at: Instant
    days_overdue: int
    rung: int
    responsible_unit: str | None = None
    responsible_person: str | None = None
    hazard: str
    clause: str
    """The clause that the deadline follows from, in words."""


class ListedSite(StoredModel):
    """A site in the list of all, or of those that are mine; `requirements` are those with somebody of their own."""

    site_id: str
    name: str
    city: str
    county: str
    stage: str
    due_at: Instant | None
    overdue: bool
    suspended: bool
    rung: int
    responsible_unit: str | None = None
    responsible_person: str | None = None
    requirements: dict[str, Charge] = {}


async def campaign_status(pool: Pool, campaign_id: str, as_of: datetime) -> CampaignStatus:
    """Status of a campaign. Raises NotFound, which lists the known ones."""
    plan = (await read_plan(pool, campaign_id)).plan
    # One snapshot, so that the cities add up to the campaign.
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        campaign = await connection.fetchrow(query("campaigns/list"), campaign_id)
        cities = await connection.fetch(query("status/cities"), campaign_id, None)
        modes, modes_of = (await read_mode_sums(connection, campaign_id)) if plan.modes is not None else (None, {})
        costs = await read_costs(connection, campaign_id) if plan.costs is not None else {}
        made = await read_progress(connection, plan)
        counted = await connection.fetch(query("status/sites"), campaign_id, None, as_of)
        documents = await connection.fetch(query("status/documents"), campaign_id)
        deliveries = await connection.fetch(query("deliveries/counts"), campaign_id)
        waiting = await count_document_file(connection, campaign_id, as_of)
        refused = await count_refused(connection, campaign_id)
        deferrals = await connection.fetchrow(query("status/deferrals"), campaign_id)
        stood = {row["city"]: row for row in await connection.fetch(query("status/suspensions"), campaign_id, None)}
        cases = await connection.fetch(query("status/cases"), campaign_id) if plan.police_track is not None else ()
        may_reopen = plan.patrol is not None or plan.spot_check is not None
        owed = await connection.fetch(query("status/owed"), campaign_id, None)
        reopened = await connection.fetch(query("status/reopened"), campaign_id) if may_reopen else ()
        told = await phase_entries(connection, campaign_id, as_of) if plan.phases else []
    assert campaign is not None  # campaigns are never deleted
    phases = phase_statuses(plan, told, as_of)
    day, days = day_of(plan, as_of)
    signing = tuple(SigningFacts.model_validate(one) for one in json.loads(campaign["signing"] or "[]"))
    return CampaignStatus(
        campaign_id=campaign_id,
        title=plan.title,
        phase=phase_of(plan, campaign["state"], as_of, phases, unsigned=any(not one.complete for one in signing)),
        phases=phases,
        day=day,
        days=days,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        as_of=as_of,
        today=local_day(as_of, plan.zone),
        sites=_site_counts(counted),
        cities=[
            _city_status(
                city, counted, modes_of.get(city["code"]), costs, made, _sums([stood.get(city["code"])], as_of)
            )
            for city in cities
        ],
        modes=modes,
        costs=costs_together(costs.values()),
        progress=made.campaign if made is not None else None,
        documents={row["state"]: row["documents"] for row in documents},
        deliveries=_by_state(deliveries),
        **waiting._asdict(),
        refused=refused,
        deferrals=dict(deferrals) if deferrals is not None and any(deferrals) else {},
        suspensions=_sums(stood.values(), as_of),
        cases={row["state"]: row["cases"] for row in cases},
        reopened={row["cause"]: row["times"] for row in reopened},
        signing=signing,
        owed={row["enterprise"]: row["cny"] for row in owed},
        same_unit=plan.verification.same_unit_reasons,
    )


async def city_status(pool: Pool, campaign_id: str, city: str, as_of: datetime) -> CityStatus:
    """Status of a city. Raises NotFound, which lists the cities of the campaign."""
    row = await pool.fetchrow(query("status/cities"), campaign_id, city)
    if row is None:
        await find_campaign(pool, campaign_id)  # raises NotFound if the campaign is unknown
        known = ", ".join(row["code"] for row in await pool.fetch(query("status/cities"), campaign_id, None))
        raise NotFound(f"city {city}: not in campaign {campaign_id}. Its cities: {known}")
    plan = (await read_plan(pool, campaign_id)).plan
    modes = (await read_mode_sums(pool, campaign_id, city))[0] if plan.modes is not None else None
    costs = await read_costs(pool, campaign_id, city) if plan.costs is not None else {}
    made = await read_progress(pool, plan, city)
    stood = await pool.fetch(query("status/suspensions"), campaign_id, city)
    counted = await pool.fetch(query("status/sites"), campaign_id, city, as_of)
    return _city_status(row, counted, modes, costs, made, _sums(stood, as_of))


async def count_signatures(pool: Pool, campaign_id: str) -> dict[str, tuple[int, int]]:
    """City to the signatures of departments that its sites ask for, and those that were given."""
    rows = await pool.fetch(query("status/signatures"), campaign_id)
    return {row["city"]: (row["asked"], row["given"]) for row in rows}


async def site_status(pool: Pool, campaign_id: str, site_id: str, as_of: datetime) -> SiteStatus:
    """Status of a site. Raises NotFound if the register does not have the id."""
    row = await pool.fetchrow(query("status/site"), campaign_id, site_id)
    if row is None:
        await find_campaign(pool, campaign_id)
        raise NotFound(f"site {site_id}: not in the register of campaign {campaign_id}")
    overdue = is_overdue(row["stage"], row["suspended"], row["due_at"], as_of)
    derived = {
        "campaign_id": campaign_id,
        "site": {**json.loads(row["site"]), "county": row["county"]},
        "overdue": overdue,
        "as_of": as_of,
    }
    facts = json.loads(row["facts"] or "{}")
    derived["facts"] = facts
    if "deferrals" in facts:
        derived["days_suspended"] = round(sum(Deferrals.model_validate(facts["deferrals"]).days_at(as_of)), 1)
    return SiteStatus.model_validate(dict(row) | derived)


async def overdue_sites(
    pool: Pool,
    campaign_id: str,
    as_of: datetime,
    city: str | None = None,
    limit: int = 1000,
    mine: Actor | None = None,
    hazard: str | None = None,
) -> list[OverdueSite]:
    """The sites past their due date, longest overdue first; `mine`: of this person or its unit."""
    zone = (await read_plan(pool, campaign_id)).plan.zone
    rows = await pool.fetch(query("status/overdue"), campaign_id, as_of, city, limit, *_whose(mine), hazard)
    return [
        OverdueSite.model_validate(
            dict(row)
            | {
                "days_overdue": days_overdue(row["due_at"], as_of, zone),
                "clause": clause_said(json.loads(row["clauses"] or "{}"), "due"),
            }
        )
        for row in rows
    ]


async def listed_sites(
    pool: Pool, campaign_id: str, as_of: datetime, city: str | None, limit: int, mine: Actor | None
) -> list[ListedSite]:
    """Sites by city and id; `mine`: those for which, or for a requirement of which, this person or unit answers."""
    rows = await pool.fetch(query("status/listed"), campaign_id, city, limit, *_whose(mine))
    found = []
    for row in rows:
        late = is_overdue(row["stage"], row["suspended"], row["due_at"], as_of)
        said = {"overdue": late, "requirements": json.loads(row["requirements"] or "{}")}
        found.append(ListedSite.model_validate(dict(row) | said))
    return found


def _whose(mine: Actor | None) -> tuple[str | None, str | None]:
    return (None, None) if mine is None else (mine.unit, mine.id)


async def city_counts(pool: Pool, campaign_id: str, city: str) -> CityCounts:
    """The numbers of a city's open, closed and carried-over sites."""
    row = await pool.fetchrow(query("status/city_counts"), campaign_id, city)
    assert row is not None  # an aggregate always has its row
    return CityCounts(*row)


def phase_of(
    plan: Plan, state: str, as_of: datetime, phases: Sequence[PhaseStatus] = (), *, unsigned: bool = False
) -> str:
    """`issuing` while an agency has not signed the plan (`unsigned`); `closing`, `closed` and `stopped` likewise.

    These are the campaign's own states; before the start the phase is `not_started`.

    Else the phase that runs, of several the one that started last; while none runs the one whose gate holds the next;
    `running` if there is neither.
    """
    if state in ("closing", "closed", "stopped") or (state == "issuing" and unsigned):
        return state
    today = local_day(as_of, plan.zone)
    if today < plan.starts_on:
        return "not_started"
    phases = phases or phase_statuses(plan, (), as_of)
    current = [phase for phase in phases if phase.state == "running"]
    if current:
        return max(current, key=lambda phase: phase.starts_on).id
    return next((phase.held_by or "" for phase in phases if phase.state == "held"), "running")


def day_of(plan: Plan, as_of: datetime) -> tuple[int, int]:
    """(day, days): 0 before the start, 1 on `starts_on`, and `days` from the last day on."""
    days = (plan.ends_on - plan.starts_on).days + 1
    day = (local_day(as_of, plan.zone) - plan.starts_on).days + 1
    return min(max(day, 0), days), days


def is_overdue(stage: str, suspended: bool, due_at: datetime | None, as_of: datetime) -> bool:
    """Whether an open site, not suspended, is past its due date."""
    return stage in OPEN_STAGES and not suspended and due_at is not None and due_at < as_of


def days_overdue(due_at: datetime, as_of: datetime, zone: ZoneInfo) -> int:
    """Calendar days since the due day, 1 on the day after it; `due_at` is the midnight that ends that day."""
    return (local_day(as_of, zone) - last_day(due_at, zone)).days


def _city_status(
    city: asyncpg.Record,
    counted: Iterable[asyncpg.Record],
    modes: ModeSums | None,
    costs: Mapping[str, dict[str, Decimal]],
    made: ProgressMade | None = None,
    suspensions: SuspensionSums | None = None,
) -> CityStatus:
    return CityStatus(
        code=city["code"],
        name=city["name"],
        deployment=DeploymentStatus(
            state=city["deployment"],
            due=city["deployment_due"],
            clauses=json.loads(city["clauses"] or "{}"),
            submitted_at=city["submitted_at"],
            versions=city["versions"],
            returns=city["returns"],
        ),
        sites=_site_counts(row for row in counted if row["city"] == city["code"]),
        modes=modes,
        costs=costs.get(city["code"], {}),
        progress=made.cities.get(city["code"]) if made is not None else None,
        patrol=PatrolFacts.model_validate_json(city["patrol"]) if city["patrol"] is not None else None,
        suspensions=suspensions,
        **_below(city["below"]),
    )


def _below(facts: str) -> dict[str, Any]:
    """What a city has to say of its counties and calls; empty for most plans."""
    return {name: value for name, value in json.loads(facts).items() if value is not None}


def _sums(stood: Iterable[asyncpg.Record | None], as_of: datetime) -> SuspensionSums | None:
    return SuspensionSums.of(
        (one for row in stood if row is not None for one in read_deferrals(row["deferrals"])), as_of
    )


def _by_state(deliveries: Iterable[asyncpg.Record]) -> dict[str, int]:
    counts = {state.value: 0 for state in DeliveryState}
    for row in deliveries:
        counts[row["state"]] += row["deliveries"]
    return counts


def _site_counts(counted: Iterable[asyncpg.Record]) -> SiteCounts:
    by_stage = dict.fromkeys(STAGES, 0)
    by_rung: dict[int, int] = {}
    suspended = overdue = 0
    area = dict.fromkeys(STAGES, Decimal())
    for row in counted:
        area[row["stage"]] += row["area_ha"] or 0
        by_stage[row["stage"]] += row["sites"]
        suspended += row["suspended"]
        overdue += row["overdue"]
        if row["stage"] in OPEN_STAGES and row["rung"] > 0:
            by_rung[row["rung"]] = by_rung.get(row["rung"], 0) + row["sites"]
    return SiteCounts(
        total=sum(by_stage.values()),
        by_stage=by_stage,
        suspended=suspended,
        overdue=overdue,
        by_rung={str(rung): by_rung[rung] for rung in sorted(by_rung)},
        area_ha=_hectares(area),
    )


def _hectares(area: dict[str, Decimal]) -> dict[str, Decimal]:
    """The area by stage and in total; empty if no site of the register has an area."""
    total = sum(area.values(), Decimal())
    return {"total": total, **area} if total else {}
