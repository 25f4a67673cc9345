"""Extensions (延期): a later deadline for the work, within the campaign."""

from datetime import date, datetime

from rules.calendar import end_of, last_day_of
from rules.site.reopening import last_moment
from rules.site.state import SiteState
from schemas import commands as cmd
from schemas import events as ev
from schemas.errors import Refused
from schemas.site.terms import SiteTerms


def decide_extension(terms: SiteTerms, state: SiteState, command: cmd.Extend, at: datetime) -> ev.Extended:
    """An extension that is granted; raises Refused, naming the day it must lie after or before."""
    used_up(terms, state)
    return ev.Extended(until=command.until, due=may_be_due(terms, state, command.until, at), reason=command.reason)


def may_be_due(terms: SiteTerms, state: SiteState, until: date, at: datetime) -> datetime:
    """The deadline at the end of `until`; raises Refused where the site may not be due then."""
    calendar = terms.calendar
    if (last_at := last_moment(terms, state)) is not None and until > (last := last_day_of(calendar, last_at)):
        what = "campaign" if last_at == terms.ends_at else "patrol"
        raise Refused(f"the {what} ends on {last}; a site can not be extended beyond it")
    due, present = end_of(calendar, until), state.due
    if present is not None and due <= present:
        raise Refused(f"the site is due on {last_day_of(calendar, present)} already; an extension must end after that")
    if due <= at:
        raise Refused(f"{until} has passed; an extension must end in the future")
    return due


def used_up(terms: SiteTerms, state: SiteState) -> None:
    """Raises Refused if the plan allows no further extension of this site, granted by request or without."""
    if terms.extension is not None and state.extensions >= terms.extension.at_most:
        times = "once" if state.extensions == 1 else f"{state.extensions} times"
        raise Refused(f"the site was extended {times}; the plan allows no more than {terms.extension.at_most}")
