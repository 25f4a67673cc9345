"""Checks the place of a row: a pair of degrees inside the plan's extent, converted to WGS 84."""

from collections.abc import Sequence
from typing import Any

from intake.files.faults import InvalidCell
from intake.register import cells, wording
from intake.register.datum import to_wgs84
from intake.register.places import plane_metres
from schemas.plan import Datum, Extent, Plan

COORDINATES = ("latitude", "longitude")
PLACE = "+".join(COORDINATES)
"""The key of a fault that concerns both columns."""
_GLOBE = Extent(south=-90, west=-180, north=90, east=180)


class PlaceCheck:
    """Checks the places of rows."""

    def __init__(self, plan: Plan, labels: Sequence[str]) -> None:
        """`labels` are the headers of both columns: a datum in brackets (`纬度(WGS84)`) goes before the plan's."""
        self._extent = plan.extent or _GLOBE
        self._datum: Datum = _datum_named(labels) or plan.coordinates or "wgs84"
        self._optional = plan.places == "optional"

    def __call__(self, values: dict[str, Any], faulty: dict[str, str]) -> Datum | None:
        """Converts the pair in `values`, whose `coordinates` is the row's own datum; adds its faults to `faulty`.

        Returns the datum of the pair; None without a pair.
        """
        datum: Datum = values.pop("coordinates", self._datum)
        if faulty.keys() & {*COORDINATES, "coordinates"}:
            return None
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if latitude is None and longitude is None:
            if not self._optional:
                faulty[PLACE] = wording.PAIR
        elif latitude is None or longitude is None:
            faulty["latitude" if latitude is None else "longitude"] = wording.PAIR
        elif (expected := plane_metres(latitude, longitude)) is not None:
            faulty[PLACE] = expected
        else:
            latitude, longitude = to_wgs84((latitude, longitude), datum)
            if (expected := outside_extent(self._extent, latitude, longitude)) is not None:
                faulty[PLACE] = expected
            else:
                values["latitude"], values["longitude"] = latitude, longitude
                return datum
        return None


def _datum_named(labels: Sequence[str]) -> Datum | None:
    """The datum that all headers name; None unless they agree."""
    named = {_in_brackets(label) for label in labels}
    return named.pop() if len(named) == 1 else None


def _in_brackets(label: str) -> Datum | None:
    try:
        return cells.datum(cells.code(label).partition("(")[2].rpartition(")")[0])
    except InvalidCell:
        return None  # nothing, or a unit


def outside_extent(extent: Extent | None, latitude: float | None, longitude: float | None) -> str | None:
    """The expectation for a place (WGS 84 degrees) outside a plan's extent; None for a place inside.

    None also if a coordinate is not known, or the plan has no extent.
    """
    if extent is None or latitude is None or longitude is None or _inside(extent, latitude, longitude):
        return None
    place = wording.within(extent.south, extent.north, extent.west, extent.east)
    return wording.swapped(place) if _inside(extent, longitude, latitude) else place


def _inside(extent: Extent, latitude: float, longitude: float) -> bool:
    """Whether the place lies in the extent, borders included."""
    return extent.south <= latitude <= extent.north and extent.west <= longitude <= extent.east
