"""A work plan (工作方案) of a province, as in its YAML file."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from operator import not_
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from schemas.base import Identifier, InputModel, StoredModel
from schemas.calendar import Calendar, CampaignDay, Clause, DayUnit, Office
from schemas.clause_paths import clauses_in, deadlines_in
from schemas.deferrals import SuspensionRule
from schemas.evidence import EvidencePhase
from schemas.ladder import Behaviour, Briefing, Rung, contradictions, instruments_of
from schemas.modes import FundingMode, RestorationMode
from schemas.offices import Agency, City, Text, county_contradictions, is_unset
from schemas.options.acceptance import AcceptanceOptions, EvidenceOptions, LevelOptions
from schemas.options.acceptance_checks import acceptance_contradictions
from schemas.options.builders import ReplacementRule
from schemas.options.counties import CountyDeployment, county_deployment_contradictions
from schemas.options.extensions import ExtensionRule
from schemas.options.grading import Grading, grading_contradictions
from schemas.options.joint import SigningRule, signing_contradictions
from schemas.options.joint_group import JointGroup, group_contradictions
from schemas.options.modes import Modes, mode_contradictions
from schemas.options.opinion import OpinionRules
from schemas.options.patrol import Patrol, patrol_contradictions
from schemas.options.phases import Opened, phase_contradictions
from schemas.options.phases import Phase as Phase
from schemas.options.police import PoliceTrack, police_contradictions
from schemas.options.responsible import ResponsibleRule
from schemas.options.sign_off import SIGN_OFF, SignOffRule
from schemas.options.spot_checks import SpotCheckPlan, sampling_contradictions
from schemas.options.surveys import SurveyOption
from schemas.options.sweep import SweepRule, sweep_contradictions
from schemas.phase_end import ClauseOrPhase, unknown_phases
from schemas.quantity import Quantity
from schemas.targets import Targets, strangers
from schemas.variations import Variation, variation_contradictions

_zones = lru_cache(available_timezones)  # it scans a folder each time


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("expected an IANA time zone such as Asia/Shanghai")
    return name


class CatalogueEntry(EvidenceOptions):
    """A requirement (整治任务) of the catalogue: it applies to a site of one of `site_types` with one of `problems`.

    An empty list means any. `quantity` is per counted problem at the site; `standard` is the text of the norm.
    """

    id: Identifier
    title: Text
    unit: Text
    standard: Text | None = None
    quantity: Quantity = Field(default=Decimal(1), gt=0)
    evidence: tuple[EvidencePhase, ...] = (EvidencePhase.AFTER,)
    site_types: tuple[Identifier, ...] = ()
    problems: tuple[Identifier, ...] = ()
    restoration_modes: tuple[RestorationMode, ...] = Field(default=(), exclude_if=is_unset)
    """The modes of a site under which it applies (schemas.options.modes)."""
    funding_modes: tuple[FundingMode, ...] = Field(default=(), exclude_if=is_unset)


class VerificationLevel(LevelOptions):
    """A level of acceptance (验收), due within its clause from the request."""

    id: Identifier
    title: Text
    due: Clause = Clause(amount=10, unit=DayUnit.CALENDAR_DAYS)


class Verification(AcceptanceOptions):
    """The acceptance ladder, lowest level first; a site that fails `max_rounds` times is reported one level higher."""

    levels: tuple[VerificationLevel, ...] = Field(min_length=1, max_length=6)
    max_rounds: int = Field(default=3, ge=1, le=20)

    @property
    def same_unit_reasons(self) -> dict[str, str]:
        """Level to the plan's reason why a unit that worked or judged may judge it too; empty where none may."""
        return {level.id: level.same_unit_reason for level in self.levels if level.same_unit_reason is not None}


class Clauses(InputModel):
    """The deadline clauses of a plan; each carries its own unit."""

    receipt: Clause = Clause(amount=1, unit=DayUnit.WORKING_DAYS)
    deployment: Clause
    deployment_decision: Clause = Clause(amount=5, unit=DayUnit.WORKING_DAYS)
    rectification: ClauseOrPhase
    re_rectification: ClauseOrPhase
    late_report: Clause = Clause(amount=3, unit=DayUnit.CALENDAR_DAYS)
    approval: Clause | None = Field(default=None, exclude_if=is_unset)
    """The default clause of an approval, for rungs without their own; without it one working day."""


REFUSE_BEYOND = Decimal(10)
"""A plan without `reporting` refuses a total of more than ten times what is asked: a slipped point gives just that."""


class Reporting(InputModel):
    """What reports are taken: above so many times what a requirement asks for, their total is refused."""

    refuse_beyond: Quantity = Field(default=REFUSE_BEYOND, ge=1, le=1000)


