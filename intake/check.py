"""The `check` command: reads a plan, its register and its calendar, and returns the results as data."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.files.faults import Fault, FaultList
from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from intake.plan.freeze import freeze, redate
from intake.plan.holidays import Provisional, provisional_clauses
from intake.plan.independence_check import unjudged_faults
from intake.plan.phase_check import unmeasured_cities
from intake.plan.plan_file import read_plan
from intake.plan.target_check import unreachable_targets
from intake.register.mapping import RegisterMap, read_mapping
from intake.register.patch_file import read_batches
from intake.register.register_file import Progress, RegisterResult, read_register
from intake.register.survey_file import Rounds, read_rounds
from rules.calendar import count_working_days, days_between
from schemas.calendar import Calendar
from schemas.plan import FrozenPlan, Plan
from schemas.register import Site

_DAYS = 100


@dataclass(frozen=True, slots=True)
class CalendarSummary:
    """The days of a campaign. `day_100` is None when the campaign is shorter; `off_days` excludes ordinary weekends."""

    starts_on: date
    ends_on: date
    calendar_days: int
    working_days: int
    day_100: date | None
    off_days: tuple[date, ...]
    work_days: tuple[date, ...]
    published_until: date | None


@dataclass(frozen=True)
class CheckReport:
    """The result of a check.

    `frozen` and `summary` are None without a valid plan, `register` is None without a register to check.
    `sites_by_city` counts the valid rows, and has cities without sites too.
    """

    frozen: FrozenPlan | None
    plan_faults: tuple[Fault, ...] = ()
    mapping_faults: tuple[Fault, ...] = ()
    register: RegisterResult | None = None
    sites_by_city: tuple[tuple[str, int], ...] = ()
    summary: CalendarSummary | None = None
    provisional: tuple[Provisional, ...] = ()
    rounds: Rounds = field(default_factory=Rounds)
    """The survey rounds of the plan; they are read only if there is a register to check them against."""
    unjudged: tuple[Fault, ...] = ()
    """Levels that no unit may judge at some sites, whoever works there: the plan can not be fulfilled."""
    hard_to_judge: tuple[Fault, ...] = ()
    """Levels that no unit may judge where the register's own worker works."""
    compared: bool = False
    """Whether the ids were compared with those that are open in other campaigns; files alone do not tell."""

    milestone_faults: tuple[Fault, ...] = ()
    """Milestones of phases that the register can not measure."""

    @property
    def faults(self) -> FaultList:
        """All faults: those of the plan, the mapping, the register, the milestones and the survey rounds."""
        found = self.register.faults if self.register is not None else ()
        of_plan = (*self.plan_faults, *self.mapping_faults, *self.unjudged, *self.milestone_faults)
        return FaultList((*of_plan, *found, *self.rounds.faults))

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """Warnings do not stop a start: those of the register, of the plan's targets, of the survey rounds."""
        if self.register is None or self.frozen is None:
            return ()
        short = unreachable_targets(self.register.file, self.frozen.plan, self.register.sites)
        return (*self.register.warnings, *short, *self.hard_to_judge, *self.rounds.warnings)

    @property
    def is_empty(self) -> bool:
        """Whether there is a readable register without any row."""
        return self.register is not None and self.register.readable and self.register.rows == 0

    @property
    def may_skip_bad(self) -> bool:
        """Whether all faults lie in single rows, so that a start may leave these rows out."""
        register = self.register
        of_plan = (*self.plan_faults, *self.mapping_faults, *self.unjudged, *self.milestone_faults)
        others = (*of_plan, *self.rounds.faults)
        return not others and register is not None and register.readable


def summarise(plan: Plan, calendar: Calendar) -> CalendarSummary:
    """Counts the campaign's days; both ends are included."""
    days = list(days_between(plan.starts_on, plan.ends_on))
    return CalendarSummary(
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        calendar_days=len(days),
        working_days=count_working_days(calendar, plan.starts_on, plan.ends_on),
        day_100=plan.starts_on + timedelta(days=_DAYS - 1) if len(days) >= _DAYS else None,
        off_days=tuple(day for day in days if day in calendar.off_days),
        work_days=tuple(day for day in days if day in calendar.work_days),
        published_until=calendar.published_until,
    )


def check(
    plan_path: Path,
    register_path: Path | None = None,
    map_path: Path | None = None,
    progress: Progress | None = None,
    starts_on: Callable[[ZoneInfo], date] | None = None,
    place: TablePlace = ANYWHERE,
) -> CheckReport:
    """Reads and checks all files; writes nothing. `starts_on` moves the plan first (`freeze.redate`), to a day of its
    time zone.

    A register is checked only against a valid plan and mapping; `place` says where its table is. Raises NotFound
    when a file does not exist.
    """
    plan, plan_faults = read_plan(plan_path)
    mapping: RegisterMap | None = None
    mapping_faults: list[Fault] = []
    if map_path is not None:
        mapping, mapping_faults = read_mapping(map_path)
    if plan is None:
        return CheckReport(None, tuple(plan_faults), tuple(mapping_faults))
    if starts_on is not None:
        plan = redate(plan, starts_on(plan.zone))
    frozen = freeze(plan)
    register: RegisterResult | None = None
    if register_path is not None and not mapping_faults:
        register = read_register(register_path, plan, mapping, progress, place=place)
    unmeasured = unmeasured_cities(register.file, plan, register.sites) if register is not None else ()
    by_city = Counter(site.city for site in register.sites) if register is not None else Counter()
    unjudged, hard_to_judge = unjudged_faults(plan_path.name, plan, register.sites if register is not None else ())
    return CheckReport(
        frozen=frozen,
        unjudged=unjudged,
        hard_to_judge=hard_to_judge,
        mapping_faults=tuple(mapping_faults),
        register=register,
        sites_by_city=tuple((city.code, by_city[city.code]) for city in plan.cities) if register is not None else (),
        summary=summarise(plan, frozen.calendar),
        provisional=tuple(provisional_clauses(plan, frozen.calendar)),
        milestone_faults=tuple(unmeasured),
        rounds=_rounds(plan, plan_path, register.sites) if register is not None else Rounds(),
    )


def _rounds(plan: Plan, plan_file: Path, register: Sequence[Site]) -> Rounds:
    """The survey rounds, then the batches of the sweep, which may show what the rounds have found."""
    rounds = read_rounds(plan, plan_file, register)
    standing = (*register, *(site for one in rounds.planned for site in one.survey.sites))
    batches = read_batches(plan, plan_file, standing)
    return Rounds(rounds.planned + batches.planned, rounds.faults + batches.faults, rounds.warnings + batches.warnings)
