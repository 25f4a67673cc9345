"""Counties and townships: they sign for the plan and deploy, the unit above decides, lead counties call departments."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from rules.city.aggregate import CityAggregate
from schemas import commands as cmd
from schemas.actor import Actor, Role, unit_name
from schemas.calendar import Clause, DayUnit
from schemas.offices import City, County, Township
from schemas.options import counties as oc
from schemas.options.calls import AnswerCall, CallDepartment
from schemas.options.opinion import Chapter
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import city_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import SiteGroup

_RETURNS = 2
"""The unit above returns a deployment at most so many times."""
_CALL = Clause(amount=3, unit=DayUnit.WORKING_DAYS)


def county_reply(city: CityAggregate, now: datetime) -> dict[str, Any]:
    """The fields of `CityView` on counties and calls, as the engine's answer has them; empty without counties."""
    if city.terms.counties is None:
        return {}
    return city.view(now).model_dump(mode="json", include={"counties", "calls"})


class _Below(NamedTuple):
    """A county, or a township of it."""

    city: City
    county: County
    township: Township | None = None

    @property
    def name(self) -> str:
        return (self.township or self.county).name

    @property
    def named(self) -> dict[str, str | None]:
        return {"county": self.county.code, "township": self.township.code if self.township is not None else None}

    @property
    def key(self) -> str:
        return self.county.code if self.township is None else f"{self.county.code}/{self.township.code}"


