"""Faults of contradictory ladders: each with its path, line, value and expectation."""

from pathlib import Path

import pytest

from intake.plan.plan_file import read_plan
from tests.support.intake_samples import PLAN, plan_file, small_plan

LADDER = """\
ladder:
  - {rung: 2, instrument: supervision_order, after: {amount: 1, unit: calendar_days}, addressee: government}
  - rung: 3
    instrument: circular
    issuer: 公安厅
    after: {amount: 5, unit: working_days}
    approver: {name: 厅长, superior: {name: 副省长}}
  - {rung: 4, instrument: interview, after: {amount: 5, unit: working_days}, addressee: head}
behaviour:
  no_receipt:
    instrument: interview
    issuer: 自然资源厅
    approver: {name: 处长, superior: {name: 厅长}}
  bottom_of_ranking: {instrument: interview, approver: {name: 厅长, superior: {name: 副省长}}}
briefing: {weekday: 5}
"""
AGENCIES = "[{name: 自然资源厅, series: 豫自然资督}, {name: 公安厅, series: 豫公督}]"
SOUND = PLAN.replace("[{name: 自然资源厅}]", AGENCIES) + LADDER
SECOND, SERIES = "issuing_agencies[1].series", "letters, digits, dots and dashes"


def test_a_ladder_with_every_office_is_sound(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, SOUND)
    assert [rung.issuer for rung in plan.ladder] == [None, "公安厅", None]


@pytest.mark.parametrize(
    ("old", "new", "path", "line", "value", "expected"),
    [
        ("issuer: 公安厅", "issuer: 公安局", "ladder[1].issuer", 26, "公安局", "one of 自然资源厅, 公安厅"),
        ("    issuer: 自然资源厅", "    issuer: 环保厅", "behaviour.no_receipt.issuer", 33, "环保厅",
         "one of 自然资源厅"),
        ("superior: {name: 副省长}}\n  - {rung: 4", "superior: {name: 厅长}}\n  - {rung: 4", "ladder[1].approver", 28,
         "{name, superior}", "is named as the own superior"),
        ("{name: 处长, superior: {name: 厅长}}", "{name: 厅长, superior: {name: 省长}}",
         "behaviour.no_receipt.approver", 34, "{name, superior}", "厅长 stands elsewhere with another superior"),
        ("addressee: head", "addressee: bureaus", "ladder[2].addressee", 29, "bureaus", "lower than the government"),
        ("series: 豫公督", "series: 豫自然资督", SECOND, 4, "豫自然资督", "自然资源厅 has this series already"),
        ("series: 豫公督", "series: 豫公督〔", SECOND, 4, "豫公督〔", SERIES),
        ("series: 豫公督", 'series: "豫\\t督"', SECOND, 4, "豫\t督", SERIES),
        ("briefing: {weekday: 5}\n", "", "behaviour.bottom_of_ranking", 35, "{instrument, approver}", "`briefing`"),
        ("    issuer: 公安厅\n", "    reply_holds: {amount: 1, unit: working_days}\n", "ladder[1]", 24,
         "{rung, instrument, reply_holds, after, approver}", "no reply is asked for"),
        ("    issuer: 公安厅\n", "    lifting: replied\n", "ladder[1]", 24,
         "{rung, instrument, lifting, after, approver}", "lifting waits for a reply"),
        ("    issuer: 自然资源厅\n", "    lifting: sites_closed\n", "behaviour.no_receipt", 31,
         "{instrument, lifting, approver}", "lists none"),
        ("after: {amount: 5, unit: working_days}\n", "after: {amount: 0, unit: working_days}\n",
         "ladder[1].after.amount", 27, "0", "at least 1 day"),
    ],
)  # fmt: skip
def test_a_ladder_that_contradicts_itself_is_refused(
    tmp_path: Path, old: str, new: str, path: str, line: int, value: str, expected: str
) -> None:
    assert old in SOUND
    plan, faults = read_plan(plan_file(tmp_path, SOUND.replace(old, new, 1)))
    assert plan is None
    assert [(fault.path, fault.line, fault.value) for fault in faults] == [(path, line, value)]
    assert expected in faults[0].expected


def test_a_fault_of_one_rung_does_not_move_the_path_of_another(tmp_path: Path) -> None:
    text = SOUND.replace("rung: 2,", "rung: two,", 1).replace("addressee: head", "issuer: 环保厅", 1)
    _, faults = read_plan(plan_file(tmp_path, text))
    assert [fault.path for fault in faults] == ["ladder[0].rung", "ladder[2].issuer"]


def test_levels_of_the_briefing_stand_highest_first(tmp_path: Path) -> None:
    plan, faults = read_plan(plan_file(tmp_path, PLAN + "briefing: {levels: [county, city]}\n"))
    assert plan is None
    (fault,) = faults
    assert (fault.path, fault.value) == ("briefing", "{levels}")
    assert "levels county, city are not in the order city, county, township" in fault.expected
    levels = small_plan(tmp_path, PLAN + "briefing: {levels: [county, township]}\n").briefing
    assert levels is not None and levels.levels == ("county", "township")
