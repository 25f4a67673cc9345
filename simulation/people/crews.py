"""Crews: they work at a site and report in parts, some of them late, twice, or without evidence.

A crew sends its reports in the order of the work; without a network all of them are delayed. It waits for the reply to
the last report only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from rules.calendar import clause_end
from rules.terms.independence import judges_of, worker_of
from rules.terms.units import units_of_site
from schemas.actor import Actor, Role, Units, unit_name
from schemas.evidence import Evidence, EvidencePhase
from schemas.plan import Plan
from schemas.register import Site
from schemas.site.commands import CompleteTask
from schemas.site.terms import Requirement
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.behaviour.wording import WORDING

_MAX_ATTEMPTS = 5
"""Attempts to report what is missing."""
_MINUTE = timedelta(minutes=1)
_TYPING = timedelta(minutes=15)
"""From the work to its report, if there is a network."""
_MARGIN = timedelta(hours=6)
"""Time from the latest delayed report to the end of the late-report clause, so that its event time counts."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a requirement that one report covers; `place` is its position in the round, from 0 to 1."""

    place: float
    requirement: Requirement
    number: int
    quantity: Decimal
    last: bool


@dataclass(frozen=True, slots=True)
class Round:
    """A crew's plan for one round: its reports, and the day on which the work is planned to be complete."""

    reports: tuple[Action, ...]
    ready_on: date