class CalendarSource(InputModel):
    """Where working days come from: the State Council's published days, or plain weekdays; a plan may add its own.

    `off_days` and `work_days` are the notice of a year that the library does not know yet. Days up to
    `published_until` are not provisional.
    """

    source: Literal["china", "weekdays"] = "china"
    off_days: tuple[CampaignDay, ...] = ()
    work_days: tuple[CampaignDay, ...] = ()
    published_until: CampaignDay | None = None


class Extent(InputModel):
    """The rectangle in which the campaign's sites lie, WGS 84 degrees."""

    south: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.south >= self.north or self.west >= self.east:
            raise ValueError("expected south < north and west < east")
        return self


Datum = Literal["wgs84", "gcj02", "bd09"]
"""The datum of the coordinates in registers; the engine keeps WGS 84."""


class Templates(InputModel):
    """The plan's own texts and layouts, which replace the default ones; read from the folder named in the plan's file.

    `wording` has sentences by document kind and name (`reminder: {subject: ...}`); `html` and `text` are whole
    Jinja2 layouts. In the plan's file this is the folder's path; `check` reads and validates it.
    """

    wording: dict[str, dict[str, str | tuple[str, ...]]] = {}
    html: str | None = None
    text: str | None = None


LEFT_OUT = "left_out"
"""In the context of a validation: the faulty parts that were left out, with which nothing is compared."""

_PHASED = {"phases", "survey", "police_track", "variations"}
"""The parts that `phase_faults` compares."""


