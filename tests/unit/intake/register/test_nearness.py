"""Sites that stand twice, and places far from the rest of their county."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.register.nearness import FAR, SAME_PLACE, far_away, found_twice, metres_between
from intake.register.register_file import RegisterResult, read_register
from intake.register.survey_check import SurveyContext
from schemas.options.surveys import Found
from schemas.register import Site
from tests.support.intake_samples import csv_file, row, small_plan


def site(number: int, latitude: float | None, longitude: float | None, *, name: str = "", county: str = "c") -> Site:
    return Site(
        id=f"P{number}", name=name or f"Pit {number}", city="city", county=county, latitude=latitude,
        longitude=longitude, type="pit",
    )  # fmt: skip


def read(folder: Path, *rows: list[str]) -> RegisterResult:
    return read_register(csv_file(folder, rows), small_plan(folder))


def test_same_place_again_is_told_whatever_the_name(tmp_path: Path) -> None:
    second = row(id="P2", name="补测点", latitude="33.87005")
    (warning,) = read(tmp_path, row(), second, row(id="P3")).warnings
    assert (warning.row, warning.value) == (3, "P2 补测点")
    assert "P1 (row 2) has the same name or place (6 m away)" in warning.expected


def test_same_name_nearby_is_told_however_it_is_spelt() -> None:
    named = [site(1, 33.7374, 113.2564, name="示例（一）号"), site(2, 33.7360, 113.2625, name="示例(一)号")]
    (beside,) = found_twice(named)
    assert (beside.site.id, beside.first.id) == ("P2", "P1")
    assert beside.metres is not None and 560 < beside.metres < 600
    elsewhere = [named[0], named[1].model_copy(update={"county": "d"})]
    assert not list(found_twice(elsewhere)), "another county has a pit of that name"
    assert not list(found_twice([named[0], site(2, 33.9, 113.2, name="示例（一）号")])), "18 km away it is another one"
    assert next(found_twice([named[0], site(2, None, None, name="示例（一）号")])).metres is None


def test_survey_brings_a_registered_place_again(tmp_path: Path) -> None:
    plan, standing = small_plan(tmp_path), read(tmp_path, row()).sites
    context = SurveyContext("autumn", Found.NEWLY, {"P1": "the register"}, standing)
    found = read_register(csv_file(tmp_path, [row(id="S1", name="补")]), plan, survey=context)
    assert not found.faults
    assert "P1 (the campaign's register)" in found.warnings[0].expected


def test_place_of_another_county_is_told(tmp_path: Path) -> None:
    rows = [row(id=f"P{n}") for n in range(2, 8)]
    warnings = read(tmp_path, *rows, row(id="P9", latitude="35.95", longitude="114.20")).warnings
    assert [warning.value for warning in warnings] == ["P9 一号井: 35.95, 114.2"]
    assert "near the other sites of 410421" in warnings[0].expected


def test_too_few_others_say_nothing() -> None:
    assert not list(far_away([site(1, 33.0, 113.0), site(2, 35.0, 114.0)]))
    others = [site(n, 33.0 + n / 100, 113.0, county="d") for n in range(2, 6)]
    assert [stray.area for stray in far_away([site(1, 36.0, 114.0), *others])] == ["city"]
    three = [site(n, 33.0 + n / 100, 113.0) for n in (2, 3)]
    assert [stray.site.id for stray in far_away([site(1, 35.95, 114.2), *three])] == ["P1"], "two others are enough"


def test_many_sites_at_one_place_are_bounded(tmp_path: Path) -> None:
    rows = [row(id=f"P{n}", latitude="33.87") for n in range(1, 61)]
    warnings = read(tmp_path, *rows).warnings
    assert len(warnings) == 21
    assert warnings[-1].value.startswith("P22, P23")


@given(st.integers(0, 2**32))
def test_twice_is_what_comparing_all_pairs_finds(seed: int) -> None:
    chance = random.Random(seed)
    middle = chance.uniform(-60, 60), chance.uniform(-179.9, 179.9)
    sites = [
        site(n, middle[0] + chance.uniform(-0.001, 0.001), middle[1] + chance.uniform(-0.001, 0.001)) for n in range(30)
    ]
    by_pairs = {
        two.id
        for place, two in enumerate(sites)
        if any((metres_between(one, two) or 0.0) <= SAME_PLACE for one in sites[:place])
    }
    assert {beside.site.id for beside in found_twice(sites)} == by_pairs


@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_many_sites_of_one_name_are_compared_in_time(spread: float) -> None:
    chance = random.Random(1)
    named = [site(n, 33 + chance.random() * spread, 113 + chance.random() * spread, name="砖厂") for n in range(20_000)]
    began = time.process_time()
    found = sum(1 for _ in found_twice(named))
    assert (found == 19_999) if spread == 0 else found > 0
    assert time.process_time() - began < 5, "not every site with every other one"


@given(st.floats(-60, 60), st.floats(-170, 170))
def test_distance_is_that_of_a_degree(latitude: float, longitude: float) -> None:
    north = metres_between(site(1, latitude, longitude), site(2, latitude + 1, longitude))
    assert north is not None and 111_000 < north < 111_400
    assert north > FAR
