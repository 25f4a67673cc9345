"""A level that no unit may judge is a fault of `check` with its place; an exception needs its reason."""

from pathlib import Path

import pytest

from commands.common.same_unit import same_unit_lines
from intake.check import CheckReport, check
from tests.support.intake_samples import PLAN, csv_file, plan_file, row

ONE_LEVEL = "levels: [{id: county, title: 县级验收, by: county}]"
WITH_BUREAUS = PLAN.replace(
    "{code: 410181, name: 巩义市, lead: 市长办公室, recipients: [{name: 局}]}",
    "{code: 410181, name: 巩义市, lead: 市长办公室, recipients: [{name: 应急局}, {name: 资源局}, {name: 林业局}]}",
)


def checked(folder: Path, plan: str, *levels: str, **cells: str) -> CheckReport:
    """The report of a plan with these levels, and of one site."""
    said = ", ".join(f"{{id: level{n}, title: 验收, {one}}}" for n, one in enumerate(levels))
    text = plan.replace(ONE_LEVEL, f"levels: [{said}]")
    return check(plan_file(folder, text), csv_file(folder, [row(**cells)]))


def test_two_levels_of_one_office_are_a_fault_with_the_place(tmp_path: Path) -> None:
    report = checked(tmp_path, PLAN, "by: county", "by: county")
    (fault,) = report.faults
    assert fault.path == "verification.levels[1].by"
    assert "at P1 (410400/410421)" in fault.expected and "whoever works there" in fault.expected
    assert not report.may_skip_bad


def test_county_level_city_has_honest_levels_by_its_bureaus(tmp_path: Path) -> None:
    gongyi = {"city": "410181", "county": "410181", "responsible": "410181"}
    report = checked(tmp_path, WITH_BUREAUS, "by: city", "by: city", **gongyi)
    assert not report.faults and not report.hard_to_judge
    alone = checked(tmp_path, PLAN, "by: county", "by: city", **gongyi)
    assert not alone.faults, "another unit may work there"
    (warning,) = alone.hard_to_judge
    assert "if 410181 works as the register says" in warning.expected


def test_townships_level_without_townships_is_a_fault(tmp_path: Path) -> None:
    (fault,) = checked(tmp_path, PLAN, "by: township", "by: city").faults
    assert fault.path == "verification.levels[0].by" and "whose units there are: none" in fault.expected


def test_same_unit_with_a_reason_is_sound_and_said_in_words(tmp_path: Path) -> None:
    report = checked(tmp_path, PLAN, "by: county", "by: county, same_unit: allowed, same_unit_reason: 只有一家")
    assert not report.faults and report.frozen is not None
    (line,) = same_unit_lines(report.frozen.plan.verification.same_unit_reasons)
    assert line.startswith("level level1:") and line.endswith("because: 只有一家")


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("title: 验收", "it is required"),
        ("title: 验收, by: county, same_unit: allowed", "expected same_unit_reason"),
        ("title: 验收, by: county, same_unit_reason: 只有一家", "expected same_unit: allowed"),
        (
            "title: 验收, by: county, self_check: true, same_unit: allowed, same_unit_reason: x",
            "expected one of the two",
        ),
    ],
)
def test_level_without_judge_or_with_half_an_exception_is_a_fault(tmp_path: Path, level: str, expected: str) -> None:
    text = PLAN.replace(ONE_LEVEL, f"levels: [{{id: county, {level}}}]")
    report = check(plan_file(tmp_path, text))
    assert any("verification.levels[0]" in (one.path or "") and expected in one.expected for one in report.faults)
