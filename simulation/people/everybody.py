"""All simulated people of a campaign: their actions on the issue of the plan, on replies and on documents.

People know public facts (plan, register, approvals, documents, floods) and the replies to their own commands. They use
no clock and no I/O: an action follows from these facts and from the seed.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from rules.calendar import last_day_of
from rules.terms.plan import ends_at, opening_clause, requirements_of
from schemas import commands as cmd
from schemas.ledger import DocumentDraft
from schemas.options.police import POLICE_TRACK
from schemas.options.sign_off import SIGN_OFF
from schemas.options.surveys import PlannedSurvey
from schemas.plan import FrozenPlan
from schemas.quantity import exact
from schemas.register import Problem, Site
from schemas.site.terms import Requirement
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import OfficeHours
from simulation.behaviour.temperament import HABITS, Temperament
from simulation.people.bookkeepers import Bookkeepers
from simulation.people.builders import TroubledBuilders
from simulation.people.county_offices import CountyOffices
from simulation.people.crews import Crews
from simulation.people.departments import Departments
from simulation.people.document_handlers import DocumentHandlers
from simulation.people.experts import Experts
from simulation.people.extension_requesters import ExtensionRequesters
from simulation.people.graders import Graders
from simulation.people.group import ParticipantGroup
from simulation.people.inspectors import SpotCheckers
from simulation.people.joint_group import JointGroups
from simulation.people.mode_setters import ModeSetters, again
from simulation.people.offices import Flood, Offices, flood_in
from simulation.people.patrol_officers import PatrolOfficers
from simulation.people.police import Police
from simulation.people.problem_closers import ProblemClosers
from simulation.people.register import Register
from simulation.people.responsible import Charged
from simulation.people.signers import Signers
from simulation.people.surveyors import Surveyors
from simulation.people.sweepers import Sweepers
from simulation.people.verifiers import Verifiers

_QUIET_BEFORE_END = timedelta(hours=2)
"""No action is sent in this last interval of the campaign."""


class People:
    """The simulated people of one campaign."""

    def __init__(
        self,
        frozen: FrozenPlan,
        sites: Sequence[Site],
        temperament: Temperament,
        seed: int,
        surveys: Sequence[PlannedSurvey] = (),
    ) -> None:
        plan, habits = frozen.plan, HABITS[temperament]
        register, sites = sites, Register.all_sites(sites, surveys)
        self._frozen = frozen
        self._plan = plan
        self._habits = habits
        self._draws = draws = Draws(seed)
        self._hours = hours = OfficeHours(frozen.calendar)
        self._until = ends_at(frozen) - _QUIET_BEFORE_END
        self._offices = Offices(plan, habits, hours, draws)
        self._document_handlers = DocumentHandlers(plan, habits, hours, draws)
        self._crews = Crews(plan, habits, hours, draws)
        self._by_problem = plan.verification.closure is not None
        self._verifiers = Verifiers(plan, habits, hours, draws, self._crews)
        self._surveyors = Surveyors(plan, surveys, hours, draws)
        self._extension_requesters = ExtensionRequesters(plan, sites, habits, hours, draws)
        self._mode_setters = ModeSetters(plan, sites, habits, hours, draws)
        self._issued = False
        self._due: dict[str, date] = {}
        """Opened site to its first deadline."""
        joint_groups = JointGroups(plan, temperament, hours, draws)
        self._done_meanwhile: dict[str, tuple[Action, Reply]] = {}
        """Site that was done while it stood still to its last report."""
        self._troubled = TroubledBuilders(plan, sites, habits, hours, draws)
        self._patrol_officers = PatrolOfficers(
            frozen, sites, temperament, hours, draws, self._crews, self._requirements, self._weather, joint_groups
        )
        self._county_offices = CountyOffices(plan, sites, habits, hours, draws)
        self._groups: tuple[ParticipantGroup, ...] = (
            self._county_offices,
            self._mode_setters,
            Bookkeepers(plan, sites, hours, draws),
            self._patrol_officers,
            joint_groups,
            self._extension_requesters,
            Charged(plan, sites, habits, hours, draws),
            self._troubled,
            Graders(plan, sites, habits, hours, draws),
            Police(plan, sites, habits, hours, draws),
            self._surveyors,
            Sweepers(plan, register, surveys, habits, hours, draws),
            Signers(plan, habits, hours, draws),
            Departments(plan, sites, habits, hours, draws),
            Experts(plan, sites, habits, hours, draws, self._verifiers),
            ProblemClosers(plan, sites, habits, hours, draws, self._verifiers),
            SpotCheckers(
                plan, habits, hours, draws, self._crews, sites, self._requirements, self._weather, self._until
            ),
        )
        self._floods: dict[str, Flood | None] = {
            city.code: flood_in(city.code, plan, habits, hours, draws) for city in plan.cities
        }
        self._catalogue: dict[tuple[str, tuple[Problem, ...]], dict[str, Requirement]] = {}
        """Type and problems of a site to its requirements."""
        self._sites = {site.id: site for site in sites}
        self._sites_of: dict[str, list[Site]] = {city.code: [] for city in plan.cities}
        for site in register:
            self._sites_of[site.city].append(site)

    def on_plan_issued(self, issued_at: datetime) -> list[Action]:
        """The actions that follow from the issue of the plan."""
        cities = (action for city in self._plan.cities for action in self._offices.on_plan(city, issued_at))
        others = (action for group in self._groups for action in group.on_plan_issued(issued_at))
        return self._in_time(itertools.chain(cities, others))

    def on_reply(self, action: Action, reply: Reply) -> list[Action]:
        """The actions that follow from the reply to an update."""
        others = (following for group in self._groups for following in group.on_reply(action, reply))
        return self._in_time(itertools.chain(self._after_reply(action, reply), others))

    def on_document(self, document: DocumentDraft) -> list[Action]:
        """The actions on a document that was submitted or issued, also after the end of the campaign.

        With the first copy of the plan all of them know that it is issued.
        """
        if document.kind == "plan_issue" and not self._issued:
            self._issued = True
            return self.on_plan_issued(document.issued_at)
        others = (action for group in self._groups for action in group.on_document(document))
        return [*self._document_handlers.on_document(document), *others]

    def _in_time(self, actions: Iterable[Action]) -> list[Action]:
        outlasts = self._patrol_officers.outlasts_campaign
        return [action for action in actions if action.sent_at < self._until or outlasts(action)]

    def _after_reply(self, action: Action, reply: Reply) -> Iterator[Action]:
        accepted = reply.status is ReplyStatus.ACCEPTED
        match action.step:
            case Step.SUBMISSION if accepted:
                yield self._offices.on_submission(action)
            case Step.DECISION if accepted:
                if isinstance(action.command, cmd.ReturnDeployment):
                    yield self._offices.on_return(action)
                else:
                    city, approved_at = action.subject, action.command.effective_at
                    waiting = [*self._sites_of[city], *self._surveyors.opened_with(city, reply)]
                    opened = self._county_offices.opened_with_city(waiting, reply.state)
                    yield from self._open(city, approved_at, opened)
                    yield from self._flood_order(city, approved_at)
            case Step.COUNTY_DECISION if accepted:
                city = action.subject
                waiting = [*self._sites_of[city], *self._surveyors.opened_with(city, reply)]
                opened = self._county_offices.opened_with_county(action, waiting, reply.state)
                yield from self._open(city, action.command.effective_at, opened)
            case Step.SURVEY if accepted:
                found = self._surveyors.opened_by(action, reply)
                if found is not None:
                    opened_at, sites = found
                    opened = self._county_offices.opened_with_city(sites, reply.state)
                    yield from self._open(action.subject, opened_at, opened)
            case Step.LAST_REPORT if accepted:
                yield from self._after_the_last_report(action, reply)
            case Step.VERDICT | Step.SIGN_OFF if accepted:
                yield from self._after_a_verdict(action, reply)
            case Step.MODE | Step.MODE_DECISION if accepted and self._mode_setters.settled(action, reply):
                yield from self._work_under_modes(action, reply)
            case Step.VERDICT if reply.status is ReplyStatus.REFUSED:
                site = self._sites[action.subject]
                again = self._verifiers.on_refusal(site, list(self._requirements(site)), action)
                if again is not None:
                    yield again
            case Step.SUSPENSION if accepted:
                flood = self._floods[action.subject]
                assert flood is not None  # only a flood suspends sites
                yield self._offices.resumption(action.subject, flood.dry)
            case Step.RESUMPTION if accepted:
                yield from self._after_the_flood(action)
            case Step.ENTERPRISE_DECISION | Step.WORKS_TAKEN_OVER if accepted:
                yield from self._work_of_the_successor(action, reply)
            case _:
                pass

    # -- a site ----------------------------------------------------------------------------------------------------

    def _open(self, city: str, approved_at: datetime, sites: Sequence[Site]) -> Iterator[Action]:
        """Sites opened, since their city's deployment was approved: crews begin one to three working days later."""
        approved = self._hours.day_of(approved_at)
        for site in sites:
            clause = opening_clause(self._frozen, approved_at, site)
            due = min(self._hours.last_day(approved, clause), self._plan.ends_on)
            for group in self._groups:
                yield from group.on_opened(site, approved_at)
            self._due[site.id] = due
            if self._mode_setters.waits(site):
                yield from self._mode_setters.first(site, approved)
                continue
            requirements = self._requirements(site)
            if not requirements:
                continue
            begins = self._hours.after(approved, self._draws.whole(1, 3, site.id, "begins"))
            outstanding = {name: requirement.quantity for name, requirement in requirements.items()}
            work = self._crews.work(site, requirements, outstanding, 1, begins, due, self._weather(city))
            yield from self._mode_setters.interrupted(site, begins, due, work.reports)
            if work.ready_on > due and self._draws.chance(self._habits.extended, site.id, "extended"):
                extend = self._extension if self._plan.extension is None else self._requested_extension
                yield from extend(site, begins, due, work.ready_on)

    def _flood_order(self, city: str, approved_at: datetime) -> Iterator[Action]:
        """One order suspends all sites of a flooded city."""
        flood, approved = self._floods[city], self._hours.day_of(approved_at)
        suspends = flood is not None and self._draws.chance(self._habits.suspended, city, "suspended")
        if suspends and flood is not None and flood.first > self._hours.after(approved, 2):
            yield self._offices.suspension(city, flood.first)

    def _after_the_flood(self, resumption: Action) -> Iterator[Action]:
        """What was done while the city's sites stood still is asked to be verified now."""
        first = self._plan.verification.levels[0].id
        for site, (report, reply) in sorted(self._done_meanwhile.items()):
            if self._sites[site].city == resumption.subject:
                del self._done_meanwhile[site]
                state = {**reply.state, "stage": "verifying", "level": first}
                late = replace(report, sent_at=resumption.sent_at)
                yield from self._after_the_last_report(late, Reply(reply.status, state))

    def _work_of_the_successor(self, change: Action, reply: Reply) -> Iterator[Action]:
        """Another crew does what is left, by the unchanged deadline; of the old one's reports none counts any more."""
        site, state = self._sites[change.subject], reply.state
        self._crews.hand_over(site, self._troubled.successor(site))
        if state["stage"] != "rectifying" or not (left := _outstanding(state)):
            return
        begins = self._hours.after(self._hours.day_of(change.sent_at), 1)
        due, weather = self._due[site.id], self._weather(site.city)
        work = self._crews.work(site, self._requirements(site), left, state["round"], begins, due, weather)
        yield from (again(report, "successor") for report in work.reports)

    def _extension(self, site: Site, begins: date, due: date, ready_on: date) -> Iterator[Action]:
        """An extension, granted some days before the deadline, until some days after the planned end of the work."""
        day = self._hours.on_or_after(due - timedelta(days=self._draws.whole(4, 9, site.id, "extended before")))
        until = min(ready_on + timedelta(days=5), self._plan.ends_on)
        if begins < day <= due < until:
            yield self._offices.extension(site, day, until)

    def _requested_extension(self, site: Site, begins: date, due: date, ready_on: date) -> Iterator[Action]:
        """The same, where the plan takes requests for extensions."""
        until = min(ready_on + timedelta(days=5), self._plan.ends_on)
        yield from self._extension_requesters.request(site, begins, due, until)

    def _after_the_last_report(self, report: Action, reply: Reply) -> Iterator[Action]:
        site, state = self._sites[report.subject], reply.state
        requirements = self._requirements(site)
        if state["stage"] == "verifying" and state["level"] is not None:
            asked_on = self._hours.day_of(report.sent_at)
            yield self._verification(site, state, asked_on)
        elif state["stage"] == "rectifying":
            left, weather = _outstanding(state), self._weather(site.city)
            if not left:  # all is done while the site is suspended: it is verified after the resumption
                self._done_meanwhile[site.id] = (report, reply)
            yield from self._crews.on_missing(site, requirements, left, report, state["round"], weather)

    def _after_a_verdict(self, verdict: Action, reply: Reply) -> Iterator[Action]:
        site, state = self._sites[verdict.subject], reply.state
        requirements, day = self._requirements(site), self._hours.day_of(verdict.sent_at)
        if state["level"] in (SIGN_OFF, POLICE_TRACK):  # these act in groups of their own
            return
        if state["stage"] == "verifying" and state["level"] is not None:
            yield self._verification(site, state, day)
        elif state["stage"] == "rectifying":
            begins = self._hours.after(day, self._draws.whole(1, 2, site.id, state["round"], "begins"))
            due = last_day_of(self._frozen.calendar, datetime.fromisoformat(state["due"]))
            weather = self._weather(site.city)
            yield from self._crews.work(
                site, requirements, _outstanding(state), state["round"], begins, due, weather
            ).reports

    def _work_under_modes(self, switch: Action, reply: Reply) -> Iterator[Action]:
        """The modes of a site are set: its crew does the outstanding work under them, by the unchanged deadline."""
        site, state, day = self._sites[switch.subject], reply.state, self._hours.day_of(switch.sent_at)
        if state["stage"] == "verifying" and state["level"] is not None:
            yield self._verification(site, state, day)
        elif state["stage"] == "rectifying":
            begins = self._hours.after(day, self._draws.whole(1, 2, site.id, "begins under modes"))
            due, weather = self._due[site.id], self._weather(site.city)
            work = self._crews.work(
                site, self._requirements(site), _outstanding(state), state["round"], begins, due, weather
            )
            yield from (again(report, f"mode-{switch.attempt}") for report in work.reports)

    def _verification(self, site: Site, state: Mapping[str, Any], asked_on: date) -> Action:
        requirements, panel = list(self._requirements(site)), tuple(state.get("panel", ()))
        return self._verifiers.on_request(site, requirements, state["round"], state["level"], asked_on, panel)

    def _requirements(self, site: Site) -> dict[str, Requirement]:
        alike = (site.type, site.problems)
        found = self._catalogue.get(alike)
        if found is None:
            found = {one.id: one for one in requirements_of(self._plan.catalogue, site, self._by_problem)}
            self._catalogue[alike] = found
        return self._mode_setters.holding(site, found)

    def _weather(self, city: str) -> Callable[[date], date]:
        flood = self._floods[city]
        return _as_planned if flood is None else flood.over


def _outstanding(state: Mapping[str, Any]) -> dict[str, Decimal]:
    """What an answer says is still to do; the engine's answer has it as numbers of JSON."""
    return {name: exact(left) for name, left in state["outstanding"].items()}


def _as_planned(day: date) -> date:
    return day
