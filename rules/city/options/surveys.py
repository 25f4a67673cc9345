"""Surveys of a city: a survey is added once; its sites open with the deployment's approval, or at once after it.

What a survey finds before the deployment is approved opens together with the first register, but under its own mark and
with its own clause.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from rules.aggregate import EventTime
from rules.city.notices import put_notice
from rules.city.options.protocol import CityOption, Due
from rules.city.options.sweep import is_turned_down
from rules.city.state import CityNotice, CityState
from rules.documents.numbering import document_key
from rules.effects import Effect, OpenSites
from schemas.base import StoredModel
from schemas.city import CityTerms
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.surveys import SURVEYS, AddSurvey, SurveyAdded, SurveyOpened, SurveyRecord, SurveyState
from schemas.work import ReconcileReport, SitesOpenedReport


class SurveyOption(CityOption):
    """Surveys that add sites to the city's register while the campaign runs."""

    data = SURVEYS

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterator[Event]:
        """A survey is added; nothing where it is known. Refused with another content."""
        assert isinstance(command, AddSurvey)
        if not terms.surveys:
            raise Refused(
                f"survey_added is not allowed: the plan of {terms.campaign_id} has no `survey`; "
                "what is found now belongs to the next campaign"
            )
        known = state.surveys.get(command.survey)
        if known is None:
            yield SurveyAdded(
                survey=command.survey,
                digest=command.digest,
                sites=command.sites,
                newly_found=command.newly_found,
                missed=command.missed,
            )
        elif known.digest != command.digest:
            raise Refused(
                f"survey {command.survey} was added with another content (its digest is {known.digest[:12]}, this "
                f"one's {command.digest[:12]}); give another survey its own id"
            )

    def running_deadlines(self, terms: CityTerms, state: CityState) -> Iterator[Due]:
        """Surveys whose sites are to be opened; none before the city's deployment is approved."""
        if state.opens_at is not None:
            for survey, one in state.surveys.items():
                if not one.opening:
                    at = max(one.heard_at or one.added_at, state.opens_at)
                    yield at, OpenSites(at, survey)

    def note_asked(self, state: CityState, effect: Effect) -> None:
        """The opening of a survey's sites is asked for."""
        if isinstance(effect, OpenSites) and effect.survey is not None:
            state.surveys[effect.survey].opening = True

    def observe(
        self, terms: CityTerms, state: CityState, observation: StoredModel, now: datetime
    ) -> Iterator[tuple[Event, datetime]]:
        """Sites of a survey run, or the register has a survey of which the city was never told."""
        match observation:
            case SitesOpenedReport(survey=str(survey)):
                one = state.surveys.get(survey)
                if one is not None and one.opened_at is None:
                    at = max(one.heard_at or one.added_at, state.opens_at or now)
                    opened = SurveyOpened(
                        survey=survey,
                        sites=observation.sites,
                        due=observation.due,
                        varied=observation.varied,
                        clauses=observation.clauses,
                    )
                    yield opened, at
            case ReconcileReport() if terms.surveys and state.ended_at is None:
                for record in observation.surveys:
                    if record.id in state.surveys or is_turned_down(state, record.id):
                        continue
                    if terms.code in record.cities:
                        yield survey_added(record, terms.code), observation.at

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        """A survey is known, or its sites are open and the city is told."""
        match event:
            case SurveyAdded():
                state.surveys[event.survey] = SurveyState(
                    digest=event.digest,
                    added_at=at,
                    heard_at=received_at,
                    sites=event.sites,
                    newly_found=event.newly_found,
                    missed=event.missed,
                )
            case SurveyOpened():
                one = state.surveys[event.survey]
                one.opening, one.opened_at = True, at
                put_notice(state, _notice(terms, one, event, at))

    def view(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """The ids of the surveys."""
        return {"surveys": tuple(state.surveys)}


def survey_added(record: SurveyRecord, city: str) -> SurveyAdded:
    """The event by which a city knows of a survey in its register."""
    counts = record.cities[city].model_dump()
    return SurveyAdded(survey=record.id, digest=record.digest, **counts)


def known_surveys(terms: CityTerms, state: CityState, at: datetime) -> dict[str, Any]:
    """What a look after lost sites at `at` must know of surveys: the fields of `schemas.work.ReconcileOrder`.

    Open sites belong to a survey that was opened. A survey that stood in the register at the last look, and that the
    city does not know, was added by a command that was lost.
    """
    opened = {survey: one.opened_at for survey, one in state.surveys.items() if one.opened_at is not None}
    last_look = at - timedelta(days=terms.reconcile_every_days)
    return {"surveys": opened, "heard": tuple(state.surveys), "heard_by": last_look if terms.surveys else None}


def _notice(terms: CityTerms, one: SurveyState, event: SurveyOpened, at: datetime) -> CityNotice:
    """One document for each survey, however many open on one day."""
    data = {
        "survey": event.survey,
        "sites": event.sites,
        "newly_found": one.newly_found,
        "missed": one.missed,
        "due": None if event.due is None else event.due.isoformat(),
        "clauses": {name: one.model_dump(mode="json") for name, one in event.clauses.items()},
        "varied": [one.model_dump(mode="json") for one in event.varied],
    }
    day_key = document_key(terms.campaign_id, terms.code, "survey_notice", 0, terms.calendar, at)
    return CityNotice(kind="survey_notice", data=data, at=at, key=f"{day_key}:{event.survey}")
