"""Places of the Chinese datums as WGS 84."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.register.datum import Place, in_china, to_bd09, to_gcj02, to_wgs84
from schemas.plan import Datum

china = st.tuples(st.floats(18.5, 53), st.floats(74, 134))
henan = st.tuples(st.floats(31.4, 36.4), st.floats(110.4, 116.6))
anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def metres(one: Place, other: Place) -> float:
    """The distance of two near places."""
    north, east = other[0] - one[0], (other[1] - one[1]) * cos(radians(one[0]))
    return hypot(north, east) * 111_320


@given(place=china)
def test_shifted_place_comes_back_to_a_ten_millionth_degree(place: Place) -> None:
    for shifted, datum in ((to_gcj02(place), "gcj02"), (to_bd09(place), "bd09")):
        found = to_wgs84(shifted, datum)  # type: ignore[arg-type]
        assert found == pytest.approx(place, abs=1.1e-7)


@given(place=henan)
def test_shift_in_henan_is_some_hundred_metres(place: Place) -> None:
    assert 300 < metres(place, to_gcj02(place)) < 700
    assert 700 < metres(to_gcj02(place), to_bd09(place)) < 1500


@given(place=anywhere.filter(lambda place: not in_china(place)), datum=st.sampled_from(["wgs84", "gcj02", "bd09"]))
def test_place_outside_of_china_is_unchanged(place: Place, datum: Datum) -> None:
    assert to_gcj02(place) == to_bd09(place) == to_wgs84(place, datum) == place


@pytest.mark.parametrize(
    ("wgs84", "gcj02"), [((33.7374, 113.2564), (33.7360, 113.2625)), ((39.9087, 116.3975), (39.9101, 116.4037))]
)
def test_published_places_of_two_maps_agree_within_metres(wgs84: Place, gcj02: Place) -> None:
    assert metres(to_wgs84(gcj02, "gcj02"), wgs84) < 20
