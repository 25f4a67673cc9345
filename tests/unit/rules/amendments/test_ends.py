"""The end of a campaign that amendments move: which end was in force when a subject came to it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.amendments.ends import CAMPAIGN_ENDED, EndMove, moved_in_time

END = datetime(2021, 10, 31, 16, tzinfo=UTC)
DAYS = st.integers(-5, 5).map(lambda days: timedelta(days=days))


@given(st.lists(st.tuples(DAYS, DAYS), max_size=4))
def test_the_last_end_in_force_decides(said: list[tuple[timedelta, timedelta]]) -> None:
    moves = [EndMove(END + heard, END + moved) for heard, moved in sorted(said, key=lambda one: one[0])]
    in_force = END
    for move in moves:
        if move.heard_at < END:
            in_force = move.ends_at
    found = moved_in_time(END, CAMPAIGN_ENDED, moves)
    assert (found is not None) == (in_force > END)
    assert found is None or found < END
    assert moved_in_time(END, "the campaign was stopped: done", moves) is None


def test_end_that_was_moved_back_in_time_stands() -> None:
    on, back, late = (
        EndMove(END - timedelta(days=5 - n), END + timedelta(days=d)) for n, d in ((0, 30), (1, 0), (6, 30))
    )
    assert moved_in_time(END, CAMPAIGN_ENDED, [on, back, late]) is None
