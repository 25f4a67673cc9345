"""What a site hears from its desk about the document of its rung: issued, withdrawn, or answered by its city.

A rung whose document needs an approval is proposed first: the site waits there, however long its approver takes, and
the grace before the next rung counts from the day of issue. So no later rung overtakes an earlier document.
News of another round or rung than the site's own says nothing new.
"""

from collections.abc import Iterator
from datetime import timedelta

from rules.calendar import next_working_day
from rules.site_state import SiteState
from schemas import commands as cmd
from schemas import events as ev
from schemas.terms import SiteTerms

_DAY = timedelta(days=1)


def on_news(
    terms: SiteTerms, state: SiteState, news: cmd.RungIssued | cmd.RungWithdrawn | cmd.HoldClimb
) -> Iterator[ev.Event]:
    """The event that follows from a desk's news, if it is about the rung on which the site stands."""
    if (news.round, news.rung) != (state.round, state.rung):
        return
    told = {"document": news.document, "round": news.round, "rung": news.rung}
    match news:
        case cmd.RungIssued() if state.rung_waits:
            yield ev.RungIssued(**told, on=news.on)
        case cmd.RungWithdrawn() if state.rung_waits:
            yield ev.RungWithdrawn(**told, back_to=state.rung_before, on=news.on, reason=news.reason)
        case cmd.HoldClimb():
            first = next_working_day(terms.calendar, news.until + _DAY)
            if state.climbs_from is None or state.climbs_from < first:
                yield ev.ClimbHeld(**told, until=news.until, climbs_from=first)
        case _:
            return
