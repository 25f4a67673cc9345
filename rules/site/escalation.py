"""What a city's workflow notifies its sites of: the document of their rung was issued, withdrawn, or replied to.

A rung whose document needs an approval is proposed first: the site waits there, however long its approver takes, and
the grace before the next rung counts from the day of issue. So no later rung overtakes an earlier document.
A notification about another round or rung than the site's own changes nothing.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, assert_never

from rules.calendar import next_working_day
from rules.effects import NotifySites
from rules.site.state import SiteState
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE
from schemas.register import Proposal
from schemas.site.terms import SiteTerms
from schemas.work import EscalationUpdate, NotifyOrder

_DAY = timedelta(days=1)


def escalation_command(
    told: NotifySites | NotifyOrder, about: Proposal
) -> cmd.RungIssued | cmd.RungWithdrawn | cmd.HoldClimb:
    """The command for a site, about this proposal of its rung; the same notification is the same command."""
    said: dict[str, Any] = {
        "command_id": f"{told.news}:{hashlib.sha256(told.document.encode()).hexdigest()[:32]}",
        "actor": ENGINE,
        "effective_at": told.at,
        "document": told.document,
        "rung": told.rung,
        "round": about.round,
        "proposal": about.proposal,
    }
    match told.news:
        case EscalationUpdate.RUNG_ISSUED:
            return cmd.RungIssued(**said, on=told.day)
        case EscalationUpdate.RUNG_WITHDRAWN:
            return cmd.RungWithdrawn(**said, on=told.day, reason=told.reason or "not issued")
        case EscalationUpdate.HOLD_CLIMB:
            said["command_id"] += f":{told.reply}" if told.reply > 1 else ""
            return cmd.HoldClimb(**said, until=told.day, reply=told.reply)
        case unknown:
            assert_never(unknown)


def decide_escalation_update(
    terms: SiteTerms, state: SiteState, news: cmd.RungIssued | cmd.RungWithdrawn | cmd.HoldClimb
) -> Iterator[ev.Event]:
    """The event that follows from a notification, if it is about the rung on which the site stands.

    A reply to the rung before counts too while the next one is only proposed: the site goes back to that rung, and the
    draft no longer lists it. Of the replies to one document the last one counts, also where it promises an earlier day
    or its notification overtook an older one. A notification about an older proposal does not concern a newer one.
    """
    if news.round != state.round or news.proposal != state.proposals.get(str(news.rung), 1):
        return
    told = {"document": news.document, "round": news.round, "rung": news.rung}
    stands = news.rung == state.rung
    match news:
        case cmd.RungIssued() if stands and state.rung_waits:
            yield ev.RungIssued(**told, on=news.on)
        case cmd.RungWithdrawn() if stands:
            yield ev.RungWithdrawn(**told, back_to=state.rung_before, on=news.on, reason=news.reason)
        case cmd.HoldClimb() if stands or (state.rung_waits and news.rung == state.rung_before):
            if state.held_by is not None and state.held_by[0] == news.document and news.reply <= state.held_by[1]:
                return
            first = next_working_day(terms.calendar, news.until + _DAY)
            back_to = None if stands else state.rung_before
            # Also of the same day: an older reply that was overtaken must find the number of the newer one.
            yield ev.ClimbHeld(**told, until=news.until, climbs_from=first, back_to=back_to, reply=news.reply)
        case _:
            return
