"""The columns of modes, money and land, checked against the plan's option `modes`."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from intake.plan.plan_file import read_plan
from intake.register.register_file import RegisterResult, read_register
from storage.campaigns import register_digest
from tests.support.intake_samples import GOOD, HEADER, PLAN, csv_file, plan_file, small_plan

MODED = (
    PLAN.replace("problems: [shed]}", "problems: [shed], restoration_modes: [engineering, market]}")
    + """\
modes:
  allowed:
    - {restoration: market, funding: [index_trading, surplus_minerals]}
    - {restoration: engineering, funding: [fiscal]}
    - {restoration: natural}
opinion: {chapters: [资金来源, 修复模式], resubmission: {amount: 3, unit: working_days}}
"""
)
COLUMNS = [*HEADER, "修复模式", "资金模式", "计划资金（元）", "计划土地（公顷）", "计划土地（亩）"]


def register(folder: Path, *cells: str, plan: str = MODED) -> RegisterResult:
    return read_register(csv_file(folder, [[*GOOD, *cells]], COLUMNS), small_plan(folder, plan))


def faults(result: RegisterResult) -> Sequence[tuple[str | None, str, str]]:
    return [(fault.column, fault.value, fault.expected) for fault in result.faults]


def test_modes_read_in_chinese_and_english_with_exact_amounts(tmp_path: Path) -> None:
    result = register(tmp_path, "市场化修复", "index_trading", "1200000.10", "1.5", "22.5")
    (site,) = result.sites
    assert (site.restoration_mode, site.funding_mode) == ("market", "index_trading")
    assert (site.planned_cny, site.planned_ha) == (Decimal("1200000.1"), Decimal("1.5"))
    assert not result.warnings


def test_a_row_without_modes_says_nothing_of_them(tmp_path: Path) -> None:
    (site,) = register(tmp_path, "", "", "", "", "").sites
    assert not {"restoration_mode", "planned_cny", "planned_mu"} & site.model_dump(mode="json").keys()


@pytest.mark.parametrize(
    ("cells", "column", "value", "expected"),
    [
        (("造林", "财政", "", "", ""), "修复模式", "造林", "a restoration mode: natural (自然恢复)"),
        (("工程修复", "贷款", "", "", ""), "资金模式", "贷款", "a funding mode: index_trading (指标交易)"),
        (("市场化", "财政", "", "", ""), "修复模式 / 资金模式", "市场化, 财政", "market with index_trading or surplus"),
        (("产业导入", "", "", "", ""), "修复模式 / 资金模式", "产业导入", "natural (any funding)"),
        (("", "", "12亩", "", ""), "计划资金（元）", "12亩", "the units are 元"),
        (("", "", "1_000", "", ""), "计划资金（元）", "1_000", "an amount of yuan"),
        (("", "", "-1", "", ""), "计划资金（元）", "-1", "an amount of yuan from 0"),
        (("", "", "1.005", "", ""), "计划资金（元）", "1.005", "at most 2 decimals"),
        (("", "", "", "1", "14"), "计划土地（公顷） / 计划土地（亩）", "1, 14", "1 ha are 15 mu"),
    ],
)
def test_mode_fault_names_column_value_and_expectation(
    tmp_path: Path, cells: tuple[str, ...], column: str, value: str, expected: str
) -> None:
    (found,) = faults(register(tmp_path, *cells))
    assert found[:2] == (column, value) and expected in found[2]


def test_all_faults_of_a_row_are_listed(tmp_path: Path) -> None:
    found = faults(register(tmp_path, "造林", "贷款", "x", "1", "14"))
    assert [column for column, _, _ in found] == [
        "修复模式", "资金模式", "计划资金（元）", "计划土地（公顷） / 计划土地（亩）",
    ]  # fmt: skip


def test_modes_under_which_a_site_has_nothing_to_do_are_a_fault(tmp_path: Path) -> None:
    plan = MODED.replace("problems: [adit_open]}", "problems: [adit_open], restoration_modes: [engineering]}")
    (found,) = faults(register(tmp_path, "natural", "fiscal", "", "", "", plan=plan))
    assert "modes under which the site has work" in found[2]


def test_register_with_modes_under_plain_plan_read_unchanged(tmp_path: Path) -> None:
    result = register(tmp_path, "造林", "x", "y", "1", "14", plan=PLAN)
    assert [warning.value for warning in result.warnings] == [", ".join(COLUMNS[len(HEADER) :])]
    bare = read_register(csv_file(tmp_path, [GOOD]), small_plan(tmp_path))
    assert register_digest(result.sites) == register_digest(bare.sites)


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        (("modes:\n  allowed:", "mode_s:\n  allowed:"), "mode_s", "a known field, perhaps modes"),
        (("restoration: natural}", "restoration: market}"), "modes.allowed", "market stands twice"),
        (("restoration: natural}", "restoration: wild}"), "modes.allowed[2].restoration", "'natural'"),
        (("[fiscal]", "[loan]"), "modes.allowed[1].funding[0]", "'index_trading'"),
        (("[engineering, market]", "[industry]"), "catalogue", "dismantle asks for modes of which"),
        (("chapters: [资金来源, 修复模式]", "chapter: [x]"), "opinion.chapter", "perhaps chapters"),
    ],
)
def test_a_plan_says_what_is_wrong_with_its_modes(
    tmp_path: Path, change: tuple[str, str], path: str, expected: str
) -> None:
    assert change[0] in MODED
    plan, found = read_plan(plan_file(tmp_path, MODED.replace(*change)))
    assert plan is None
    assert any(str(fault.path).startswith(path) and expected in str(fault) for fault in found), list(map(str, found))


def test_a_catalogue_that_asks_for_modes_needs_the_option(tmp_path: Path) -> None:
    text = MODED[: MODED.index("modes:\n")]
    plan, found = read_plan(plan_file(tmp_path, text))
    assert plan is None and "dismantle asks for a mode, and the plan has no `modes`" in str(found[0])
