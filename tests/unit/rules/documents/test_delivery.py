"""A delivery is given up only after enough time and enough tries."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.documents.delivery import GIVE_UP_AFTER, GIVE_UP_TRIES, is_given_up

MOMENT = timedelta(microseconds=1)


def test_channel_abandoned_only_after_three_days_and_20_tries() -> None:
    assert is_given_up(timedelta(days=3), 20)
    assert not is_given_up(timedelta(days=3) - MOMENT, 20)
    assert not is_given_up(timedelta(days=3), 19)


@given(waited=st.timedeltas(timedelta(), timedelta(days=30)))
def test_an_outage_of_our_own_gives_nothing_up_at_the_first_try(waited: timedelta) -> None:
    assert not is_given_up(waited, 1)


@given(tries=st.integers(1, 10_000))
def test_a_channel_that_is_asked_often_still_has_its_three_days(tries: int) -> None:
    assert not is_given_up(GIVE_UP_AFTER - MOMENT, tries)
    assert is_given_up(GIVE_UP_AFTER, tries) == (tries >= GIVE_UP_TRIES)
