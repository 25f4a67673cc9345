"""The offices: cities sign for the plan and deploy; the province decides on deployments, floods and extensions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schemas import commands as cmd
from schemas.actor import Actor, Role, unit_name
from schemas.deferrals import SuspensionBasis
from schemas.offices import City
from schemas.options.opinion import Chapter
from schemas.options.standstill import ResumeSites, SuspendSites
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import city_stream, site_stream
from simulation.behaviour.actions import Action, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.behaviour.wording import WORDING

_RETURNS = 2
"""The province returns a deployment at most so many times."""


def opinion_chapters(plan: Plan, text: str) -> tuple[Chapter, ...]:
    """The chapters that the plan demands of an implementation opinion, each with this text."""
    titles = plan.opinion.chapters if plan.opinion is not None else ()
    return tuple(Chapter(title=title, text=f"{title}：{text}"[:4000]) for title in titles)


class Offices:
    """Each action depends on what it reacts to and on the seed only."""

    def __init__(self, plan: Plan, habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._habits = habits
        self._hours = hours
        self._draws = draws
        self._words = WORDING[plan.language]
        agency = unit_name(plan.issuing_agencies[0].name)
        self._province = Actor(id="province-desk", role=Role.PROVINCE, unit=agency)
        self._cities = {
            city.code: Actor(id=f"city-{city.code}", role=Role.CITY, unit=city.code) for city in plan.cities
        }

    # -- cities -----------------------------------------------------------------------------------------------------

    def on_plan(self, city: City, issued_at: datetime) -> Iterator[Action]:
        """The plan was issued: the city signs, and most submit a deployment."""
        habits, draws, code, issued = self._habits, self._draws, city.code, self._hours.day_of(issued_at)
        pace = draws.along(habits.receipt, code, "receipt")
        at = self._at(self._hours.within(issued, self._plan.clauses.receipt, pace), Hours.CITY, code, "receipt at")
        receipt = cmd.SignReceipt(command_id=f"{code}:receipt", actor=self._cities[code], effective_at=at)
        yield self._to_city(Step.RECEIPT, code, receipt)
        if not draws.chance(habits.never_deploys, code, "deploys"):
            yield self._submission(code, issued, 1)

    def on_submission(self, submission: Action) -> Action:
        """The province approves the deployment, or returns it with a reason."""
        code, attempt, draws = submission.subject, submission.attempt, self._draws
        pace = draws.along(self._habits.decision, code, attempt, "decision")
        submitted = self._hours.day_of(submission.command.effective_at)
        day = self._hours.within(submitted, self._plan.clauses.deployment_decision, pace)
        at = self._at(day, Hours.PROVINCE, code, attempt, "decision at")
        who = {"command_id": f"{code}:decision-{attempt}", "actor": self._province, "effective_at": at}
        decision: cmd.Command
        if attempt <= _RETURNS and draws.chance(self._habits.returned, code, attempt, "returned"):
            reasons = self._words.returned
            decision = cmd.ReturnDeployment(**who, reason=reasons[draws.whole(0, len(reasons) - 1, code, attempt)])
        else:
            decision = cmd.ApproveDeployment(**who)
        return self._to_city(Step.DECISION, code, decision, attempt)

    def on_return(self, decision: Action) -> Action:
        """The city completes its deployment and submits it again."""
        returned = self._hours.day_of(decision.command.effective_at)
        return self._submission(decision.subject, returned, decision.attempt + 1)

    def _submission(self, code: str, occasion: date, attempt: int) -> Action:
        # A returned deployment is completed in half the time.
        pace = self._draws.along(self._habits.deployment, code, attempt, "deployment") * (1.0 if attempt == 1 else 0.5)
        day = self._hours.within(occasion, self._plan.clauses.deployment, pace)
        submission = cmd.SubmitDeployment(
            command_id=f"{code}:deployment-{attempt}",
            actor=self._cities[code],
            effective_at=self._at(day, Hours.CITY, code, attempt, "deployment at"),
            opinion=self._words.deployment.format(self._plan.city(code).name)[:4000],
            requirements=self._words.requirements,
            chapters=opinion_chapters(self._plan, self._words.requirements),
        )
        return self._to_city(Step.SUBMISSION, code, submission, attempt)

    def _to_city(self, step: Step, code: str, command: cmd.Command, attempt: int = 1) -> Action:
        stream = city_stream(self._plan.id, code)
        return Action(step, stream, code, command, command.effective_at, waits=True, attempt=attempt)

    # -- sites -----------------------------------------------------------------------------------------------------

    def suspension(self, city: str, day: date) -> Action:
        """Suspend all sites of a city from this day on because of a flood, by one order."""
        suspend = SuspendSites(
            command_id=f"{city}:suspend",
            actor=self._province,
            effective_at=self._at(day, Hours.RULING, city, "suspended at"),
            reason=self._words.flood,
            basis=SuspensionBasis.FLOOD,
        )
        return self._to_city(Step.SUSPENSION, city, suspend)

    def resumption(self, city: str, day: date) -> Action:
        """Resume the sites of a city after a flood."""
        resume = ResumeSites(
            command_id=f"{city}:resume",
            actor=self._province,
            effective_at=self._at(day, Hours.RULING, city, "resumed at"),
            reason=self._words.flood_over,
        )
        return self._to_city(Step.RESUMPTION, city, resume)

    def extension(self, site: Site, day: date, until: date) -> Action:
        """An extension, granted on `day`."""
        extend = cmd.Extend(
            command_id=f"{site.id}:extend",
            actor=self._province,
            effective_at=self._at(day, Hours.RULING, site.id, "extended at"),
            until=until,
            reason=self._words.extended,
        )
        return self._to_site(Step.EXTENSION, site, extend)

    def _to_site(self, step: Step, site: Site, command: cmd.Command) -> Action:
        stream = site_stream(self._plan.id, site.id)
        return Action(step, stream, site.id, command, command.effective_at, waits=True)

    def _at(self, day: date, hours: Hours, *about: object) -> datetime:
        return self._hours.instant(day, hours, self._draws.share(*about))


@dataclass(frozen=True, slots=True)
class Flood:
    """A flood in a city from `first` (a working day) to `last`; work is possible again from `dry`, a working day."""

    first: date
    last: date
    dry: date

    def over(self, day: date) -> date:
        """The day on which work planned for `day` is possible."""
        return self.dry if self.first <= day < self.dry else day


def flood_in(city: str, plan: Plan, habits: Habits, hours: OfficeHours, draws: Draws) -> Flood | None:
    """The flood of a city, if it has one: in the second or third quarter of the campaign, three to seven days long."""
    if not draws.chance(habits.flooded, city, "flooded"):
        return None
    days = (plan.ends_on - plan.starts_on).days + 1
    begins = plan.starts_on + timedelta(days=int(days * (0.3 + 0.35 * draws.share(city, "flood begins"))))
    first = hours.on_or_after(begins)
    last = first + timedelta(days=min(7, max(3, days // 15)) - 1)
    return Flood(first, last, hours.on_or_after(last + timedelta(days=1)))
