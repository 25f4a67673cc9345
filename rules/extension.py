"""Extensions (延期): a later deadline for the work, within the campaign."""

from datetime import datetime

from rules.calendar import end_of, last_day_of
from rules.site_state import SiteState
from schemas import commands as cmd
from schemas import events as ev
from schemas.errors import Refused
from schemas.terms import SiteTerms


def extended(terms: SiteTerms, state: SiteState, command: cmd.Extend, at: datetime) -> ev.Extended:
    """An extension that is granted; raises Refused, naming the day it must lie after or before."""
    calendar = terms.calendar
    last = last_day_of(calendar, terms.ends_at)
    if command.until > last:
        raise Refused(f"the campaign ends on {last}; a site can not be extended beyond it")
    due, present = end_of(calendar, command.until), state.due
    if present is not None and due <= present:
        raise Refused(f"the site is due on {last_day_of(calendar, present)} already; an extension must end after that")
    if due <= at:
        raise Refused(f"{command.until} has passed; an extension must end in the future")
    return ev.Extended(until=command.until, due=due, reason=command.reason)