class Crews:
    """Every report depends on site, round and the seed only."""

    def __init__(self, plan: Plan, habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._habits = habits
        self._hours = hours
        self._draws = draws
        self._words = WORDING[plan.language]
        self._by_problem = plan.verification.closure is not None
        self._units: dict[tuple[object, ...], Units] = {}
        self._actors: dict[str, Actor] = {}

    def work(
        self,
        site: Site,
        requirements: Mapping[str, Requirement],
        outstanding: Mapping[str, Decimal],
        round_: int,
        begins: date,
        due: date,
        weather: Callable[[date], date],
    ) -> Round:
        """A round of work on the outstanding quantities, from `begins` on, for a deadline on `due`.

        `weather` maps a day on which no work is possible to the next day on which it is.
        """
        draws, about = self._draws, (site.id, round_)
        span = max(1.0, (due - begins).days * draws.along(self._habits.work, *about, "work"))
        parts = sorted(
            (
                part
                for name, left in outstanding.items()
                for part in self._parts(site, round_, requirements[name], left)
            ),
            key=lambda part: (part.place, part.requirement.id, part.number),
        )
        whole = max((part.place for part in parts), default=1.0)
        finishing = {problem: part for part in parts for problem in part.requirement.problems}.values()
        abandoned = draws.chance(self._habits.abandoned, *about, "abandoned")
        forgotten = None
        if parts and draws.chance(self._habits.forgotten, *about, "forgotten"):
            forgotten = parts[draws.whole(0, len(parts) - 1, *about, "forgotten which")].requirement.id
        reports: list[Action] = []
        again: list[Action] = []
        for part in parts:
            if abandoned and part.place > whole / 2:
                break  # no report waits for its reply, so nothing follows
            day = weather(self._hours.on_or_after(begins + timedelta(days=int(span * part.place / whole))))
            before = reports[-1] if reports else None
            forgets = part.requirement.id == forgotten
            report = self._report(site, round_, part, day, before, waits=part is parts[-1], forgets=forgets)
            if self._by_problem and part in finishing:  # the answer says which problems are done
                report = replace(report, waits=True)
            reports.append(report)
            if draws.chance(self._habits.twice, *about, part.requirement.id, part.number, "twice"):
                again.append(self._once_more(report))
        return Round((*reports, *again), begins + timedelta(days=round(span)))

    def on_missing(
        self,
        site: Site,
        requirements: Mapping[str, Requirement],
        outstanding: Mapping[str, Decimal],
        last: Action,
        round_: int,
        weather: Callable[[date], date],
    ) -> tuple[Action, ...]:
        """The last report did not complete the site: report what is missing some days later."""
        if last.attempt >= _MAX_ATTEMPTS:
            return ()
        attempt = last.attempt + 1
        days = self._draws.whole(1, 3, site.id, round_, attempt, "supplement")
        day = weather(self._hours.after(self._hours.day_of(last.sent_at), days))
        at = self._hours.instant(day, Hours.CREW, 0.5 * self._draws.share(site.id, round_, attempt, "supplement at"))
        reports = []
        for place, (name, left) in enumerate(sorted(outstanding.items())):
            at += _MINUTE
            called = f"{round_}:{name}:again-{attempt}"
            evidence, words = requirements[name].evidence, self._words.forgotten
            command = self._command(site, requirements[name], called, left, at, evidence, words)
            waits = place == len(outstanding) - 1
            reports.append(self._action(site, command, at + _TYPING, round_, attempt, waits=waits))
        return tuple(reports)

    # -- one report ------------------------------------------------------------------------------------------------

    def _parts(self, site: Site, round_: int, requirement: Requirement, left: Decimal) -> list[_Part]:
        """One to three parts whose quantities add up to `left`."""
        about = (site.id, round_, requirement.id)
        ready = 0.3 + 0.7 * self._draws.share(*about, "ready")
        count = self._draws.whole(1, 3, *about, "parts") if left > 1 else 1
        quantities = _split(left, count)
        count = len(quantities)
        return [
            _Part(ready * (number + 1) / count, requirement, number, quantity, number + 1 == count)
            for number, quantity in enumerate(quantities)
        ]

    def _report(
        self, site: Site, round_: int, part: _Part, day: date, before: Action | None, *, waits: bool, forgets: bool
    ) -> Action:
        about = (site.id, round_, part.requirement.id, part.number)
        at = self._hours.instant(day, Hours.CREW, self._draws.share(*about, "report at"))
        if before is not None:  # in the order of the work, and never at the same moment
            at = max(at, before.command.effective_at + _MINUTE)
        sent_at = at + _TYPING
        if self._draws.chance(self._habits.offline, *about, "offline"):
            sent_at = self._back_online(at, self._draws.whole(1, 2, *about, "offline days"))
        if before is not None:
            sent_at = max(sent_at, before.sent_at + _MINUTE)
        evidence = self._evidence(part)
        if (
            forgets
            and part.last
            and part.quantity
            and not (part.requirement.in_order and evidence[-1:] != (EvidencePhase.AFTER,))
        ):
            evidence = evidence[:-1]
        name = f"{round_}:{part.requirement.id}:{part.number}"
        command = self._command(site, part.requirement, name, part.quantity, at, evidence)
        return self._action(site, command, sent_at, round_, 1, waits=waits)

    def _evidence(self, part: _Part) -> tuple[EvidencePhase, ...]:
        """The first report of a requirement has the evidence of before the work, the last one the other phases."""
        wanted = part.requirement.evidence
        early = tuple(phase for phase in wanted if phase is EvidencePhase.BEFORE) if part.number == 0 else ()
        late = tuple(phase for phase in wanted if phase is not EvidencePhase.BEFORE) if part.last else ()
        return early + late

    def _back_online(self, at: datetime, days: int) -> datetime:
        """When the crew has a network again: at most `days` later, and within the plan's late-report clause."""
        until = clause_end(self._hours.calendar, at, self._plan.clauses.late_report) - _MARGIN
        day = self._hours.day_of(at)
        for later in range(days, 0, -1):
            back = self._hours.instant(self._hours.on_or_after(day + timedelta(days=later)), Hours.CREW, 0.0)
            if back <= until:
                return back
        return at + _TYPING

    def _once_more(self, report: Action) -> Action:
        """The same command again on the next working day, a duplicate."""
        day = self._hours.after(self._hours.day_of(report.sent_at))
        sent_at = self._hours.instant(day, Hours.CREW, self._draws.share(report.command.command_id, "once more"))
        return replace(report, step=Step.REPORT, sent_at=sent_at, waits=False)

    def _command(
        self,
        site: Site,
        requirement: Requirement,
        name: str,
        quantity: Decimal,
        at: datetime,
        evidence: tuple[EvidencePhase, ...],
        note: str | None = None,
    ) -> CompleteTask:
        return CompleteTask(
            command_id=f"{site.id}:{name}",
            actor=self.crew(site),
            effective_at=at,
            requirement=requirement.id,
            quantity=quantity,
            evidence=tuple(Evidence(phase=phase, ref=f"{site.id}/{name}-{phase}.jpg"[:500]) for phase in evidence),
            note=note,
        )

    def crew(self, site: Site) -> Actor:
        """Who works at a site: its enterprise or responsible office, if every level then has another unit to judge it.

        Else a building enterprise that the register does not name.
        """
        crew = self._actors.get(site.id)
        if crew is None:
            units, unit = self.units(site), worker_of(site)
            if unit is None or not all(judges_of(self._plan, units, (unit_name(unit),)).values()):
                unit = site.enterprise or f"{site.county}{self._words.builders}"
            unit = unit_name(unit)
            role = next((role for role, names in self._offices(units) if unit in names), Role.ENTERPRISE)
            if site.enterprise is not None:
                role = Role.ENTERPRISE
            crew = self._actors[site.id] = Actor(id=unit_name(f"crew-{site.id}"), role=role, unit=unit)
        return crew

    def hand_over(self, site: Site, crew: Actor) -> None:
        """From now on this crew works at the site."""
        self._actors[site.id] = crew

    def units(self, site: Site) -> Units:
        """The units of a site, by the plan and the register."""
        alike = (site.city, site.county, site.township, site.enterprise, site.departments, site.problems)
        if alike not in self._units:
            self._units[alike] = units_of_site(self._plan, site)
        return self._units[alike]

    @staticmethod
    def _offices(units: Units) -> tuple[tuple[Role, tuple[str, ...]], ...]:
        return ((Role.TOWNSHIP, units.township), (Role.COUNTY, units.county), (Role.CITY, units.city))

    def _action(
        self, site: Site, command: CompleteTask, sent_at: datetime, round_: int, attempt: int, *, waits: bool
    ) -> Action:
        step = Step.LAST_REPORT if waits else Step.REPORT
        stream = site_stream(self._plan.id, site.id)
        return Action(step, stream, site.id, command, sent_at, waits=waits, round=round_, attempt=attempt)


def _split(quantity: Decimal, count: int) -> list[Decimal]:
    """Parts that add up to the quantity: whole ones of a whole quantity."""
    part = quantity // count if quantity == int(quantity) else round(quantity / count, 3)
    if part == 0:
        return [quantity]
    return [part] * (count - 1) + [quantity - part * (count - 1)]
