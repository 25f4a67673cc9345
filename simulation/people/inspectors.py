"""Inspectors of spot checks: a team takes the list on the day after the draw, and inspects every site of it.

The crew of a site that is reopened works again when the city's document on it is issued.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from rules.terms.independence import EXPERTS
from rules.terms.phases import within
from schemas.actor import Actor, Role, unit_name
from schemas.base import as_command_id
from schemas.command import Command
from schemas.documents.document import DocumentState
from schemas.ledger import DocumentDraft
from schemas.options.patrol import LookBack, ReportFinding
from schemas.options.spot_checks import Inspectors, SpotCheckPlan
from schemas.plan import Plan
from schemas.register import Site
from schemas.site.terms import Requirement
from schemas.spot_check import Inspect, TakeSample
from schemas.streams import spot_check_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.behaviour.wording import WORDING
from simulation.people.crews import Crews
from simulation.people.group import ParticipantGroup

REOPENING = "reopening"
"""The kind of the document that notifies a city of its reopened sites."""

_MAX_ATTEMPTS = 5
"""Attempts to take a list that is not drawn yet."""

RequirementsOf = Callable[[Site], Mapping[str, Requirement]]
"""Site to its requirements by id."""
Weather = Callable[[str], Callable[[date], date]]
"""City code to a function from a planned day to the day on which work is possible."""


class SpotCheckers(ParticipantGroup):
    """Each inspection depends on check, site and seed only; the repeated work depends on what failed."""

    def __init__(
        self,
        plan: Plan,
        habits: Habits,
        hours: OfficeHours,
        draws: Draws,
        crews: Crews,
        sites: Sequence[Site],
        requirements: RequirementsOf,
        weather: Weather,
        until: datetime,
    ) -> None:
        """No action is sent from `until` on."""
        self._plan = plan
        self._checks = plan.spot_check
        self._habits = habits
        self._hours = hours
        self._draws = draws
        self._crews = crews
        self._sites = {site.id: site for site in sites} if plan.spot_check is not None else {}
        self._counties = sorted({site.county for site in self._sites.values()})
        self._requirements = requirements
        self._weather = weather
        self._until = until
        self._words = WORDING[plan.language]
        self._rounds: dict[str, int] = {}
        """Site to the round in which it was struck off."""
        self._found: dict[str, tuple[str, ...]] = {}
        """Failed site to the requirements that failed."""
        self._listed: set[tuple[str, str]] = set()
        self._sent_back_by_patrol: set[str] = set()
        """Sites that a patrol reopened: the patrol officers plan the work of their crews."""

    def on_plan_issued(self, issued_at: datetime) -> Iterable[Action]:
        """On the working day after each draw a team takes the list of each city."""
        if self._checks is None:
            return
        for day in self._checks.draws:
            for city in self._plan.cities:
                yield self._take_list(f"{day}-{city.code}", self._hours.after(day, 1), "list")

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """Inspect the sites of a taken list; after a failure take the list again, since it may be enlarged."""
        if self._checks is None:
            return
        if (
            action.step is Step.INSPECTION_LIST
            and reply.status is ReplyStatus.REFUSED
            and action.attempt < _MAX_ATTEMPTS
        ):
            yield self._take_again(action)  # the draw was not ready
        if reply.status is not ReplyStatus.ACCEPTED:
            return
        command = action.command
        if (sent_back := _sent_back_by_a_patrol(command)) is not None:
            self._sent_back_by_patrol.add(sent_back)
        elif reply.state.get("stage") == "closed":
            self._rounds[action.subject] = reply.state["round"]
        elif action.step is Step.INSPECTION_LIST:
            taken = self._hours.day_of(action.sent_at)
            for site, waiting in reply.state["pending"].items():
                if (action.subject, site) not in self._listed:
                    self._listed.add((action.subject, site))
                    yield self._inspection(self._checks, action.subject, self._sites[site], taken, waiting["enlarged"])
        elif isinstance(command, Inspect) and not command.passed:
            self._found[command.site] = command.failed_requirements
            inspected = self._hours.day_of(action.sent_at)
            yield self._take_list(action.subject, self._hours.after(inspected), f"list-after-{command.site}")

    def on_document(self, document: DocumentDraft) -> Iterable[Action]:
        """The reopening document was issued: the crews of its sites begin again."""
        if self._checks is None or document.kind != REOPENING or document.state is DocumentState.DRAFTED:
            return
        for name in sorted(set(document.sites) - self._sent_back_by_patrol):
            yield from self._work_again(self._sites[name], self._hours.day_of(document.issued_at))

    def _take_list(self, check: str, day: date, which: str) -> Action:
        at = self._hours.instant(day, Hours.PROVINCE, self._draws.share(check, which, "taken at"))
        command_id = as_command_id(f"{check}:{which}")
        take = TakeSample(command_id=command_id, actor=self._inspector(check, which), effective_at=at)
        return Action(Step.INSPECTION_LIST, self._stream(check), check, take, at, waits=True)

    def _take_again(self, refused: Action) -> Action:
        attempt = refused.attempt + 1
        day = self._hours.after(self._hours.day_of(refused.sent_at), 1)
        return replace(self._take_list(refused.subject, day, f"list-{attempt}"), attempt=attempt)

    def _inspection(self, checks: SpotCheckPlan, check: str, site: Site, taken: date, enlarged: bool) -> Action:
        about = (check, site.id)
        pace = self._draws.along(self._habits.verdict, *about, "inspection")
        day = self._hours.within(taken, checks.inspect, pace)
        at = self._hours.instant(day, Hours.RULING, self._draws.share(*about, "inspected at"))
        requirements = list(self._requirements(site))
        failed: tuple[str, ...] = ()
        if requirements and self._draws.chance(self._habits.failed, *about, "failed", enlarged):
            share = self._draws.share(*about, "failed requirements")
            failed = tuple(requirements[: 1 + int(share * len(requirements))])
        opinions = self._words.failed
        opinion = opinions[self._draws.whole(0, len(opinions) - 1, *about, "opinion")] if failed else self._words.passed
        inspect = Inspect(
            command_id=as_command_id(f"{check}:{site.id}"),
            actor=self._inspector(check, site.id, site.county),
            effective_at=at,
            site=site.id,
            passed=not failed,
            opinion=opinion,
            failed_requirements=failed,
        )
        return Action(Step.INSPECTION, self._stream(check), check, inspect, at, waits=True)

    def _work_again(self, site: Site, issued: date) -> Iterator[Action]:
        requirements = self._requirements(site)
        again = self._found.get(site.id) or tuple(requirements)
        outstanding = {name: requirements[name].quantity for name in again}
        round_ = self._rounds.get(site.id, 1) + 1
        if not outstanding:
            return
        begins = self._hours.after(issued, self._draws.whole(1, 2, site.id, round_, "begins"))
        due = min(
            self._hours.last_day(issued, within(self._plan, self._plan.clauses.re_rectification)), self._plan.ends_on
        )
        work = self._crews.work(site, requirements, outstanding, round_, begins, due, self._weather(site.city))
        yield from (report for report in work.reports if report.sent_at < self._until)

    def _inspector(self, *about: object) -> Actor:
        """One of the plan's inspectors; for a site of a county (second and third of `about`) never an officer of
        that county, or of the unit that works there."""
        assert self._checks is not None
        own = about[2] if len(about) > 2 else None
        worked = self._crews.crew(self._sites[str(about[1])]).unit if own is not None else None
        others = [county for county in self._counties if county not in (own, worked)]
        kinds = [kind for kind in self._checks.inspectors if kind is not Inspectors.OTHER_COUNTY or others]
        kind = kinds[self._draws.whole(0, len(kinds) - 1, *about, "who")]
        match kind:
            case Inspectors.PROVINCE:
                agency = unit_name(self._plan.issuing_agencies[0].name)
                return Actor(id="province-inspector", role=Role.PROVINCE, unit=agency)
            case Inspectors.OTHER_COUNTY:
                county = others[self._draws.whole(0, len(others) - 1, *about, "which county")]
                return Actor(id=unit_name(f"inspector-{county}"), role=Role.COUNTY, unit=county)
            case Inspectors.EXPERT:
                return Actor(id="expert-inspector", role=Role.EXPERT, unit=EXPERTS)

    def _stream(self, check: str) -> str:
        return spot_check_stream(self._plan.id, check)


def _sent_back_by_a_patrol(command: Command) -> str | None:
    """The site that a patrol reopens by this command; None for any other command."""
    match command:
        case ReportFinding() if command.relapse:
            return command.site
        case LookBack() if not command.held:
            return command.site
        case _:
            return None
