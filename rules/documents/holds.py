"""Until when the replies to a document stop the climb of its sites.

The last reply counts, by its event time: its day replaces the day of the one before, earlier or later. The limit counts
from the first reply, so that no number of replies extends it. A reply that promises no day holds for the plan's clause
for that, and without a clause it holds nothing and ends the hold of the reply before.
"""

from collections.abc import Sequence
from datetime import date, datetime

from rules.calendar import clause_end, last_day_of, local_date
from schemas.calendar import Calendar
from schemas.documents.document import Reply
from schemas.documents.terms import InstrumentTerms


def held_until(calendar: Calendar, known: InstrumentTerms | None, replies: Sequence[Reply]) -> date | None:
    """The last day on which these replies, in any order, hold the sites; None if they hold nothing."""
    limit = limit_of(calendar, known, replies)
    if limit is None or known is None:
        return None
    last = max(reversed(replies), key=lambda reply: reply.at)  # of two at one moment the one recorded later
    if last.complete_by is not None:
        return min(date.fromisoformat(last.complete_by), limit)
    if known.reply_holds_without_day is None:
        return None
    return min(last_day_of(calendar, clause_end(calendar, last.at, known.reply_holds_without_day)), limit)


def limit_of(calendar: Calendar, known: InstrumentTerms | None, replies: Sequence[Reply]) -> date | None:
    """The last day on which any reply may hold the sites; None where none does."""
    if known is None or known.reply_holds is None or not replies:
        return None
    return last_day_of(calendar, clause_end(calendar, min(reply.at for reply in replies), known.reply_holds))


def hold_after(
    calendar: Calendar, known: InstrumentTerms | None, replies: Sequence[Reply], new: Reply, heard_at: datetime
) -> date | None:
    """The day until which the sites are held once `new` is received at `heard_at`, also if it is the day of before.

    None if they were not held and are not. A hold that the new reply ends, or should have ended before its receipt,
    lasts to the end of the day of the receipt: nobody climbs on the day that is running.
    """
    before, now = held_until(calendar, known, replies), held_until(calendar, known, (*replies, new))
    today = local_date(calendar, heard_at)
    if before is not None and before >= today:
        return today if now is None else max(now, today)
    return now if now is not None and now >= today else None


def still_answerable(calendar: Calendar, known: InstrumentTerms | None, replies: Sequence[Reply], at: datetime) -> bool:
    """Whether a further reply may still change the hold at `at`."""
    limit = limit_of(calendar, known, replies)
    return limit is not None and local_date(calendar, at) <= limit
