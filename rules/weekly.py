"""The campaign's week: when a briefing is taken, and what the desks of the cities hear of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rules.briefing import next_cutoff
from rules.campaign_state import CampaignState
from rules.effects import TakeBriefing
from rules.ranking import bottom_for
from schemas.briefing import FrozenBriefing
from schemas.ledger import Notice
from schemas.terms import CampaignTerms

_PROMPT = timedelta(hours=12)
"""Measures that are taken so soon after the cut-off are those of the cut-off: the night lies between."""


def next_briefing(terms: CampaignTerms, state: CampaignState, now: datetime) -> Iterator[tuple[datetime, TakeBriefing]]:
    """The next cut-off. After an outage only the last one that was missed is taken: the past can not be counted."""
    if terms.briefing is None or terms.starts_on is None:
        return
    after = state.briefed_at or terms.issues_at
    found = next_cutoff(terms.calendar, terms.briefing, terms.starts_on, after, terms.ends_at)
    while found is not None:
        week, cutoff = found
        later = next_cutoff(terms.calendar, terms.briefing, terms.starts_on, cutoff, terms.ends_at)
        if later is None or later[1] > now:
            yield cutoff, TakeBriefing(cutoff if now < cutoff + _PROMPT else now, week, cutoff)
            return
        found = later


def notices_of(terms: CampaignTerms, state: CampaignState, briefing: FrozenBriefing, at: datetime) -> Iterator[Notice]:
    """What each city's desk sends with its next dispatch; after the fold of the briefing into `state`.

    Who stands at the bottom so many briefings running is proposed for an instrument; the row then begins anew.
    """
    week = briefing.week  # and no more: what it says is frozen in the ledger, and there may be 200 cities
    for city in terms.cities:
        key = f"{city.code}:briefing:{week}"
        yield Notice(key=key, site_id=None, city=city.code, kind="briefing", rung=week, at=at, data={"week": week})
    conduct = next((one for one in terms.papers.instruments if one.weeks), None) if terms.papers is not None else None
    if conduct is None or conduct.weeks is None:
        return
    weeks = [week for week, _ in state.bottoms[-conduct.weeks :]]
    of = sum(city.rank is not None for city in briefing.cities)
    ranks = {city.code: city.rank for city in briefing.cities}
    for code in bottom_for(state.bottoms, conduct.weeks):
        if state.bottom_runs[code] % conduct.weeks:  # this run was proposed already: once for each full row
            continue
        said = {"instrument": conduct.instrument, "weeks": weeks, "rank": ranks[code], "of": of}
        key = f"{code}:{conduct.kind}:{briefing.week}"
        yield Notice(key=key, site_id=None, city=code, kind=conduct.kind, rung=0, at=at, data=said)
