"""A plan's targets must add up at every level; the area of the register is compared with them."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from intake.check import check
from intake.plan.plan_file import read_plan
from schemas.targets import CityTarget, CountyTarget, Targets
from tests.support.intake_samples import EXAMPLES, GOOD, PLAN, csv_file, plan_file, row, small_plan

TARGETS = """\
targets:
  total: 12.3
  cities:
    - code: 410400
      target: 10.2
      counties: [{code: 410421, target: 0.1}, {code: 410423, target: 0.1}, {code: 410402, target: 10.0}]
    - {code: 410181, target: 2.1, counties: [{code: 410181, target: 2.1}]}
"""


def said(folder: Path, targets: str) -> list[tuple[str | None, str]]:
    plan, faults = read_plan(plan_file(folder, PLAN + targets))
    assert plan is None
    return [(fault.path, fault.expected) for fault in faults]


def test_a_split_in_tenths_adds_up_exactly(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, PLAN + TARGETS)
    assert plan.targets is not None and plan.targets.total == Decimal("12.3")
    assert plan.model_dump(mode="json")["targets"]["cities"][0]["target"] == "10.2", "kept as written, for the digest"


def test_a_plan_without_targets_is_written_as_before(tmp_path: Path) -> None:
    assert not {"targets", "survey"} & small_plan(tmp_path).model_dump(mode="json").keys()


def test_target_differences_listed_with_level_unit_and_sum(tmp_path: Path) -> None:
    wrong = TARGETS.replace("total: 12.3", "total: 12.4").replace(
        "code: 410402, target: 10.0", "code: 410402, target: 9"
    )
    assert said(tmp_path, wrong) == [
        ("targets.total", "no contradiction: province, the cities add up to 12.3 ha, the total says 12.4 ha"),
        (
            "targets.cities[0].target",
            "no contradiction: city 410400, its counties add up to 9.2 ha, its target says 10.2 ha",
        ),
    ]


def test_counties_lie_in_their_city_and_cities_are_the_plans(tmp_path: Path) -> None:
    wrong = TARGETS.replace("{code: 410181, target: 2.1, counties", "{code: 410600, target: 2.1, counties")
    wrong = wrong.replace("code: 410423", "code: 410602")
    assert said(tmp_path, wrong) == [
        ("targets.cities[0].counties[1].code", "a county code of GB/T 2260 under 410400 平顶山市"),
        ("targets.cities[1].code", "no contradiction: 410600 is not one of the plan's cities"),
    ]


def test_a_faulty_city_does_not_make_the_split_wrong(tmp_path: Path) -> None:
    plan, faults = read_plan(plan_file(tmp_path, PLAN.replace("lead: 市长办公室, ", "", 1) + TARGETS))
    assert plan is None and [fault.path for fault in faults] == ["cities[0].lead"]


def test_what_stands_twice_in_the_split_is_said(tmp_path: Path) -> None:
    twice = TARGETS.replace("code: 410423, target: 0.1", "code: 410421, target: 0.1")
    assert [expected for _, expected in said(tmp_path, twice)] == [
        "no contradiction: 410421 stands twice, expected once"
    ]


def test_county_with_unreachable_target_is_warning(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, PLAN + TARGETS)
    rows = [row(area_ha="0.05"), row(id="P2", area_ha=""), row(id="P3", county="410423", area_ha="0.1")]
    rows += [row(id="P4", county="410402", area_ha="10")]
    report = check(plan, csv_file(tmp_path, rows))
    assert not report.faults
    assert [(fault.value, fault.expected) for fault in report.warnings] == [
        (
            "410421 宝丰县",
            "sites of at least 0.1 ha together to reach the unit's target: the register has 0.05 ha, 1 without an area",
        ),
        (
            "410181 巩义市",
            "sites of at least 2.1 ha together to reach the unit's target: the register has 0 ha",
        ),
    ]
    assert check(plan_file(tmp_path), csv_file(tmp_path, [GOOD])).warnings == ()


@given(st.lists(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=6), min_size=1, max_size=6), st.booleans())
def test_a_split_that_is_off_by_the_smallest_part_is_refused(split: list[list[int]], off: bool) -> None:
    def hectares(tenthousandths: int) -> Decimal:
        return Decimal(tenthousandths).scaleb(-4)

    cities = tuple(
        CityTarget(
            code=f"c{n}",
            target=hectares(sum(counties)),
            counties=tuple(CountyTarget(code=f"{n}-{m}", target=hectares(one)) for m, one in enumerate(counties)),
        )
        for n, counties in enumerate(split)
    )
    total = hectares(sum(map(sum, split)) + off)
    if off:
        with pytest.raises(ValidationError, match="the cities add up to"):
            Targets(total=total, cities=cities)
    else:
        assert Targets.model_validate_json(Targets(total=total, cities=cities).model_dump_json()).total == total


def test_the_shanxi_example_adds_up_to_its_public_figures() -> None:
    report = check(EXAMPLES / "shanxi-2024/plan.yaml", EXAMPLES / "shanxi-2024/register.csv")
    assert not report.faults and not report.warnings and report.frozen is not None and report.register is not None
    targets = report.frozen.plan.targets
    assert targets is not None and targets.total == 1223
    assert len(targets.cities) == 6 and sum(len(city.counties) for city in targets.cities) == 29
    assert sum(Decimal(str(site.area_ha)) for site in report.register.sites) == 1223
    asked = {county.code for city in targets.cities for county in city.counties}
    assert {site.county for site in report.register.sites} == asked
    assert all("示例" in site.name for site in report.register.sites)
    (planned,) = report.rounds.planned
    assert (planned.survey.id, len(planned.survey.sites)) == ("S2", 6)
    assert report.summary is not None and report.summary.calendar_days <= 60 and report.provisional == ()
