"""Places of the shifted Chinese datums, GCJ-02 (国测局, 火星坐标) and BD-09 (百度), as WGS 84.

Neither datum is published by its owner; the formulas are those that map programs have agreed on since 2010. CGCS2000
is WGS 84 within centimetres. Outside of China's rectangle both datums are WGS 84.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt

from schemas.plan import Datum

Place = tuple[float, float]
"""Latitude and longitude in degrees."""

_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
"""Semi-major axis (m) and squared eccentricity of the ellipsoid of Krassowsky 1940."""
_BAIDU = pi * 3000 / 180
_ROUNDS = 20
_DECIMALS = 7
"""A centimetre: the same file gives the same register on every machine."""


def in_china(place: Place) -> bool:
    """Whether the place lies in the rectangle in which the datums are shifted."""
    return 0.8293 <= place[0] <= 55.8271 and 72.004 <= place[1] <= 137.8347


def to_gcj02(place: Place) -> Place:
    """A WGS 84 place in GCJ-02: some 300 to 700 m away in China, unchanged elsewhere."""
    if not in_china(place):
        return place
    latitude, longitude = place
    x, y = longitude - 105, latitude - 35
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    angle = latitude / 180 * pi
    bent = 1 - _ECCENTRICITY * sin(angle) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (bent * sqrt(bent))
    return latitude + north * 180 / (meridian * pi), longitude + east * 180 / (_AXIS / sqrt(bent) * cos(angle) * pi)


def to_bd09(place: Place) -> Place:
    """A WGS 84 place in BD-09; unchanged outside of China."""
    if not in_china(place):
        return place
    y, x = to_gcj02(place)
    radius = hypot(x, y) + 0.00002 * sin(y * _BAIDU)
    angle = atan2(y, x) + 0.000003 * cos(x * _BAIDU)
    return radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065


def to_wgs84(place: Place, datum: Datum) -> Place:
    """The WGS 84 place whose place in `datum` is this one, to 1e-7 degrees; a place outside of China as it is."""
    if datum == "wgs84" or not in_china(place):
        return place
    shifted: Callable[[Place], Place] = to_gcj02 if datum == "gcj02" else to_bd09
    found = place
    for _ in range(_ROUNDS):  # the shift hardly differs between neighbours, so that each round gains two digits
        there = shifted(found)
        found = found[0] + place[0] - there[0], found[1] + place[1] - there[1]
    return round(found[0], _DECIMALS), round(found[1], _DECIMALS)
