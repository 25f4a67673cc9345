"""The rate of a channel as a pure function; tests/db/test_rate_limit.py tests many processes at once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rules.documents.delivery import PATIENCE, next_turn, unused
from schemas.documents.delivery import ChannelUsage, Turn

START = datetime(2030, 1, 1, tzinfo=UTC)
SECONDS = st.floats(0, 300).map(lambda seconds: timedelta(seconds=seconds))
INTERVALS = st.floats(0.05, 60).map(lambda seconds: timedelta(seconds=seconds))


def asked(moments: list[timedelta], interval: timedelta) -> list[tuple[datetime, Turn]]:
    """The moment of each request, and the granted or refused turn."""
    pace, told = unused(START), []
    for moment in moments:
        turn, pace = next_turn(pace, interval, START + moment)
        told.append((START + moment, turn))
    return told


def test_first_turn_is_immediate_second_waits_one_interval() -> None:
    first, pace = next_turn(unused(START), timedelta(seconds=1), START)
    second, _ = next_turn(pace, timedelta(seconds=1), START)

    assert first == Turn(granted=True, wait=timedelta())
    assert second == Turn(granted=True, wait=timedelta(seconds=1))


@given(moments=st.lists(SECONDS, max_size=40), interval=INTERVALS)
def test_granted_turns_are_an_interval_apart_in_any_order(moments: list[timedelta], interval: timedelta) -> None:
    turns = [now + turn.wait for now, turn in asked(moments, interval) if turn.granted]

    assert all(later - sooner >= interval for sooner, later in pairwise(turns))


@given(moments=st.lists(SECONDS, max_size=40), interval=INTERVALS)
def test_turn_wait_non_negative_and_granted_wait_bounded(moments: list[timedelta], interval: timedelta) -> None:
    for _, turn in asked(moments, interval):
        assert turn.wait >= timedelta()
        assert turn.wait <= PATIENCE if turn.granted else turn.wait > PATIENCE


@given(moments=st.lists(SECONDS, min_size=2, max_size=40), interval=INTERVALS)
def test_those_who_are_sent_away_come_again_one_after_the_other(moments: list[timedelta], interval: timedelta) -> None:
    again = [now + turn.wait for now, turn in asked(moments, interval) if not turn.granted]

    assert all(later - sooner >= interval for sooner, later in pairwise(again))


def test_idle_channel_is_free_without_accumulated_turns() -> None:
    rested = ChannelUsage(turn_at=START - timedelta(hours=1), asked_until=START - timedelta(hours=1))

    turn, pace = next_turn(rested, timedelta(minutes=1), START)

    assert turn == Turn(granted=True, wait=timedelta())
    assert pace.turn_at == START + timedelta(minutes=1)
