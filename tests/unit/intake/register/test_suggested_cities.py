"""The cities that a register names, pasted into its plan, are faulty only in what a person has to give."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from intake.check import check
from intake.register.cells import slug
from intake.register.register_file import read_register
from intake.register.suggested_cities import cities_block, suggested_cities
from services.campaign.suggesting import cities_of_register
from services.common.feedback import FaultsFound
from tests.support.intake_samples import HENAN, PLAN, csv_file, plan_file, row, small_plan

WITHOUT = PLAN[: PLAN.index("cities:")] + PLAN[PLAN.index("verification:") :]


@pytest.mark.parametrize("named", [False, True])
def test_pasted_cities_ask_only_for_offices(tmp_path: Path, named: bool) -> None:
    rows = [row(id="P1"), row(id="P2", county="410402"), row(id="P3", city="410181", county="410181")]
    if named:
        rows = [row(id="P1", city="平顶山市", county="宝丰县"), row(id="P3", city="巩义市", county="410181")]
    register = csv_file(tmp_path, rows)
    block = cities_block(cities_of_register(plan_file(tmp_path, WITHOUT), register, None))
    report = check(plan_file(tmp_path, WITHOUT + block + "\n"), register)
    assert [(fault.path, fault.expected) for fault in report.faults] == [
        (f"cities[{place}].{field}", "text") for place in (0, 1) for field in ("lead", "recipients[0].name")
    ]
    filled = block.replace("lead:   #", "lead: 市政府 #").replace("name:   #", "name: 局 #")
    report = check(plan_file(tmp_path, WITHOUT + filled + "\n"), register)
    assert not report.faults and report.register is not None and len(report.register.sites) == len(rows)


def test_example_register_suggests_the_cities_of_its_plan() -> None:
    text = (HENAN / "register.csv").read_text(encoding="utf-8-sig").splitlines()
    places = [(cells[2], cells[2], cells[3]) for cells in (line.split(",") for line in text[1:])]
    assert [(city.code, city.name) for city in suggested_cities(places, True)] == [
        ("410181", "巩义市"), ("410400", "平顶山市"), ("410600", "鹤壁市"), ("411200", "三门峡市"),
    ]  # fmt: skip


def test_cities_of_the_plan_are_not_suggested_again(tmp_path: Path) -> None:
    register = csv_file(tmp_path, [row(), row(id="P2", city="410600", county="410602")])
    assert [city.code for city in cities_of_register(plan_file(tmp_path), register, None)] == ["410600"]


def test_unknown_code_and_free_name_are_suggested_as_written() -> None:
    (unknown,) = suggested_cities([("410999", "410999", "")], True)
    assert (unknown.code, unknown.name) == ("410999", "410999")
    (free,) = suggested_cities([("Świętokrzyskie", "Świętokrzyskie", "Kielce")], False)
    assert (free.code, free.name, dict(free.counties)) == ("swietokrzyskie", "Świętokrzyskie", {"Kielce": 1})


def test_name_without_its_last_character_is_the_city(tmp_path: Path) -> None:
    rows = [row(city="平顶山"), row(id="P2", city="平顶山市"), row(id="P3", city="新乡", county="410721")]
    (first, second) = cities_of_register(plan_file(tmp_path, WITHOUT), csv_file(tmp_path, rows), None)
    assert (first.code, first.name, first.counties.total()) == ("410400", "平顶山市", 2)
    assert (second.code, second.name) == ("410700", "新乡市")
    read = read_register(csv_file(tmp_path, rows[:2]), small_plan(tmp_path))
    assert [site.city for site in read.sites] == ["410400", "410400"]


@pytest.mark.parametrize("name", ["東京", "Łódź", "Lodz"])
def test_name_of_a_slug_is_as_written(tmp_path: Path, name: str) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("city: {column: city, slug: true}\n", encoding="utf-8")
    plan = plan_file(tmp_path, WITHOUT + "division_codes: free\n")
    (city,) = cities_of_register(plan, csv_file(tmp_path, [row(city=name)]), mapping)
    assert (city.code, city.name) == (slug(name), name)


def test_register_without_city_column_is_a_fault(tmp_path: Path) -> None:
    register = csv_file(tmp_path, [["P1"]], header=["id"])
    with pytest.raises(FaultsFound) as found:
        cities_of_register(plan_file(tmp_path, WITHOUT), register, None)
    assert any("a column for city" in fault.expected for fault in found.value.faults)


written = st.text(min_size=1, max_size=12)


@given(st.lists(st.tuples(written, written, st.text(max_size=12)), max_size=5), st.booleans())
def test_block_is_yaml_of_these_cities_whatever_is_written(places: list[tuple[str, str, str]], gbt2260: bool) -> None:
    cities = suggested_cities(places, gbt2260)
    read = yaml.safe_load(cities_block(cities))["cities"] or []
    assert [(one["code"] and str(one["code"]), str(one["name"])) for one in read] == [(c.code, c.name) for c in cities]
    assert sum(city.counties.total() for city in cities) == len(places)