class Plan(InputModel):
    """A campaign's work plan. `starts_on` and `ends_on` are its first and last day."""

    id: Identifier
    title: Text
    document_number: Text
    issuing_agencies: tuple[Agency, ...] = Field(min_length=1)
    province: Text
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    language: Literal["zh-CN", "en"] = "zh-CN"
    starts_on: CampaignDay
    ends_on: CampaignDay
    phases: tuple[Phase, ...] = ()
    clauses: Clauses
    calendar: CalendarSource = CalendarSource()
    office: Office = Office()
    division_codes: Literal["gbt2260", "free"] = "gbt2260"
    extent: Extent | None = None
    coordinates: Datum | None = Field(default=None, exclude_if=is_unset)
    """The datum of its registers, converted on intake; WGS 84 unless it says otherwise."""
    places: Literal["required", "optional"] | None = Field(default=None, exclude_if=is_unset)
    """Whether a site may lack its coordinates; they are required unless it says otherwise."""
    catalogue: tuple[CatalogueEntry, ...] = Field(min_length=1)
    cities: tuple[City, ...] = Field(min_length=1, max_length=200)
    reminder_days: tuple[Annotated[int, Field(ge=1, le=365)], ...] = ()
    ladder: tuple[Rung, ...] = ()
    behaviour: Behaviour | None = Field(default=None, exclude_if=is_unset)
    briefing: Briefing | None = Field(default=None, exclude_if=is_unset)
    templates: Templates | None = Field(default=None, exclude_if=is_unset)
    sign_off: SignOffRule | None = Field(default=None, exclude_if=is_unset)
    supervision: tuple[Annotated[str, Field(min_length=1, max_length=128)], ...] = Field(
        default=(), max_length=50, exclude_if=is_unset
    )
    """Supervision groups (督导组): a supervisor acts for one of them, or for an office of the province."""
    extension: ExtensionRule | None = Field(default=None, exclude_if=is_unset)
    suspension: SuspensionRule | None = Field(default=None, exclude_if=is_unset)
    police_track: PoliceTrack | None = Field(default=None, exclude_if=is_unset)
    targets: Targets | None = Field(default=None, exclude_if=is_unset)
    survey: SurveyOption | None = Field(default=None, exclude_if=is_unset)
    sweep: SweepRule | None = Field(default=None, exclude_if=is_unset)
    spot_check: SpotCheckPlan | None = Field(default=None, exclude_if=is_unset)
    verification: Verification
    reporting: Reporting | None = Field(default=None, exclude_if=is_unset)
    modes: Modes | None = Field(default=None, exclude_if=is_unset)
    costs: Literal["by_problem"] | None = Field(default=None, exclude_if=is_unset)
    """Whether what the work costs is booked on the problems of each site, with or without modes."""
    opinion: OpinionRules | None = Field(default=None, exclude_if=is_unset)
    patrol: Patrol | None = Field(default=None, exclude_if=is_unset)
    joint_groups: dict[Identifier, JointGroup] = Field(default={}, exclude_if=is_unset)
    """The joint group of each city, by its code, which leads the patrol there."""
    county_deployment: CountyDeployment | None = Field(default=None, exclude_if=is_unset)
    signing: SigningRule | None = Field(default=None, exclude_if=is_unset)
    """How its agencies sign, if it has more than one; they sign within a working day unless it says otherwise."""
    replacement: ReplacementRule | None = Field(default=None, exclude_if=is_unset)
    responsible: ResponsibleRule | None = Field(default=None, exclude_if=is_unset)
    grading: Grading | None = Field(default=None, exclude_if=is_unset)
    variations: tuple[Variation, ...] = Field(default=(), max_length=100, exclude_if=is_unset)
    wake_spread_minutes: int = Field(default=60, ge=0, le=480)

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Self:
        faults: list[str] = []
        if self.ends_on < self.starts_on:
            faults.append(f"ends_on: {self.ends_on} is before starts_on {self.starts_on}")
        for phase in self.phases:
            if phase.starts_on < self.starts_on or phase.ends_on > self.ends_on:
                faults.append(f"phases: {phase.id} lies outside {self.starts_on} .. {self.ends_on}")
        faults.extend(
            f"{path}.name: a clause is named by its place in the plan, expected no name of its own"
            for path, clause in clauses_in(self)
            if clause.name
        )
        for what, ids in (
            ("phases", [p.id for p in self.phases]),
            ("catalogue", [r.id for r in self.catalogue]),
            ("cities", [c.code for c in self.cities]),
            ("verification.levels", [v.id for v in self.verification.levels]),
            ("reminder_days", list(self.reminder_days)),
        ):
            twice = sorted(str(i) for i, times in Counter[object](ids).items() if times > 1)
            faults.extend(f"{what}: {i} stands twice, expected once" for i in twice)
        faults.extend(county_contradictions(self.cities))
        faults.extend(county_deployment_contradictions(self.county_deployment, self.cities))
        rungs = [r.rung for r in self.ladder]
        if rungs != sorted(set(rungs)):
            faults.append(f"ladder: rungs {rungs} are not strictly rising")
        if self.sign_off is not None and any(v.id == SIGN_OFF for v in self.verification.levels):
            faults.append(f"verification.levels: {SIGN_OFF} is where departments sign, expected another id")
        if self.office.opens >= self.office.closes:
            faults.append(f"office: opens {self.office.opens} is not before closes {self.office.closes}")
        faults.extend(contradictions(self.issuing_agencies, self.ladder, self.behaviour, self.briefing))
        faults.extend(
            signing_contradictions(self.signing, self.issuing_agencies, instruments_of(self.ladder, self.behaviour))
        )
        codes = {city.code for city in self.cities}
        asked = self.verification
        faults.extend(acceptance_contradictions(asked, asked.levels, self.catalogue, codes, set(rungs)))
        faults.extend(police_contradictions(self.police_track, self.issuing_agencies, self.cities))
        faults.extend(strangers(self.targets, {city.code for city in self.cities}))
        if not _PHASED & (info.context or {}).get(LEFT_OUT, set()):
            faults.extend(f"{path}: {what}" for path, what in phase_faults(self))
        if self.survey is not None:
            faults.extend(self.survey.outside(self.starts_on, self.ends_on))
        kinds = {kind for entry in self.catalogue for kind in entry.problems}
        faults.extend(grading_contradictions(self.grading, kinds))
        phases = {phase.id for phase in self.phases}
        faults.extend(variation_contradictions(self.variations, phases, set(rungs), kinds, self.spot_check is not None))
        faults.extend(sweep_contradictions(self.sweep, self.survey is not None, self.starts_on, self.ends_on))
        faults.extend(mode_contradictions(self.modes, self.catalogue))
        faults.extend(patrol_contradictions(self.patrol, self.ends_on, self.catalogue))
        faults.extend(group_contradictions(self.joint_groups, codes, self.patrol is not None))
        levels = tuple(level.id for level in self.verification.levels)
        faults.extend(sampling_contradictions(self.spot_check, self.starts_on, self.ends_on, levels))
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def city(self, code: str) -> City:
        """The city with this code; KeyError if the plan has none."""
        for city in self.cities:
            if city.code == code:
                return city
        raise KeyError(code)


def phase_faults(plan: Plan) -> Iterator[tuple[str, str]]:
    """Path and fault of the phases, and of the clauses that count to the end of one."""
    transfers = [
        f"phases[{n}].opens: transfers needs a `police_track`"
        for n, p in enumerate(plan.phases)
        if Opened.TRANSFERS in p.opens and plan.police_track is None
    ]
    found = (
        *transfers,
        *phase_contradictions(plan.phases, plan.survey),
        *unknown_phases(deadlines_in(plan), (phase.id for phase in plan.phases)),
    )
    for fault in found:
        path, _, what = fault.partition(": ")
        yield path, what


class FrozenPlan(StoredModel):
    """A plan with its calendar resolved at the start: a new library or notice does not change it afterwards.

    `digest` is the SHA-256 of the plan's canonical JSON; a second start under the same id must have the same digest.
    """

    plan: Plan
    calendar: Calendar
    digest: str
    amendment: int = Field(default=0, exclude_if=not_)
    """The number of amendments in it."""
    amended_clauses: dict[str, int] = Field(default={}, exclude_if=not_)
    """Path of each clause that an amendment changed to the number of the last one that did."""
