"""Areas and amounts in columns of several units."""

from decimal import Decimal
from pathlib import Path

import pytest

from intake.register.register_file import RegisterResult, read_register
from tests.support.intake_samples import HEADER, PLAN, csv_file, row, small_plan


def read(folder: Path, columns: list[str], *cells: list[str], plan: str = PLAN) -> RegisterResult:
    rows = [[*row(id=f"P{n}", area_ha=first), *rest] for n, (first, *rest) in enumerate(cells)]
    return read_register(csv_file(folder, rows, [*HEADER, *columns]), small_plan(folder, plan))


@pytest.mark.parametrize(
    ("header", "cell", "hectares"),
    [
        ("面积(亩)", "6.5", 0.433333), ("面积（亩）", "15亩", 1), ("占地面积（㎡）", "1,200", 0.12),
        ("面积(平方米)", "1200", 0.12), ("损毁面积（平方公里）", "0.25", 25), ("面积(亩)", "2公顷", 2),
        ("area_mu", "30", 2),
    ],
)  # fmt: skip
def test_area_column_of_another_unit_is_read_in_hectares(
    tmp_path: Path, header: str, cell: str, hectares: float
) -> None:
    result = read(tmp_path, [header], ["", cell])
    assert [site.area_ha for site in result.sites] == [Decimal(str(hectares))] and not result.warnings


@pytest.mark.parametrize(("ha", "mu"), [("0.43", "6.5"), ("0.43", "6.45"), ("1", "15"), ("0.4", "6"), ("6.5亩", "6.5")])
def test_areas_that_agree_as_far_as_digits_go_are_sound(tmp_path: Path, ha: str, mu: str) -> None:
    result = read(tmp_path, ["面积(亩)"], [ha, mu])
    assert not result.faults, result.faults


@pytest.mark.parametrize(("ha", "mu"), [("0.43", "0.43"), ("0.43", "43"), ("1.00", "16"), ("0.4333", "6.60")])
def test_areas_that_contradict_are_one_fault_of_both_cells(tmp_path: Path, ha: str, mu: str) -> None:
    (fault,) = read(tmp_path, ["面积(亩)"], [ha, mu]).faults
    assert (fault.row, fault.column, fault.value) == (2, "area_ha / 面积(亩)", f"{ha}, {mu}")
    assert "the same in both columns" in fault.expected


def test_area_out_of_range_names_the_column_that_was_read(tmp_path: Path) -> None:
    header = [name for name in HEADER if name != "area_ha"]
    cells = [cell for name, cell in zip(HEADER, row(), strict=True) if name != "area_ha"]
    result = read_register(csv_file(tmp_path, [[*cells, "-3"]], [*header, "面积(亩)"]), small_plan(tmp_path))
    assert [(f.column, f.value) for f in result.faults] == [("面积(亩)", "-3")]
    assert result.faults[0].expected.startswith("an area from 0 to 15000000 亩")


@pytest.mark.parametrize(("header", "unit"), [("面积(亩)", "亩"), ("面积(平方米)", "m2"), ("面积(平方公里)", "km2")])
def test_area_that_is_none_is_told_in_the_unit_of_its_column(tmp_path: Path, header: str, unit: str) -> None:
    (fault,) = read(tmp_path, [header], ["", "不详"]).faults
    assert fault.expected.startswith(f"an area in {unit},")


def test_money_in_wan_is_read_in_yuan(tmp_path: Path) -> None:
    plan = PLAN + "modes: {allowed: [{restoration: natural}]}\n"
    columns = ["修复模式", "计划资金（元）", "计划投资（万元）"]
    result = read(tmp_path, columns, ["1", "natural", "", "1.2"], ["1", "natural", "12000", "1.2"], plan=plan)
    assert [site.planned_cny for site in result.sites] == [Decimal(12000), Decimal(12000)], result.faults
    (fault,) = read(tmp_path, columns, ["1", "natural", "12", "12.0"], plan=plan).faults
    assert fault.column == "计划资金（元） / 计划投资（万元）"
