"""The hold of replies against a plain reading of its rule: any order, any repeats, never beyond the limit."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import clause_end, last_day_of, local_date, next_working_day
from rules.documents.holds import held_until, hold_after, still_answerable
from rules.effects import NotifySites
from schemas.calendar import Clause, DayUnit
from schemas.documents.document import Reply
from schemas.documents.terms import InstrumentTerms
from schemas.work import EscalationUpdate
from tests.support.budget import examples
from tests.support.escalating_city import EscalatingCity, days, frozen

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
"""In the order of receipt, which need not be that of their event times."""
DELAYS = st.lists(st.integers(0, 72), min_size=4, max_size=4)
"""Hours from the event time to the receipt."""
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


def received(replies: list[Reply], delays: list[int]) -> list[datetime]:
    """When each of them is heard of: later than its event time, and never before the one that was heard of first."""
    heard, last = [], FIRST
    for one, delay in zip(replies, delays, strict=False):
        last = max(last, one.at + timedelta(hours=delay))
        heard.append(last)
    return heard


@bounded
@given(TERMS, REPLIES, DELAYS)
def test_what_sites_are_told_amounts_to_the_hold_of_all_replies(
    terms: InstrumentTerms, replies: list[Reply], delays: list[int]
) -> None:
    """A site that takes each news as it comes is held like one that knows all replies, or not at all any more."""
    told: date | None = None
    for place, (new, heard_at) in enumerate(zip(replies, received(replies, delays), strict=True)):
        today, before = local_date(CALENDAR, heard_at), told
        news = hold_after(CALENDAR, terms, replies[:place], new, heard_at)
        told = told if news is None else news
        held = held_until(CALENDAR, terms, replies[: place + 1])
        if held is not None and held >= today:
            assert told == held
        else:
            assert told is None or told <= today
        if before is not None and before >= today:
            assert told is not None and told >= today, "nobody climbs on the day that is running"


@pytest.mark.parametrize("promised", [*product((3, 9, 16), repeat=3), (3, None, 9), (9, 9, None)])
def test_site_of_overtaken_news_is_held_by_the_last_reply(promised: tuple[int | None, ...]) -> None:
    """Heard of a day after their event times, and told to the site in every order."""
    order = {"rung": 2, "instrument": "supervision_order", "after": days(1), "reply": days(5), "reply_holds": days(30)}
    ready = EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=[order]), date(2021, 8, 20))
    ready.live(FIRST)
    replies, told = [reply(place, day) for place, day in enumerate(promised)], list[NotifySites]()
    for place, new in enumerate(replies):
        until = hold_after(CALENDAR, known(30, None), replies[:place], new, new.at + timedelta(days=1))
        assert until is not None
        key = ready.newest("supervision_order")
        told.append(NotifySites(FIRST, EscalationUpdate.HOLD_CLIMB, key, 2, until, ("a",), reply=place + 1))
    for news in permutations(told):
        city = deepcopy(ready)
        for one in news:
            city._notify_sites(one)
        assert city.cases["a"].state.held_from == next_working_day(CALENDAR, told[-1].day + timedelta(days=1))
        assert not city.refused


def test_reply_without_day_heard_later_holds_the_day_of_its_receipt() -> None:
    promised, later = reply(0, 17), FIRST + timedelta(days=14)
    without = Reply(unit="平顶山市", at=later, text="正在整改")
    heard_at = later + timedelta(days=2)
    today = local_date(CALENDAR, heard_at)
    assert hold_after(CALENDAR, known(30, None), [promised], without, heard_at) == today
    assert hold_after(CALENDAR, known(30, 1), [promised], without, heard_at) == today, "its clause ended before"
    assert hold_after(CALENDAR, known(30, 9), [promised], without, heard_at) == today + timedelta(days=7)
    over = heard_at + timedelta(days=9)
    assert hold_after(CALENDAR, known(30, None), [promised], without, over) is None, "the hold was over"


def test_same_day_again_is_told_again() -> None:
    first, again = reply(0, 10), reply(24, 9)
    assert first.complete_by == again.complete_by
    assert str(hold_after(CALENDAR, known(30, None), [first], again, again.at)) == first.complete_by


def test_without_reply_holds_no_reply_holds_anything() -> None:
    terms = known(None, None)
    assert held_until(CALENDAR, terms, [reply(0, 5)]) is None
    assert hold_after(CALENDAR, terms, [], reply(0, 5), FIRST) is None
    assert hold_after(CALENDAR, None, [], reply(0, 5), FIRST) is None
    assert not still_answerable(CALENDAR, terms, [reply(0, 5)], FIRST)


def test_further_replies_are_of_use_until_the_limit() -> None:
    terms, replies = known(10, None), [reply(0, 3)]
    assert still_answerable(CALENDAR, terms, replies, FIRST + timedelta(days=10))
    assert not still_answerable(CALENDAR, terms, replies, FIRST + timedelta(days=11))
    assert not still_answerable(CALENDAR, terms, [], FIRST)
