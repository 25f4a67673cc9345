"""The weekly briefing as an option of the campaign: its cut-off, its ranking, and the documents that follow."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from rules.calendar import local_date, previous_working_day, start_of
from rules.campaign.options.protocol import CampaignOption, Due
from rules.campaign.ranking import bottom_for, ranked
from rules.campaign.state import CampaignState
from rules.effects import Effect, TakeBriefing
from schemas.base import StoredModel
from schemas.calendar import Calendar
from schemas.campaign import CampaignTerms
from schemas.event import Event
from schemas.ladder import Briefing
from schemas.ledger import Notice
from schemas.options.briefing import BRIEFING, BriefingFrozen, BriefingReport, FrozenBriefing, RankedUnit

_WEEK = timedelta(days=7)


def week_of(starts_on: date, day: date) -> int:
    """The number of the week that holds `day`; below 1 before the campaign's first week."""
    return (_monday(day) - _monday(starts_on)).days // 7 + 1


def cutoff_of(calendar: Calendar, briefing: Briefing, starts_on: date, week: int) -> datetime | None:
    """The cut-off of one week; None if no day of it, up to the plan's weekday, is a working day."""
    monday = _monday(starts_on) + _WEEK * (week - 1)
    day = previous_working_day(calendar, monday + timedelta(days=briefing.weekday - 1))
    return start_of(calendar, day, briefing.cutoff) if day >= monday else None


def next_cutoff(
    calendar: Calendar,
    briefing: Briefing,
    starts_on: date,
    after: datetime,
    ends_at: datetime | None = None,
) -> tuple[int, datetime] | None:
    """The first (week, cut-off) strictly after `after`: the issue of the plan, or the cut-off before.

    None if it would lie after `ends_at`; without an end there is always a next one.
    """
    week = max(1, week_of(starts_on, local_date(calendar, after)))
    while ends_at is None or _monday_of(calendar, starts_on, week) <= ends_at:
        cutoff = cutoff_of(calendar, briefing, starts_on, week)
        if cutoff is not None and cutoff > after:
            return (week, cutoff) if ends_at is None or cutoff <= ends_at else None
        week += 1
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _monday_of(calendar: Calendar, starts_on: date, week: int) -> datetime:
    return start_of(calendar, _monday(starts_on) + _WEEK * (week - 1))


class BriefingOption(CampaignOption):
    """Each week the measures of the cities are ranked, frozen in the ledger and sent to them."""

    data = BRIEFING

    def deadlines(self, terms: CampaignTerms, state: CampaignState, now: datetime) -> Iterator[Due]:
        """See `next_briefing`."""
        yield from next_briefing(terms, state, now)

    def note_asked(self, state: CampaignState, effect: Effect) -> None:
        """A cut-off is taken once."""
        if isinstance(effect, TakeBriefing):
            state.briefed_at = effect.cutoff

    def observe(
        self, terms: CampaignTerms, state: CampaignState, observation: StoredModel
    ) -> Iterator[tuple[Event, datetime]]:
        """The measures of a week are ranked and frozen."""
        if terms.briefing is None or not isinstance(observation, BriefingReport):
            return
        if observation.week > state.briefing_week:
            briefing = ranked(observation, terms.briefing)
            yield BriefingFrozen(week=briefing.week, briefing=briefing), observation.as_of

    def apply(self, state: CampaignState, event: Event, at: datetime) -> None:
        """Who was at the bottom of the ranking, and how often running."""
        if isinstance(event, BriefingFrozen):
            b = event.briefing
            state.briefing_week = event.week
            state.briefed_at = max(state.briefed_at or at, b.cutoff)
            bottom = b.leading.bottom
            state.bottoms = [*state.bottoms[1 - _BRIEFINGS :], (event.week, bottom)]
            state.bottom_runs = {key: state.bottom_runs.get(key, 0) + 1 for key in bottom}

    def notices(self, terms: CampaignTerms, state: CampaignState, event: Event, at: datetime) -> Iterator[Notice]:
        """See `notices_of`."""
        if isinstance(event, BriefingFrozen):
            yield from notices_of(terms, state, event.briefing, at)


_BRIEFINGS = 20
"""As many as a plan may ask to be at the bottom of, running."""


_PROMPT = timedelta(hours=12)
"""Measures that are taken so soon after the cut-off are those of the cut-off: the night lies between."""


def next_briefing(terms: CampaignTerms, state: CampaignState, now: datetime) -> Iterator[tuple[datetime, TakeBriefing]]:
    """The next cut-off. After an outage only the last one that was missed is taken: the past can not be counted."""
    if terms.briefing is None:
        return
    after = state.briefed_at or state.issued_at or terms.issues_at
    found = next_cutoff(terms.calendar, terms.briefing, terms.starts_on, after, terms.ends_at)
    while found is not None:
        week, cutoff = found
        later = next_cutoff(terms.calendar, terms.briefing, terms.starts_on, cutoff, terms.ends_at)
        if later is None or later[1] > now:
            at = cutoff if now < cutoff + _PROMPT else now
            yield cutoff, TakeBriefing(at, week, cutoff, terms.briefing.levels)
            return
        found = later


def notices_of(terms: CampaignTerms, state: CampaignState, briefing: FrozenBriefing, at: datetime) -> Iterator[Notice]:
    """What each city sends with its next dispatch, after the briefing was applied to `state`.

    Who stands at the bottom so many briefings running is proposed for an instrument; the count then begins anew.
    """
    week = briefing.week  # and no more: what it says is frozen in the ledger, and there may be 200 cities
    for city in terms.cities:
        key = f"{city.code}:briefing:{week}"
        yield Notice(key=key, site_id=None, city=city.code, kind="briefing", rung=week, at=at, data={"week": week})
    conduct = next((one for one in terms.documents.instruments if one.weeks), None)
    if conduct is None or conduct.weeks is None:
        return
    weeks = [week for week, _ in state.bottoms[-conduct.weeks :]]
    leading = briefing.leading
    of = sum(unit.rank is not None for unit in leading.units)
    by_city: dict[str, list[RankedUnit]] = {}
    behind = set(bottom_for(state.bottoms, conduct.weeks))
    for unit in sorted((unit for unit in leading.units if unit.key in behind), key=lambda unit: unit.key):
        if state.bottom_runs[unit.key] % conduct.weeks == 0:  # else this run was proposed already: once for a full row
            by_city.setdefault(unit.city or unit.code, []).append(unit)
    for code, units in by_city.items():  # one document for a city, which also addresses its counties
        named = [{"level": one.level.value, "code": one.code, "name": one.name} for one in units]
        said = {
            "instrument": conduct.instrument, "weeks": weeks, "rank": units[0].rank, "of": of, "units": named,
        }  # fmt: skip
        key = f"{code}:{conduct.kind}:{briefing.week}"
        yield Notice(key=key, site_id=None, city=code, kind=conduct.kind, rung=0, at=at, data=said)
