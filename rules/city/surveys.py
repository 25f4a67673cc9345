"""Surveys at a city's desk: a survey is heard of once, its sites open with the deployment's approval or at once.

What a survey finds before the deployment is approved opens together with the first register, but under its own mark and
with its own clause.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from rules.city.state import CityNotice, CityState, SurveyState
from rules.documents.numbering import document_key
from rules.effects import OpenSites
from schemas import events as ev
from schemas.city import CityTerms
from schemas.errors import Refused
from schemas.options.surveys import AddSurvey, SurveyAdded, SurveyOpened, SurveyRecord
from schemas.work import ReconcileReport, SitesOpenedReport


def decide_survey(terms: CityTerms, state: CityState, command: AddSurvey) -> Iterator[ev.Event]:
    """The desk hears of a survey; the same again says nothing new. Refused with another content."""
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
            f"survey {command.survey} was added with another content (its digest is {known.digest[:12]}, this one's "
            f"{command.digest[:12]}); give another survey its own id"
        )


def next_of_surveys(state: CityState) -> Iterator[tuple[datetime, OpenSites]]:
    """Surveys whose sites are to be opened; none before the city's deployment is approved."""
    if state.approved_at is not None:
        for survey, one in state.surveys.items():
            if not one.opening:
                at = max(one.added_at, state.approved_at)
                yield at, OpenSites(at, survey)


def note_opening(state: CityState, effect: OpenSites) -> None:
    """The opening is asked for: of the first register, or of a survey."""
    if effect.survey is None:
        state.opening = True
    else:
        state.surveys[effect.survey].opening = True


def opening(state: CityState, report: SitesOpenedReport, now: datetime) -> Iterator[tuple[ev.Event, datetime]]:
    """What the opening of sites means, and when it happened; nothing the second time."""
    if report.survey is None:
        if not state.opened:
            yield ev.SitesOpened(sites=report.sites, due=report.due), state.approved_at or now
        return
    one = state.surveys.get(report.survey)
    if one is not None and one.opened_at is None:
        at = max(one.added_at, state.approved_at or now)
        yield SurveyOpened(survey=report.survey, sites=report.sites, due=report.due), at


def missed_surveys(terms: CityTerms, state: CityState, report: ReconcileReport) -> Iterator[ev.Event]:
    """Surveys that stand in the register, and of which the desk was never told."""
    for record in report.surveys if terms.surveys and state.ended_at is None else ():
        if record.id not in state.surveys and terms.code in record.cities:
            yield survey_added(record, terms.code)


def survey_added(record: SurveyRecord, city: str) -> SurveyAdded:
    """A survey as its city hears of it."""
    counts = record.cities[city].model_dump()
    return SurveyAdded(survey=record.id, digest=record.digest, **counts)


def known_surveys(terms: CityTerms, state: CityState, at: datetime) -> dict[str, Any]:
    """What a look after lost sites at `at` must know of surveys: the fields of `schemas.work.ReconcileOrder`.

    Open sites belong to a survey that was opened; a survey that the last look saw already, and the desk did not hear
    of, lost its news.
    """
    opened = {survey: one.opened_at for survey, one in state.surveys.items() if one.opened_at is not None}
    last_look = at - timedelta(days=terms.reconcile_every_days)
    return {"surveys": opened, "heard": tuple(state.surveys), "heard_by": last_look if terms.surveys else None}


def apply_survey(terms: CityTerms, state: CityState, event: ev.Event, at: datetime) -> None:
    """Fold an event of a survey into the desk's state; others change nothing here."""
    match event:
        case SurveyAdded():
            state.surveys[event.survey] = SurveyState(
                digest=event.digest,
                added_at=at,
                sites=event.sites,
                newly_found=event.newly_found,
                missed=event.missed,
            )
        case SurveyOpened():
            one = state.surveys[event.survey]
            one.opening, one.opened_at = True, at
            state.waiting = [*state.waiting, _notice(terms, one, event, at)]
        case _:
            pass


def _notice(terms: CityTerms, one: SurveyState, event: SurveyOpened, at: datetime) -> CityNotice:
    """The city hears of its new sites in a document of their own, however many surveys open on one day."""
    data = {
        "survey": event.survey,
        "sites": event.sites,
        "newly_found": one.newly_found,
        "missed": one.missed,
        "due": None if event.due is None else event.due.isoformat(),
    }
    day_key = document_key(terms.campaign_id, terms.code, "survey_notice", 0, terms.calendar, at)
    return CityNotice(kind="survey_notice", data=data, at=at, key=f"{day_key}:{event.survey}")
