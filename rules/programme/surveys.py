"""The yearly survey of the stock (存量排查): who hands in what, when it is overdue, and what it changes.

A year begins on its day whether its surveys are there or not: the stock is then as it was known last, and the year
says whose survey is missing. A survey that comes later changes the stock of the next year. While the last year runs
there is no next one: what is found then is added to its campaign.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from rules.calendar import clause_end, graced
from rules.documents.addressing import LEVELS
from rules.programme.state import HandedIn, ProgrammeState
from rules.programme.stock import amount_of, stocked
from schemas.actor import Units
from schemas.errors import Refused
from schemas.programme import Amount, ProgrammeTerms
from schemas.programme_events import HandInSurvey, SurveyHandedIn, SurveyOverdue
from schemas.register import Site

STEPS = len(LEVELS)
"""The offices above the city's bureaus that are told one after the other; the last step is the province."""


def units_of_survey(terms: ProgrammeTerms, command: HandInSurvey) -> Units:
    """The units that may hand it in: those of the city that it names, and of the province."""
    return next((one.units for one in terms.cities if one.code == command.city), terms.units)


def decide_survey(
    terms: ProgrammeTerms, state: ProgrammeState, command: HandInSurvey, at: datetime
) -> Iterator[SurveyHandedIn]:
    """A city's survey of the open year; nothing where it is known. Refused with another content."""
    city = next((one for one in terms.cities if one.code == command.city), None)
    if city is None:
        known = ", ".join(f"{one.code} {one.name}" for one in terms.cities)
        raise Refused(f"the programme has no city {command.city!r}; its cities: {known}")
    if terms.survey_grace is None:
        raise Refused("hand_in_survey is not allowed: the programme has no `survey`")
    year = terms.years[state.year]
    if command.campaign != year.campaign_id:
        raise Refused(
            f"the survey of {command.campaign} is not open: the survey that is handed in now is that of "
            f"{year.campaign_id}; the next one opens when that year is counted"
        )
    handed = state.surveys.get(command.city)
    if handed is not None:
        if (handed.sites, handed.digest) == (command.sites, command.digest):
            return
        raise Refused(
            f"{city.name} handed in its survey of {year.campaign_id} with another content; what is to be added goes "
            "into the survey of the next year"
        )
    begun = state.running or state.asked
    if command.sites and begun and state.year + 1 == len(terms.years):
        raise Refused(
            f"the last year runs, so no later one could treat these sites: add them to its campaign (starter.py survey "
            f"{year.campaign_id}), and hand in the survey here without a file and with that as its --reason"
        )
    yield SurveyHandedIn(
        year=state.year,
        campaign=year.campaign_id,
        city=command.city,
        sites=command.sites,
        digest=command.digest,
        reason=command.reason,
        late=begun or at >= _due(terms, state),
    )


def missing(terms: ProgrammeTerms, state: ProgrammeState, at: datetime) -> tuple[str, ...]:
    """The cities whose survey of the open year was not handed in by `at`; none where no survey is asked for."""
    if terms.survey_grace is None:
        return ()
    there = {code for code, one in state.surveys.items() if one.at <= at}
    return tuple(one.code for one in terms.cities if one.code not in there)


def next_overdue(terms: ProgrammeTerms, state: ProgrammeState) -> datetime | None:
    """When the next office is told of missing surveys; None where none is missing, or all were told."""
    if terms.survey_grace is None or state.stopped is not None or state.survey_steps >= STEPS:
        return None
    at = state.survey_next or _due(terms, state)
    return at if missing(terms, state, at) else None


def overdue(terms: ProgrammeTerms, state: ProgrammeState, at: datetime, now: datetime) -> SurveyOverdue:
    """The event of the next step; the office that it tells has a fresh grace, also after an outage."""
    assert terms.survey_grace is not None
    step = state.survey_steps + 1
    return SurveyOverdue(
        year=state.year,
        step=step,
        cities=missing(terms, state, at),
        due=_due(terms, state),
        next_due=graced(terms.calendar, max(at, now), terms.survey_grace) if step < STEPS else None,
    )


def next_untaken(state: ProgrammeState) -> tuple[str, HandedIn] | None:
    """The oldest survey that was handed in, has sites, and was not asked to be taken into the stock."""
    waiting = [(one.at, code) for code, one in state.surveys.items() if one.sites and not one.taken and not one.asked]
    return (min(waiting)[1], state.surveys[min(waiting)[1]]) if waiting else None


def _due(terms: ProgrammeTerms, state: ProgrammeState) -> datetime:
    """The end of the survey's last day; a grace more where the survey of the year opened after it."""
    due, grace = terms.years[state.year].survey_due, terms.survey_grace
    assert due is not None and grace is not None
    opened = state.opened_at or due
    return due if opened < due else clause_end(terms.calendar, opened, grace)


# -- what a survey changes ---------------------------------------------------------------------------------------------


class Merge(NamedTuple):
    """Rows of a survey: new sites, measured anew (before, after), as known, and those that can not be taken."""

    new: tuple[Site, ...]
    measured: tuple[tuple[Site, Site], ...]
    known: tuple[Site, ...]
    blocked: tuple[Site, ...]


def merged(waiting: Mapping[str, Site], held: Mapping[str, Site], rows: Iterable[Site]) -> Merge:
    """The rows against the stock: `waiting` is untreated and free, `held` is treated or in a campaign, by id.

    A row of a held site is fine if it says what is known.
    """
    new, known, blocked = list[Site](), list[Site](), list[Site]()
    anew = list[tuple[Site, Site]]()
    for row in rows:
        standing = waiting.get(row.id)
        if standing is not None and _says(standing) != _says(row):
            anew.append((standing, row))
        elif standing is not None or (row.id in held and _says(held[row.id]) == _says(row)):
            known.append(row)
        else:
            (blocked if row.id in held else new).append(row)
    return Merge(tuple(new), tuple(anew), tuple(known), tuple(blocked))


def changes(merge: Merge) -> tuple[list[Site], Amount, Amount, Amount]:
    """The sites that a survey writes, what it adds, and the sites measured anew before and after."""
    changed = [*merge.new, *(after for _, after in merge.measured)]
    before, after = (
        amount_of(map(stocked, sites)) for sites in ([b for b, _ in merge.measured], [a for _, a in merge.measured])
    )
    return changed, amount_of(map(stocked, merge.new)), before, after


def _says(site: Site) -> str:
    return site.model_dump_json()
