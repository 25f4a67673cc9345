"""What a plan comes to for one site, one city and the campaign: absolute instants, frozen into a workflow's input.

A site's terms stay under 8 KiB, so that 20,000 of them are cheap to start.
"""

from pydantic import Field

from schemas.base import Instant, Kept
from schemas.calendar import Calendar, Clause, DayUnit
from schemas.clock import Clock
from schemas.plan import EvidencePhase, Instrument


class Requirement(Kept):
    """A requirement of one site: this much, in this unit, with evidence of these phases."""

    id: str
    quantity: float
    unit: str
    evidence: tuple[EvidencePhase, ...] = ()


class LevelTerms(Kept):
    id: str
    due: Clause


class RungTerms(Kept):
    rung: int
    instrument: Instrument
    after: Clause


class SiteTerms(Kept):
    """Everything a site's case needs to know.

    `opened_at` is the approval of its city's deployment; None for a site that never opened and is only carried over.
    `due` is the end of the rectification clause, an absolute instant (midnight that ends the due day).
    """

    campaign_id: str
    site_id: str
    city: str
    opened_at: Instant | None
    due: Instant | None
    ends_at: Instant
    requirements: tuple[Requirement, ...]
    levels: tuple[LevelTerms, ...]
    max_rounds: int = 3
    re_rectification: Clause
    late_report: Clause
    reminder_days: tuple[int, ...] = ()
    ladder: tuple[RungTerms, ...] = ()
    calendar: Calendar
    clock: Clock = Clock()
    wake_spread_seconds: int = 0


class CityTerms(Kept):
    """Everything a city's desk needs to know; `issued_at` is the moment the plan reached it."""

    campaign_id: str
    code: str
    name: str
    issued_at: Instant
    receipt_due: Instant
    deployment_due: Instant
    deployment: Clause
    deployment_decision: Clause
    ends_at: Instant
    late_report: Clause = Clause(amount=3, unit=DayUnit.CALENDAR_DAYS)
    reconcile_every_days: int = Field(default=1, ge=1)
    calendar: Calendar
    clock: Clock = Clock()


class PhaseTerms(Kept):
    id: str
    starts_at: Instant
    ends_at: Instant


class CityName(Kept):
    code: str
    name: str


class CampaignTerms(Kept):
    """Everything the campaign's board needs to know; `issues_at` is when the plan goes out.

    The plan's full text stays in Postgres under `plan_digest`: the board needs its clauses only.
    """

    campaign_id: str
    plan_digest: str
    issues_at: Instant
    ends_at: Instant
    phases: tuple[PhaseTerms, ...] = ()
    cities: tuple[CityName, ...]
    receipt: Clause
    deployment: Clause
    deployment_decision: Clause
    late_report: Clause = Clause(amount=3, unit=DayUnit.CALENDAR_DAYS)
    calendar: Calendar
    clock: Clock = Clock()
