"""Degrees in the spellings of offices, and metres in their place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.files.faults import InvalidCell
from intake.register.places import plane_metres, read_latitude, read_longitude

SPELLINGS = [
    "33°44'14.6\"N", "33°44′14.6″", "33° 44′ 14.6″ N", "33度44分14.6秒", "北纬33°44′14.6″", "N33 44 14.6", "33-44-14.6",
    "33:44:14.6", "33：44：14.6", "３３°４４′１４．６″", "33º44’14.6”", "33˚44´14.6''", "33°44′14.6", "N 33°44′14.6″",
    "33°44′14.6″北", "33°44'14.6′′", "33─44─14.6", "33—44—14.6",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_minutes_and_seconds_are_read_in_every_usual_spelling(text: str) -> None:
    assert read_latitude(text) == Decimal("33.737388889")


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("33°44.243'", "33.737383333"), ("33°", "33"), ("33.7374°N", "33.7374"), ("33.7374度", "33.7374"),
        ("33°44′", "33.733333333"), ("-33°30′", "-33.5"), ("33°30′S", "-33.5"), ("南纬33.5", "-33.5"),
        ("S33.5", "-33.5"), ("−33.5", "-33.5"), ("─33.5", "-33.5"), ("３３．７３７４", "33.7374"),
        ("33.73740000000001", "33.73740000000001"), ("0°30′", "0.5"), ("-0°30′", "-0.5"),
    ],
)  # fmt: skip
def test_latitude_is_read_with_its_hemisphere(text: str, degrees: str) -> None:
    assert read_latitude(text) == Decimal(degrees)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [("东经113.2564", "113.2564"), ("113°15′E", "113.25"), ("W113 30 0", "-113.5"), ("1E-5", "0.00001")],
)
def test_longitude_is_read_with_its_hemisphere(text: str, degrees: str) -> None:
    assert read_longitude(text) == Decimal(degrees)


@given(degrees=st.integers(0, 89), minutes=st.integers(0, 59), seconds=st.decimals(0, Decimal("59.999"), places=3))
def test_any_angle_is_the_same_in_all_spellings(degrees: int, minutes: int, seconds: Decimal) -> None:
    exact = Decimal(degrees) + Decimal(minutes) / 60 + seconds / 3600
    for text in (
        f"{degrees}°{minutes}′{seconds}″",
        f"{degrees}:{minutes}:{seconds}",
        f"{degrees}度{minutes}分{seconds}秒",
    ):
        assert abs(read_latitude(text) - exact) <= Decimal("1e-9") / 2
        assert read_latitude(f"南纬{text}") == -read_latitude(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("33°60′", "below 60"), ("33°44′60″", "below 60"), ("33:61:00", "below 60"), ("E33.5", "probably swapped"),
        ("东经113.2564", "probably swapped"), ("-33.5S", "a sign or a hemisphere"), ("N33.5N", "degrees such as"),
        ("33°44.5′10″", "degrees such as"), ("33,87", "degrees such as"), ("41.02. -0.59", "degrees such as"),
        ("33 44", "degrees such as"), ("", "degrees such as"), ("北", "degrees such as"), ("33°44″", "degrees such as"),
    ],
)  # fmt: skip
def test_what_is_no_latitude_is_invalid_and_says_why(text: str, expected: str) -> None:
    with pytest.raises(InvalidCell, match=expected):
        read_latitude(text)


def test_hemisphere_of_a_latitude_is_none_of_a_longitude() -> None:
    with pytest.raises(InvalidCell, match=r"a longitude, east or west: .* probably swapped"):
        read_longitude("北纬33.5")


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        (3734567.8, 38432156.3, "Gauss-Krüger plane metres (zone 38, central meridian 114°)"),
        (38432156.3, 3734567.8, "zone 38, central meridian 114°"),
        (3734567.8, 19432156.3, "zone 19, central meridian 111°"),
        (3734567.8, 432156.3, "plane metres (Gauss-Krüger without a zone, or UTM)"),
        (432156.3, 3734567.8, "plane metres"),
    ],
)
def test_plane_metres_are_named_as_such(latitude: float, longitude: float, expected: str) -> None:
    found = plane_metres(latitude, longitude)
    assert found is not None and expected in found and "convert them to degrees (CGCS2000 geographic) first" in found


@given(latitude=st.floats(-360, 360), longitude=st.floats(-360, 360))
def test_no_pair_of_angles_is_taken_for_metres(latitude: float, longitude: float) -> None:
    assert plane_metres(latitude, longitude) is None
