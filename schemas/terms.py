"""What a plan comes to for one site, one city and the campaign: absolute instants, frozen into a workflow's input.

A site's terms stay under 8 KiB, so that 20,000 of them are cheap to start.
"""

from datetime import date

from pydantic import Field

from schemas.acceptance import AcceptanceTerms
from schemas.acceptance_options import off
from schemas.base import Instant, Kept
from schemas.calendar import Calendar, Clause, DayUnit
from schemas.clock import Clock
from schemas.extension import ExtensionTerms
from schemas.ladder import Briefing, Instrument
from schemas.modes import ModeTerms
from schemas.opinion import OpinionRules
from schemas.patrol import PatrolTerms
from schemas.plan import EvidencePhase
from schemas.police_track import PoliceTerms
from schemas.sampling import SpotCheckPlan
from schemas.sign_off_rule import SignOffTerms
from schemas.units import Units


class Requirement(Kept):
    """A requirement of one site: this much, in this unit, with evidence of these phases."""

    id: str
    quantity: float
    unit: str
    evidence: tuple[EvidencePhase, ...] = ()
    restoration_modes: tuple[str, ...] = Field(default=(), exclude_if=off)
    funding_modes: tuple[str, ...] = Field(default=(), exclude_if=off)
    in_order: bool = Field(default=False, exclude_if=off)
    """Whether its evidence is asked for in order: `schemas.acceptance_options.EvidenceGate`."""
    look_back: tuple[Clause, ...] = Field(default=(), exclude_if=off)
    """So long after the closure it is inspected again, each clause once."""
    problems: tuple[str, ...] = Field(default=(), exclude_if=off)
    """The kinds of the site's problems that it serves; none where it belongs to the site as a whole."""


class LevelTerms(Kept):
    id: str
    due: Clause


class RungTerms(Kept):
    rung: int
    instrument: Instrument
    after: Clause
    approval: bool = False
    """Whether the site waits at this rung until its document is issued."""


class PaperTerms(Kept):
    """What the plan says of the documents of one kind and rung; see `schemas.ladder.Instrumental`."""

    kind: str
    rung: int = 0
    instrument: str
    issuer: str | None = None
    """The agency that issues it, and lifts it."""
    series: str
    level: str
    approver: str | None = None
    superior: str | None = None
    approval: Clause | None = None
    receipt: Clause
    reply: Clause | None = None
    reply_holds: Clause | None = None
    lifting: str | None = None
    lifting_within: Clause | None = None
    publication: Clause | None = None
    after: Clause | None = None
    """For a unit's conduct: how long after the deadline that passed."""
    weeks: int | None = None
    """For the ranking: how many briefings running at its bottom."""


class Papers(Kept):
    """How a city's documents are numbered, signed for and followed up.

    `levels` are the units of the city by the level of addressees; `series` and `receipt` are for what is no instrument.
    """

    language: str = "zh-CN"
    plan_number: str = ""
    series: str
    receipt: Clause
    instruments: tuple[PaperTerms, ...] = ()
    levels: dict[str, tuple[str, ...]] = {}


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
    rectification: Clause | None = None
    """The clause that `due` was counted by; None in campaigns that began before plans were amended."""
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
    units: Units | None = None
    """None in campaigns that began before units were compared."""
    modes: ModeTerms | None = None
    """None where the plan has no modes."""
    amendment: int = 0
    """The amendment of the plan under which these terms were made."""
    office_catch_up: bool = False
    """Whether a rung that is found after office hours moves to the next working day; not so in older campaigns."""
    acceptance: AcceptanceTerms | None = Field(default=None, exclude_if=off)
    extension: ExtensionTerms | None = None
    police: PoliceTerms | None = None
    """Of a site that has a case."""
    sign_off: SignOffTerms | None = None
    """None where nothing is signed off after the last level: the plan asks for none, or the site has no department."""
    relapse: Clause | None = None
    """Within what a site that is reopened by the patrol is rectified again; else `re_rectification`."""
    patrol_until: Instant | None = None
    """When a site that was reopened after the campaign's end is carried over; None: it lives until it is struck off."""


class CityTerms(Kept):
    """Everything a city's desk needs to know; `issued_at` is the moment the plan reached it."""

    campaign_id: str
    code: str
    name: str
    issued_at: Instant
    receipt_due: Instant
    deployment_due: Instant
    receipt: Clause | None = None
    """The clause that `receipt_due` was counted by; None in campaigns that began before plans were amended."""
    deployment: Clause
    deployment_decision: Clause
    ends_at: Instant
    amendment: int = 0
    """The amendment of the plan under which these terms were made."""
    late_report: Clause = Clause(amount=3, unit=DayUnit.CALENDAR_DAYS)
    reconcile_every_days: int = Field(default=1, ge=1)
    calendar: Calendar
    clock: Clock = Clock()
    papers: Papers | None = None
    """None in campaigns that began before documents had numbers: theirs are issued without."""
    units: Units | None = None
    surveys: bool = False
    """Whether surveys may add sites."""
    opinion: OpinionRules | None = None
    """What the plan asks of the city's implementation opinion."""
    patrol: PatrolTerms | None = None


class PhaseTerms(Kept):
    id: str
    starts_at: Instant
    ends_at: Instant


class CityName(Kept):
    code: str
    name: str
    levels: dict[str, tuple[str, ...]] = {}
    units: Units | None = None


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
    amendment: int = 0
    calendar: Calendar
    clock: Clock = Clock()
    starts_on: date | None = None
    surveys: bool = False
    papers: Papers | None = None
    briefing: Briefing | None = None
    spot_check: SpotCheckPlan | None = None
    units: Units | None = None
    opinion: OpinionRules | None = None
    patrol: PatrolTerms | None = None
