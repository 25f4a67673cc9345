"""Ids and codes lose the marks that force text, names keep theirs."""

from pathlib import Path

import pytest

from intake.register.mapping import read_mapping
from intake.register.register_file import RegisterResult, read_register
from tests.support.intake_samples import csv_file, row, small_plan

MARKED = ["‘{}", "’{}", "“{}”", "‘{}’", "`{}", "＇{}", "={}", "´{}", "'{}'", "‘ {} "]


def read(folder: Path, *rows: list[str]) -> RegisterResult:
    return read_register(csv_file(folder, rows), small_plan(folder))


def ids(result: RegisterResult) -> list[str]:
    return [site.id for site in result.sites]


@pytest.mark.parametrize("marked", MARKED)
def test_mark_before_id_or_code_is_removed(tmp_path: Path, marked: str) -> None:
    cells = {"id": "410400-001", "city": "410400", "county": "410421", "type": "adit"}
    result = read(tmp_path, row(**{field: marked.format(cell) for field, cell in cells.items()}))
    assert not result.faults
    assert [(s.id, s.city, s.county, s.type) for s in result.sites] == [tuple(cells.values())]


@pytest.mark.parametrize("marked", MARKED)
def test_marked_id_is_the_plain_one_again(tmp_path: Path, marked: str) -> None:
    (fault,) = read(tmp_path, row(), row(id=marked.format("P1"), latitude="33.9")).faults
    assert "row 2 has it already" in fault.expected


def test_quotes_of_names_stay(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [row(name="“一号”井", city="‘东海岸’", county="’s-Gravenmijn")])
    plan = small_plan(tmp_path).model_copy(update={"division_codes": "free"})
    plan = plan.model_copy(update={"cities": (plan.cities[0].model_copy(update={"name": "‘东海岸’"}),)})
    (site,) = read_register(path, plan).sites
    assert (site.name, site.county) == ("“一号”井", "’s-Gravenmijn")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (["410400104.0", "410400105"], ["410400104", "410400105"]),
        (["1.0", "2.00"], ["1", "2"]),
        (["1.0", "1.1"], ["1.0", "1.1"]),
        (["1.0", "A.2"], ["1.0", "A.2"]),
        (["V2.0", "3"], ["V2.0", "3"]),
    ],
)
def test_point_and_zero_are_lost_where_no_id_has_another(
    tmp_path: Path, written: list[str], read_as: list[str]
) -> None:
    assert ids(read(tmp_path, *(row(id=one, latitude=f"33.{n}7") for n, one in enumerate(written, 6)))) == read_as


def test_codes_saved_as_decimals_are_read(tmp_path: Path) -> None:
    (site,) = read(tmp_path, row(city="410400.0", county="410421.0")).sites
    assert (site.city, site.county) == ("410400", "410421")


def test_parts_of_a_joined_id_lose_their_marks(tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("id: {join: [county, id]}\n", encoding="utf-8")
    rules, _ = read_mapping(mapping)
    result = read_register(csv_file(tmp_path, [row(id="‘P1", county="410421.0")]), small_plan(tmp_path), rules)
    assert ids(result) == ["410421-P1"]
