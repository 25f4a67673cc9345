"""The province's surveyors: on the day of each survey they report to every city the sites found there."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from rules.city.state import CityState
from schemas.actor import Actor, Role, unit_name
from schemas.base import iso_utc
from schemas.options.surveys import AddSurvey, PlannedSurvey, Survey
from schemas.options.sweep import ConfirmPatch
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import city_stream
from simulation.behaviour.actions import Action, Reply, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.people.group import ParticipantGroup


class Surveyors(ParticipantGroup):
    """A survey is reported on its day, but not before the working day after the issue of the plan."""

    def __init__(self, plan: Plan, surveys: Sequence[PlannedSurvey], hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._surveys = [one for one in surveys if one.patch is None]  # what a patch becomes is its county's
        self._hours = hours
        self._draws = draws
        self._province = Actor(id="province-survey", role=Role.PROVINCE, unit=unit_name(plan.issuing_agencies[0].name))
        self._found: dict[tuple[str, str], list[Site]] = {}
        for _, survey, _ in surveys:
            for site in survey.sites:
                self._found.setdefault((survey.id, site.city), []).append(site)

    def on_plan_issued(self, issued_at: datetime) -> Iterator[Action]:
        first = self._hours.after(self._hours.day_of(issued_at))
        for on, survey, _ in self._surveys:
            at = self._at(max(first, self._hours.on_or_after(on)), survey)
            for code, counts in survey.cities().items():
                found = AddSurvey(
                    command_id=f"{code}:survey-{survey.id}",
                    actor=self._province,
                    effective_at=at,
                    survey=survey.id,
                    digest=survey.digest,
                    **counts.model_dump(),
                )
                yield Action(Step.SURVEY, city_stream(self._plan.id, code), code, found, at, waits=True)

    def opened_by(self, action: Action, reply: Reply) -> tuple[datetime, list[Site]] | None:
        """When the sites of an accepted survey opened, and the sites; None before the approval of the deployment."""
        approved_at = reply.state.get("approved_at")
        if approved_at is None:
            return None
        assert isinstance(action.command, AddSurvey | ConfirmPatch)
        opened_at = max(action.command.effective_at, datetime.fromisoformat(approved_at))
        return opened_at, self._found[action.command.survey, action.subject]

    def opened_with(self, city: str, reply: Reply) -> list[Site]:
        """The sites of surveys that open together with a city's first register."""
        return [site for survey in reply.state.get("surveys", ()) for site in self._found.get((survey, city), ())]

    def _at(self, day: date, survey: Survey) -> datetime:
        return self._hours.instant(day, Hours.PROVINCE, self._draws.share("survey", survey.id))


def survey_reply(state: CityState) -> dict[str, Any]:
    """The state of a city's reply, with the keys of `CityView`."""
    approved_at = state.approved_at
    return {"approved_at": None if approved_at is None else iso_utc(approved_at), "surveys": tuple(state.surveys)}
