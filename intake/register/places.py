"""Degrees of latitude and longitude as offices write them, and plane metres that are taken for them."""

import re
from decimal import Decimal

from intake.files.faults import InvalidCell
from intake.register import wording
from schemas.identity import plain

_MARKS = str.maketrans(dict.fromkeys("º˚度", "°") | dict.fromkeys("’‘′‵´`ʹ分", "'") | dict.fromkeys("”“″‶ʺ秒", '"'))
_HEMISPHERES = {"北纬": "N", "南纬": "S", "东经": "E", "西经": "W", "北": "N", "南": "S", "东": "E", "西": "W"}
_HEMISPHERE = re.compile(r"(?P<before>[NSEW]?)\s*(?P<degrees>.+?)\s*(?P<after>[NSEW]?)")
_DECIMAL = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d{1,3})?)\s*°?", re.ASCII)
_SIXTIETHS = re.compile(
    r"""(?P<sign>[+-]?)(?P<degrees>\d{1,3})\s*°\s*(?P<minutes>\d{1,2}(?:\.\d+)?)\s*(?:'\s*(?P<seconds>\d{1,2}(?:\.\d+)?)?\s*(?:"|''|))?""",
    re.ASCII,
)
_UNMARKED = re.compile(
    r"(?P<sign>[+-]?)(?P<degrees>\d{1,3})(?P<mark>[:\s-])(?P<minutes>\d{1,2})(?P=mark)(?P<seconds>\d{1,2}(?:\.\d+)?)",
    re.ASCII,
)
_DECIMALS = Decimal("0.000000001")
"""To what minutes and seconds are rounded: a tenth of a millimetre. Decimal degrees are not rounded."""

_METRES = 1000
"""No angle is as large; a plane coordinate is, anywhere but on its axes."""


def read_latitude(text: str) -> Decimal:
    """Degrees north; south is negative. The range is not checked here."""
    return _read(text, "N", "S", wording.LATITUDE)


def read_longitude(text: str) -> Decimal:
    """Degrees east; west is negative. The range is not checked here."""
    return _read(text, "E", "W", wording.LONGITUDE)


def _read(text: str, positive: str, negative: str, expected: str) -> Decimal:
    """`33.7374`, `33°44'14.6"N`, `33°44.243′`, `33度44分14.6秒`, `北纬33°44′14″`, `N33 44 14.6`, `33:44:14.6`."""
    written = plain(text.translate(_MARKS)).strip().upper()
    for word, letter in _HEMISPHERES.items():
        written = written.replace(word, letter)
    found = _HEMISPHERE.fullmatch(written)
    if found is None or (found["before"] and found["after"]):
        raise InvalidCell(wording.DEGREES)
    hemisphere = found["before"] or found["after"]
    if hemisphere and hemisphere not in (positive, negative):
        raise InvalidCell(expected)
    degrees = _degrees(found["degrees"])
    if hemisphere and found["degrees"].startswith(("-", "+")):
        raise InvalidCell(wording.SIGN_AND_HEMISPHERE)
    return -degrees if hemisphere == negative else degrees


def _degrees(written: str) -> Decimal:
    if (found := _DECIMAL.fullmatch(written)) is not None:
        return Decimal(found[1])
    found = _SIXTIETHS.fullmatch(written) or _UNMARKED.fullmatch(written)
    if found is None or (found["seconds"] and "." in found["minutes"]):
        raise InvalidCell(wording.DEGREES)
    minutes, seconds = Decimal(found["minutes"]), Decimal(found["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        raise InvalidCell(wording.SIXTIETHS)
    degrees = (Decimal(found["degrees"]) + minutes / 60 + seconds / 3600).quantize(_DECIMALS).normalize()
    return -degrees if found["sign"] == "-" else degrees


def plane_metres(latitude: float, longitude: float) -> str | None:
    """The expectation for a pair in metres of a plane, in either order; None for a pair of angles.

    Gauss-Krüger has the zone before the six digits of the easting: 13 to 23 of six degrees, 25 to 45 of three.
    """
    pair = (abs(latitude), abs(longitude))
    if max(pair) < _METRES:
        return None
    for easting, northing in (pair, pair[::-1]):
        zone, rest = divmod(easting, 1_000_000)
        if (13 <= zone <= 23 or 25 <= zone <= 45) and 100_000 <= rest < 900_000 and northing < 10_000_000:
            return wording.gauss_krueger(int(zone), int(6 * zone - 3 if zone <= 23 else 3 * zone))
    return wording.PLANE_METRES
