"""A site must lie inside its plan's extent."""

from hypothesis import given
from hypothesis import strategies as st

from intake.register.row_check import outside_extent
from schemas.plan import Extent

HENAN = Extent(south=31.3, west=110.3, north=36.4, east=116.7)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_only_a_place_outside_the_extent_is_misplaced(latitude: float, longitude: float) -> None:
    inside = 31.3 <= latitude <= 36.4 and 110.3 <= longitude <= 116.7
    assert (outside_extent(HENAN, latitude, longitude) is None) is inside


def test_swapped_coordinates_are_told_as_what_they_are() -> None:
    assert outside_extent(HENAN, 33.7, 113.2) is None
    (other, swapped) = outside_extent(HENAN, 40.0, 113.2), outside_extent(HENAN, 113.2, 33.7)
    assert other is not None and "latitude 31.3 to 36.4" in other
    assert swapped is not None and swapped != other and other in swapped


def test_what_is_not_known_is_not_misplaced() -> None:
    assert outside_extent(None, 0.0, 0.0) is None
    assert outside_extent(HENAN, None, 113.2) is None and outside_extent(HENAN, 33.7, None) is None