class CountyOffices(SiteGroup):
    """One official of each county and township; each action depends on what it reacts to and on the seed only."""

    def __init__(self, plan: Plan, sites: Iterable[Site], habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        super().__init__(plan, sites, habits, hours, draws)
        self._option = plan.county_deployment

    def on_plan_issued(self, issued_at: datetime) -> Iterator[Action]:
        """Each county signs for the plan, and most submit a deployment."""
        for city in self._plan.cities if self._option is not None else ():
            for county in city.counties:
                yield from self._begins(_Below(city, county), self._hours.day_of(issued_at))

    def on_reply(self, action: Action, reply: Reply) -> Iterator[Action]:
        """Townships have the plan from their county; a submission is decided, a returned one is submitted again."""
        if self._option is None or reply.status is not ReplyStatus.ACCEPTED:
            return
        command, day = action.command, self._hours.day_of(action.command.effective_at)
        match action.step, command:
            case Step.COUNTY_RECEIPT, oc.SignCountyReceipt(township=None) if self._option.townships:
                below = self._below(action.subject, command)
                for township in below.county.townships:
                    yield from self._begins(below._replace(township=township), day)
            case Step.COUNTY_SUBMISSION, oc.SubmitCountyDeployment():
                yield self._decision(self._below(action.subject, command), day, action.attempt)
            case Step.COUNTY_DECISION, oc.ReturnCountyDeployment():
                yield self._submission(self._below(action.subject, command), day, action.attempt + 1)
            case Step.COUNTY_DECISION, oc.ApproveCountyDeployment(township=None) if self._option.leads:
                yield from self._calls(self._below(action.subject, command), day)
            case Step.CALL, CallDepartment():
                yield from self._answer(action.subject, command, reply.state, day)

    # -- opened sites ----------------------------------------------------------------------------------------------

    def opened_with_city(self, sites: Iterable[Site], state: Mapping[str, Any]) -> list[Site]:
        """Those of a city's sites that open now that the city's deployment is approved: `state` is its answer."""
        approved = {
            one["county"]
            for one in state.get("counties", ())
            if one.get("township") is None and one["deployment"] == "approved"
        }
        return [site for site in sites if (county := self._apart(site)) is None or county in approved]

    def opened_with_county(self, decision: Action, sites: Iterable[Site], state: Mapping[str, Any]) -> list[Site]:
        """Those of a city's sites that open with the approval of one county's deployment."""
        command = decision.command
        approves = isinstance(command, oc.ApproveCountyDeployment) and command.township is None
        if not approves or state.get("approved_at") is None:
            return []
        return [site for site in sites if self._apart(site) == command.county]  # type: ignore[attr-defined]

    def _apart(self, site: Site) -> str | None:
        """The code of the county with whose deployment a site opens; None where it opens with its city's."""
        if self._option is None or not self._option.opens_sites:
            return None
        county = self._plan.city(site.city).county(site.county)
        return county.code if county is not None else None

    # -- a deployment ----------------------------------------------------------------------------------------------

    def _begins(self, below: _Below, day: date) -> Iterator[Action]:
        assert self._option is not None
        pace = self._draws.along(self._habits.receipt, below.key, "county receipt")
        signs_on = self._hours.within(day, self._option.receipt, pace)
        yield self._action(Step.COUNTY_RECEIPT, below, oc.SignCountyReceipt, "receipt", signs_on, Hours.CREW)
        if not self._draws.chance(self._habits.never_deploys, below.key, "county deploys"):
            yield self._submission(below, day, 1)

    def _submission(self, below: _Below, occasion: date, attempt: int) -> Action:
        assert self._option is not None
        pace = self._draws.along(self._habits.deployment, below.key, attempt, "county deployment")
        day = self._hours.within(occasion, self._option.deployment, pace * (1.0 if attempt == 1 else 0.5))
        titles = self._option.opinion.chapters if self._option.opinion is not None else ()
        said: dict[str, Any] = {
            "opinion": self._words.deployment.format(below.name)[:4000],
            "requirements": self._words.requirements,
            "chapters": tuple(Chapter(title=one, text=f"{one}：{self._words.requirements}"[:4000]) for one in titles),
        }
        what = f"deployment-{attempt}"
        step = Step.COUNTY_SUBMISSION
        return self._action(step, below, oc.SubmitCountyDeployment, what, day, Hours.CREW, attempt=attempt, **said)

    def _decision(self, below: _Below, submitted: date, attempt: int) -> Action:
        assert self._option is not None
        pace = self._draws.along(self._habits.decision, below.key, attempt, "county decision")
        day = self._hours.within(submitted, self._option.decision, pace)
        said: dict[str, Any] = {}
        model: type[oc.OfUnit] = oc.ApproveCountyDeployment
        if attempt <= _RETURNS and self._draws.chance(self._habits.returned, below.key, attempt, "county returned"):
            reasons = self._words.returned
            place = self._draws.whole(0, len(reasons) - 1, below.key, attempt, "county reason")
            model, said = oc.ReturnCountyDeployment, {"reason": reasons[place]}
        decider = _county(below.county) if below.township is not None else _city(below.city)
        return self._action(
            Step.COUNTY_DECISION, below, model, f"decision-{attempt}", day, Hours.VERIFIER, decider, attempt, **said
        )

    # -- calls -----------------------------------------------------------------------------------------------------

    def _calls(self, below: _Below, approved: date) -> Iterator[Action]:
        """The lead county calls each department of its sites, on the working day after its approval."""
        own = [site for site in self._sites.values() if site.city == below.city.code]
        own = [site for site in own if below.city.county(site.county) is below.county]
        for place, department in enumerate(sorted({name for site in own for name in site.departments})):
            day = self._hours.after(approved)
            at = self._hours.instant(day, Hours.VERIFIER, self._draws.share(below.key, place, "call at"))
            call = CallDepartment(
                command_id=f"{below.key}:call-{place + 1}",
                actor=_county(below.county),
                effective_at=at,
                county=below.county.code,
                department=department,
                matter=self._words.call,
            )
            yield self._to_city(Step.CALL, below.city.code, call)

    def _answer(self, city: str, call: CallDepartment, state: Mapping[str, Any], day: date) -> Iterator[Action]:
        """Most departments answer, in time or late."""
        assert self._option is not None
        about = (call.command_id, "call")
        numbers = [
            one["call"]
            for one in state.get("calls", ())
            if (one["county"], one["department"]) == (call.county, call.department)
        ]
        if not numbers or self._draws.chance(self._habits.unreplied, *about, "answered"):
            return
        pace = self._draws.along(self._habits.reply, *about, "answer")
        on = self._hours.within(day, self._option.call or _CALL, pace)
        answer = AnswerCall(
            command_id=f"{call.command_id}:answer",
            actor=Actor(id=unit_name(f"answers-{call.department}"), role=Role.DEPARTMENT, unit=call.department),
            effective_at=self._hours.instant(on, Hours.CREW, self._draws.share(*about, "answer at")),
            call=numbers[-1],
            text=self._words.answer,
        )
        yield self._to_city(Step.CALL_ANSWER, city, answer)

    # -- one command -----------------------------------------------------------------------------------------------

    def _below(self, city: str, command: oc.OfUnit) -> _Below:
        """The unit that a command of these people names."""
        whose = self._plan.city(city)
        county = whose.county(command.county)
        assert county is not None  # they name what the plan names
        township = next((one for one in county.townships if one.code == command.township), None)
        return _Below(whose, county, township)

    def _action(
        self,
        step: Step,
        below: _Below,
        model: type[oc.OfUnit],
        what: str,
        day: date,
        hours: Hours,
        actor: Actor | None = None,
        attempt: int = 1,
        **said: Any,
    ) -> Action:
        command = model(
            command_id=f"{below.key}:{what}",
            actor=actor or _of(below),
            effective_at=self._hours.instant(day, hours, self._draws.share(below.key, what, "county at")),
            **below.named,
            **said,
        )
        return self._to_city(step, below.city.code, command, attempt)

    def _to_city(self, step: Step, code: str, command: cmd.Command, attempt: int = 1) -> Action:
        stream = city_stream(self._plan.id, code)
        return Action(step, stream, code, command, command.effective_at, waits=True, attempt=attempt)


def _of(below: _Below) -> Actor:
    if below.township is None:
        return _county(below.county)
    return Actor(id=unit_name(f"township-{below.key}"), role=Role.TOWNSHIP, unit=unit_name(below.township.code))


def _county(county: County) -> Actor:
    return Actor(id=unit_name(f"county-{county.code}"), role=Role.COUNTY, unit=unit_name(county.code))


def _city(city: City) -> Actor:
    return Actor(id=f"city-{city.code}", role=Role.CITY, unit=city.code)
