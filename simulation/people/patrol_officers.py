"""Patrol officers: they perform a city's periodic duties, some late or never, inspect closed sites, and find relapses.

A patrol begins with the first closure document of its city. A finding reopens the site, and its crew begins again.
After the end of the campaign only the patrols, these crews and their verifiers still act.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.calendar import clause_end, last_day_of
from rules.look_backs import LookBackPeriod, look_back_periods
from rules.terms.options import patrol_until
from rules.terms.phases import within
from schemas.actor import Actor, Role, unit_name
from schemas.base import as_command_id
from schemas.command import Command
from schemas.ledger import DocumentDraft
from schemas.options.patrol import Duty, LookBack, PatrolDuty, PerformDuty, ReportFinding
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.site.terms import Requirement
from schemas.streams import city_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Curve, Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Temperament
from simulation.people.crews import Crews
from simulation.people.group import ParticipantGroup
from simulation.people.joint_group import SUSPECTED, JointGroups

_QUIET_BEFORE_END = timedelta(hours=2)
"""No action is sent in this last interval of the patrol."""
_MARGIN = timedelta(hours=6)
"""Time from the latest delayed report to the end of the late-report clause, so that its event time counts."""
_OWN = frozenset(
    {
        Step.DUTY,
        Step.FINDING,
        Step.LOOK_BACK,
        Step.MEETING,
        Step.RESOLUTION,
        Step.REFERRAL,
        Step.CASE_RECEIPT,
    }
)


@dataclass(frozen=True, slots=True)
class _Diligence:
    """Assumptions, not measurements (simulation.behaviour.temperament)."""

    missed: float
    """Share of periods whose duty is not performed."""
    reported_late: float
    """Share of performed duties that are reported on a later day."""
    relapse: float
    """Share of struck-off sites that relapse; each further round halves it."""
    look_back: Curve
    """When a look-back is made, as a share of its clause."""
    fails: float
    """Share of look-backs that fail."""


_DILIGENCE = {
    Temperament.DILIGENT: _Diligence(0.0, 0.1, 0.03, ((0, 0.3), (1, 0.9)), 0.03),
    Temperament.TYPICAL: _Diligence(0.12, 0.2, 0.1, ((0, 0.4), (0.85, 1.0), (1, 1.6)), 0.1),
    Temperament.SLACK: _Diligence(0.35, 0.3, 0.2, ((0, 0.6), (0.6, 1.0), (1, 2.5)), 0.2),
}
_NOTES = {
    "zh-CN": (
        "按计划开展，记录存档（示例）",
        "巡查发现：已销号点位出现反弹（示例）",
        "回头看不合格，须重新整改（示例）",
    ),
    "en": ("done as planned, on file", "the patrol found a relapse", "it did not hold and is to be done again"),
}


class PatrolOfficers(ParticipantGroup):
    """Each action depends on the city, the site, its round and the seed only."""

    def __init__(
        self,
        frozen: FrozenPlan,
        sites: Iterable[Site],
        temperament: Temperament,
        hours: OfficeHours,
        draws: Draws,
        crews: Crews,
        requirements: Callable[[Site], Mapping[str, Requirement]],
        weather: Callable[[str], Callable[[date], date]],
        groups: JointGroups,
    ) -> None:
        self._plan = frozen.plan
        self._ends_at = patrol_until(frozen)
        self._until = None if self._ends_at is None else self._ends_at - _QUIET_BEFORE_END
        self._sites = {site.id: site for site in sites}
        self._diligence = _DILIGENCE[temperament]
        self._hours = hours
        self._draws = draws
        self._crews = crews
        self._requirements = requirements
        self._weather = weather
        self._groups = groups
        self._notes = _NOTES[frozen.plan.language]
        self._patrolling: set[str] = set()
        self._first_round_again: dict[str, int] = {}
        """Site to the first round after a patrol reopened it."""

    def outlasts_campaign(self, action: Action) -> bool:
        """Whether an action is sent after the campaign's end: it is a patrol's, or follows from its finding."""
        if self._until is None or action.sent_at >= self._until:
            return False
        return action.step in _OWN or action.round >= self._first_round_again.get(action.subject, action.round + 1)

    def on_document(self, document: DocumentDraft) -> Iterable[Action]:
        """The first closure document of a city begins its patrol."""
        if self._plan.patrol is None or document.kind != "closure" or document.city in self._patrolling:
            return
        self._patrolling.add(document.city)
        for duty in self._plan.patrol.duties:
            yield from self._duties(document.city, duty, document.issued_at)

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """Plan relapse and look-backs of a struck-off site; after a finding its crew begins again."""
        if self._plan.patrol is None or reply.status is not ReplyStatus.ACCEPTED:
            return
        command = action.command
        if reply.state.get("stage") == "closed" and action.subject in self._sites:
            yield from self._after_closure(self._sites[action.subject], action, int(reply.state["round"]))
        elif isinstance(command, ReportFinding) and command.site is not None:
            yield from self._begin_again(self._sites[command.site], action, command.failed_requirements)
        elif isinstance(command, LookBack) and not command.held:
            yield from self._begin_again(self._sites[command.site], action, (command.requirement,))

    # -- duties ----------------------------------------------------------------------------------------------------

    def _duties(self, city: str, duty: PatrolDuty, began_at: datetime) -> Iterator[Action]:
        assert self._until is not None
        calendar, since, number = self._hours.calendar, self._hours.day_of(began_at), 0
        while since <= self._hours.day_of(self._until):
            number += 1
            about = (city, duty.duty, number)
            day = self._hours.after(since, self._draws.whole(1, duty.every.amount, *about, "day"))
            if not self._draws.chance(self._diligence.missed, *about, "missed"):
                at = self._hours.instant(day, Hours.CITY, self._draws.share(*about, "at"))
                if at < self._until:
                    yield self._performed(city, duty.duty, number, at)
            since = last_day_of(calendar, clause_end(calendar, _noon(self._hours, since), duty.every))

    def _performed(self, city: str, duty: Duty, number: int, at: datetime) -> Action:
        sent_at = self._sent_at(at, city, duty, number)
        if duty is Duty.JOINT_MEETING and self._groups.leads(city):
            return self._to_city(Step.MEETING, city, self._groups.meeting(city, number, at), sent_at)
        perform = PerformDuty(
            command_id=f"{city}:{duty}:{number}",
            actor=Actor(id=f"patrol-{city}", role=Role.CITY, unit=city),
            effective_at=at,
            duty=duty,
            note=self._notes[0],
        )
        return self._to_city(Step.DUTY, city, perform, sent_at)

    def _sent_at(self, at: datetime, *about: object) -> datetime:
        """When a duty is reported: at once, or on the next working day if that is within the late-report clause."""
        if not self._draws.chance(self._diligence.reported_late, *about, "late"):
            return at
        later = self._hours.after(self._hours.day_of(at))
        sent_at = self._hours.instant(later, Hours.CITY, self._draws.share(*about, "sent"))
        until = clause_end(self._hours.calendar, at, self._plan.clauses.late_report) - _MARGIN
        return sent_at if sent_at < until else at

    # -- sites -----------------------------------------------------------------------------------------------------

    def _after_closure(self, site: Site, action: Action, round_: int) -> Iterator[Action]:
        closed_on = self._hours.day_of(action.sent_at)
        requirements = self._requirements(site)
        if self._draws.chance(self._diligence.relapse / 2 ** (round_ - 1), site.id, round_, "relapse"):
            day = self._hours.after(closed_on, self._draws.whole(2, 8, site.id, round_, "relapse after"))
            named = [name for name in requirements if self._draws.chance(0.4, site.id, round_, name, "comes back")]
            finding = ReportFinding(
                command_id=f"{site.id}:{round_}:finding",
                actor=Actor(id=unit_name(f"patrol-{site.county}"), role=Role.COUNTY, unit=site.county),
                effective_at=self._at(day, site.id, round_, "finding at"),
                site=site.id,
                what=self._notes[1],
                relapse=True,
                failed_requirements=tuple(name.partition(":")[0] for name in named),
                suspected=self._groups.leads(site.city) and self._draws.chance(SUSPECTED, site.id, round_, "offence"),
            )
            yield self._to_city(Step.FINDING, site.city, finding, finding.effective_at, round_)
        for name, requirement in requirements.items():
            periods = look_back_periods(self._hours.calendar, requirement, action.sent_at, self._ends_at)
            for number, period in enumerate(periods):
                yield self._look_back(site, period, (site.id, round_, name, number), round_)

    def _look_back(self, site: Site, period: LookBackPeriod, about: tuple[object, ...], round_: int) -> Action:
        share = self._draws.along(self._diligence.look_back, *about, "look-back")
        day = self._hours.within(period.since, period.clause, share)
        held = not self._draws.chance(self._diligence.fails / 2 ** (round_ - 1), *about, "holds")
        look_back = LookBack(
            command_id=as_command_id(f"{':'.join(map(str, about))}:look-back"),
            actor=self._inspector(site),
            effective_at=self._at(day, *about, "look-back at"),
            site=site.id,
            requirement=period.requirement,
            held=held,
            opinion=None if held else self._notes[2],
        )
        return self._to_city(Step.LOOK_BACK, site.city, look_back, look_back.effective_at, round_)

    def _inspector(self, site: Site) -> Actor:
        """An officer of the county, or of the city where the county works: never of the unit that works at the site."""
        units, worker = self._crews.units(site), self._crews.crew(site).unit
        able = [(Role.COUNTY, unit) for unit in units.county] + [(Role.CITY, unit) for unit in units.city]
        role, unit = next(((r, u) for r, u in able if not units.one_office(u, worker)), able[0])
        return Actor(id=unit_name(f"patrol-{site.county}"), role=role, unit=unit)

    def _begin_again(self, site: Site, action: Action, failed: tuple[str, ...]) -> Iterator[Action]:
        """The crew begins one or two working days after the finding."""
        requirements, round_ = self._requirements(site), action.round + 1
        if site.id in self._first_round_again and self._first_round_again[site.id] >= round_:
            return  # a second finding: the crew works on it already
        self._first_round_again[site.id] = round_
        again = [name for name in requirements if not failed or name in failed or name.partition(":")[0] in failed]
        found_on = self._hours.day_of(action.sent_at)
        begins = self._hours.after(found_on, self._draws.whole(1, 2, site.id, round_, "begins"))
        clause = within(self._plan, self._plan.clauses.re_rectification)
        if self._plan.patrol is not None and self._plan.patrol.relapse is not None:
            clause = self._plan.patrol.relapse
        outstanding = {name: requirements[name].quantity for name in again}
        due = self._hours.last_day(found_on, clause)
        weather = self._weather(site.city)
        yield from self._crews.work(site, requirements, outstanding, round_, begins, due, weather).reports

    def _at(self, day: date, *about: object) -> datetime:
        return self._hours.instant(day, Hours.CITY, self._draws.share(*about))

    def _to_city(self, step: Step, city: str, command: Command, sent_at: datetime, round_: int = 1) -> Action:
        return Action(step, city_stream(self._plan.id, city), city, command, sent_at, waits=True, round=round_)


def _noon(hours: OfficeHours, day: date) -> datetime:
    return hours.instant(day, Hours.CITY, 0.0)
