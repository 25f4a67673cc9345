"""A site must lie inside its plan's extent, its place is WGS 84, and only some plans let it lack one."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.register.datum import to_bd09, to_gcj02
from intake.register.place_check import outside_extent
from intake.register.register_file import RegisterResult, read_register
from schemas.plan import Extent
from tests.support.intake_samples import GOOD, HEADER, PLAN, csv_file, row, small_plan

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


def read(folder: Path, *rows: list[str], more: str = "", header: Sequence[str] = HEADER) -> RegisterResult:
    return read_register(csv_file(folder, rows, header), small_plan(folder, PLAN + more))


def test_one_place_in_two_datums_becomes_one_place(tmp_path: Path) -> None:
    here, there = row(latitude="33.7374", longitude="113.2564"), row(id="P2", latitude="33.7360", longitude="113.2625")
    result = read(tmp_path, [*here, "CGCS2000"], [*there, "GCJ-02"], header=[*HEADER, "坐标系"])
    one, other = result.sites
    assert one.latitude == 33.7374 and one.longitude == 113.2564
    assert other.latitude == pytest.approx(33.7374, abs=2e-4) and other.longitude == pytest.approx(113.2564, abs=2e-4)
    assert result.datums == (("gcj02", 1), ("wgs84", 1)) and result.converted == 1


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_datum_of_the_plan_is_converted_on_intake(tmp_path: Path, datum: str) -> None:
    shifted = to_gcj02((33.87, 113.05)) if datum == "gcj02" else to_bd09((33.87, 113.05))
    cells = row(latitude=repr(shifted[0]), longitude=repr(shifted[1]))
    result = read(tmp_path, cells, row(id="P2", latitude="?"), more=f"coordinates: {datum}\n")
    (site,) = result.sites
    assert (site.latitude, site.longitude) == (33.87, 113.05)
    assert result.datums == ((datum, 1),)  # the bad row is not counted


@pytest.mark.parametrize(
    ("names", "datum"),
    [
        (("纬度(WGS84)", "经度（WGS84）"), "wgs84"),
        (("纬度（GCJ-02）", "经度(gcj02)"), "gcj02"),
        (("纬度(CGCS2000)", "经度(CGCS2000)"), "wgs84"),
        (("纬度(°)", "经度(°)"), "bd09"),
        (("纬度", "经度"), "bd09"),
    ],
)
def test_datum_of_the_headers_precedes_that_of_the_plan(tmp_path: Path, names: tuple[str, str], datum: str) -> None:
    result = read(tmp_path, row(), header=[*HEADER[:4], *names, *HEADER[6:]], more="coordinates: bd09\n")
    assert result.datums == ((datum, 1),)


def test_unknown_datum_is_a_fault_of_its_row(tmp_path: Path) -> None:
    result = read(tmp_path, [*row(), "西安80"], header=[*HEADER, "坐标系"])
    assert [(f.column, f.value, f.expected) for f in result.faults] == [
        ("坐标系", "西安80", "a datum: wgs84 (CGCS2000 is the same), gcj02 or bd09")
    ]


def test_keys_of_places_leave_no_trace_in_a_plan_without_them(tmp_path: Path) -> None:
    assert not {"coordinates", "places"} & small_plan(tmp_path).model_dump(mode="json").keys()
    assert small_plan(tmp_path, PLAN + "places: optional\n").model_dump(mode="json")["places"] == "optional"


def test_plane_metres_are_one_fault_of_both_columns(tmp_path: Path) -> None:
    result = read(tmp_path, row(latitude="3734567.8", longitude="38432156.3"))
    (fault,) = result.faults
    assert fault.column == "latitude / longitude" and "zone 38" in fault.expected


def test_sites_may_lack_their_place_where_the_plan_says_so(tmp_path: Path) -> None:
    bare, half = row(latitude="", longitude=""), row(id="P2", latitude="")
    result = read(tmp_path, bare, half, row(id="P3"), more="places: optional\n")
    assert [site.id for site in result.sites] == ["P1", "P3"] and result.without_place == 1
    assert [(f.column, f.row) for f in result.faults] == [("latitude", 3)]
    assert [f.row for f in read(tmp_path, bare, more="places: required\n").faults] == [2]


def test_register_may_lack_columns_of_optional_places(tmp_path: Path) -> None:
    header, cells = [*HEADER[:4], *HEADER[6:]], [*GOOD[:4], *GOOD[6:]]
    assert len(read(tmp_path, cells, header=header, more="places: optional\n").sites) == 1
    assert not read(tmp_path, cells, header=header).readable
