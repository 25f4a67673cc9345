"""The hold of replies against a plain reading of its rule: any order, any repeats, never beyond the limit."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import clause_end, last_day_of, local_date
from rules.documents.holds import held_until, hold_after, still_answerable
from schemas.calendar import Clause, DayUnit
from schemas.documents.document import Reply
from schemas.documents.terms import InstrumentTerms
from tests.support.budget import examples
from tests.support.escalating_city import frozen

CALENDAR = frozen("2021-07-19", "2021-12-31").calendar
FIRST = datetime(2021, 8, 23, 2, tzinfo=UTC)
bounded = settings(max_examples=examples(100), derandomize=True, deadline=None, database=None)


def known(limit: int | None, without_day: int | None) -> InstrumentTerms:
    def clause(amount: int | None) -> Clause | None:
        return None if amount is None else Clause(amount=amount, unit=DayUnit.CALENDAR_DAYS)

    return InstrumentTerms(
        kind="supervision_order", rung=2, instrument="supervision_order", series="s", level="bureaus",
        receipt=Clause(amount=1, unit=DayUnit.WORKING_DAYS), reply_holds=clause(limit),
        reply_holds_without_day=clause(without_day),
    )  # fmt: skip


def reply(hours: int, promised: int | None) -> Reply:
    at = FIRST + timedelta(hours=hours)
    day = None if promised is None else str(local_date(CALENDAR, at) + timedelta(days=promised))
    return Reply(unit="平顶山市", at=at, text="正在整改", complete_by=day)


REPLIES = st.lists(
    st.tuples(st.integers(0, 400), st.none() | st.integers(0, 40)), min_size=1, max_size=4, unique_by=lambda r: r[0]
).map(lambda found: [reply(*one) for one in found])
TERMS = st.builds(known, st.integers(0, 20), st.none() | st.integers(0, 20))


@bounded
@given(TERMS, REPLIES)
def test_hold_depends_on_last_word_and_limit_from_first_alone(terms: InstrumentTerms, replies: list[Reply]) -> None:
    found = {held_until(CALENDAR, terms, order) for order in permutations(replies)}
    assert len(found) == 1, "whatever the order of receipt"
    first, last = min(r.at for r in replies), max(replies, key=lambda r: r.at)
    assert terms.reply_holds is not None
    limit = last_day_of(CALENDAR, clause_end(CALENDAR, first, terms.reply_holds))
    held = found.pop()
    assert held is None or held <= limit
    if last.complete_by is not None:
        assert held == min(limit, date.fromisoformat(last.complete_by))
    else:
        assert (held is None) == (terms.reply_holds_without_day is None)


@bounded
@given(TERMS, REPLIES)
def test_what_sites_are_told_amounts_to_the_hold_of_all_replies(terms: InstrumentTerms, replies: list[Reply]) -> None:
    """A site that takes each news as it comes is held like one that knows all replies, or not at all any more."""
    told: date | None = None
    for place, new in enumerate(replies):
        news = hold_after(CALENDAR, terms, replies[:place], new)
        told = told if news is None else news
    today = local_date(CALENDAR, max(r.at for r in replies))
    held = held_until(CALENDAR, terms, replies)
    if held is not None and held >= today:
        assert told == held
    else:
        assert told is None or told <= today


def test_without_reply_holds_no_reply_holds_anything() -> None:
    terms = known(None, None)
    assert held_until(CALENDAR, terms, [reply(0, 5)]) is None
    assert hold_after(CALENDAR, terms, [], reply(0, 5)) is None
    assert hold_after(CALENDAR, None, [], reply(0, 5)) is None
    assert not still_answerable(CALENDAR, terms, [reply(0, 5)], FIRST)


def test_further_replies_are_of_use_until_the_limit() -> None:
    terms, replies = known(10, None), [reply(0, 3)]
    assert still_answerable(CALENDAR, terms, replies, FIRST + timedelta(days=10))
    assert not still_answerable(CALENDAR, terms, replies, FIRST + timedelta(days=11))
    assert not still_answerable(CALENDAR, terms, [], FIRST)
