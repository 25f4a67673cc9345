"""The cities' surveyors of a programme: each hands in its city's survey of the year, some of them late."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from rules.calendar import last_day_of, previous_working_day
from schemas.actor import Actor, Role
from schemas.programme import ProgrammeTerms
from schemas.programme_events import HandInSurvey
from schemas.register import Site, register_digest
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Temperament

LEAD_DAYS = 20
"""A survey that is in time is handed in within so many days before its last one."""

LATE: dict[Temperament, float] = {Temperament.DILIGENT: 0.0, Temperament.TYPICAL: 0.2, Temperament.SLACK: 0.5}
"""The share of surveys that are late; an assumption."""

LATE_DAYS: dict[Temperament, int] = {Temperament.DILIGENT: 1, Temperament.TYPICAL: 20, Temperament.SLACK: 60}
"""How many days late they are at most; an assumption."""


class HandedSurvey(NamedTuple):
    """The command by which a survey is handed in, when, and its rows."""

    at: datetime
    command: HandInSurvey
    rows: Sequence[Site]


class StockSurveyors:
    """`surveys` are the rows of each year's survey file, by campaign; a city without rows there found nothing new."""

    def __init__(
        self, terms: ProgrammeTerms, surveys: Mapping[str, Sequence[Site]], temperament: Temperament, seed: int
    ) -> None:
        self._terms = terms
        self._surveys = surveys
        self._temperament = temperament
        self._draws = Draws(seed)
        self._hours = OfficeHours(terms.calendar)

    def on_year_open(self, year: int, opened_at: datetime) -> Iterator[HandedSurvey]:
        """The surveys of a year, which may be handed in from `opened_at` on; none where none is asked for."""
        own = self._terms.years[year]
        if own.survey_due is None:
            return
        last = last_day_of(self._terms.calendar, own.survey_due)
        for city in self._terms.cities:
            about = ("stock-survey", own.campaign_id, city.code)
            if self._draws.chance(LATE[self._temperament], *about, "late"):
                day = last + timedelta(days=self._draws.whole(1, LATE_DAYS[self._temperament], *about, "days"))
                day = self._hours.on_or_after(day)
            else:
                day = last - timedelta(days=self._draws.whole(0, LEAD_DAYS, *about, "days"))
                day = previous_working_day(self._terms.calendar, day)
            day = max(self._hours.after(self._hours.day_of(opened_at)), day)
            at = self._hours.instant(day, Hours.CITY, self._draws.share(*about, "minute"))
            rows = [site for site in self._surveys.get(own.campaign_id, ()) if site.city == city.code]
            command = HandInSurvey(
                command_id=f"survey-{own.campaign_id}-{city.code}",
                actor=Actor(id=f"{city.code}-survey", role=Role.CITY, unit=city.code),
                effective_at=at,
                campaign=own.campaign_id,
                city=city.code,
                sites=len(rows),
                digest=register_digest(rows) if rows else None,
                reason=None if rows else "nothing new was found",
            )
            yield HandedSurvey(at, command, rows)
