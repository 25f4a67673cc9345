"""Reading a survey's register: every id is new, and every site is marked as newly found or missed."""

from pathlib import Path

import pytest

from intake.check import check
from intake.plan.freeze import redate
from intake.register.register_file import read_register
from intake.register.survey_check import SurveyContext
from schemas.options.surveys import Found
from tests.support.intake_samples import GOOD, HEADER, PLAN, csv_file, plan_file, row, small_plan

BOTH = [*HEADER, "新发现", "漏报"]
SURVEY = """\
survey:
  rectification: {amount: 10, unit: working_days}
  rounds: [{id: S2, on: 2021-08-16, file: found.csv}]
"""


def test_a_row_says_how_it_was_found_or_the_default_does(tmp_path: Path) -> None:
    rows = [[*row(), "是", ""], [*row(id="P2"), "", "是"], [*row(id="P3"), "否", ""]]
    path, plan = csv_file(tmp_path, rows, BOTH), small_plan(tmp_path)
    result = read_register(path, plan, survey=SurveyContext("S2", Found.MISSED))
    assert [(site.id, site.survey, site.newly_found, site.missed) for site in result.sites] == [
        ("P1", "S2", True, False), ("P2", "S2", False, True), ("P3", "S2", False, True),
    ]  # fmt: skip
    without = read_register(path, plan, survey=SurveyContext("S2"))
    assert [(fault.row, fault.column, fault.expected) for fault in without.faults] == [
        (4, "新发现 / 漏报", "yes in newly_found or in missed (or --found says it for all rows that do not)")
    ]


def test_an_id_that_the_campaign_has_is_a_fault_that_says_where(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [GOOD, row(id="P2"), row(id="P3", county="nowhere")])
    taken = {"P1": "the register", "P3": "survey S1"}
    result = read_register(path, small_plan(tmp_path), survey=SurveyContext("S2", Found.NEWLY, taken))
    assert [site.id for site in result.sites] == ["P2"]
    assert [(fault.row, fault.column, fault.value) for fault in result.faults] == [
        (2, "id", "P1"), (4, "county", "nowhere"), (4, "id", "P3"),
    ]  # fmt: skip
    assert result.faults[0].expected == "an id of its own: the register has this one already"


def test_a_site_is_not_newly_found_and_missed(tmp_path: Path) -> None:
    result = read_register(csv_file(tmp_path, [[*row(), "是", "是"]], BOTH), small_plan(tmp_path))
    assert [fault.expected for fault in result.faults] == ["a site that is newly found or missed, not both"]


def test_a_missed_site_of_the_first_register_bears_no_survey(tmp_path: Path) -> None:
    (site,) = read_register(csv_file(tmp_path, [[*row(), "", "是"]], BOTH), small_plan(tmp_path)).sites
    assert site.missed and site.survey is None
    (plain,) = read_register(csv_file(tmp_path, [GOOD]), small_plan(tmp_path)).sites
    assert not {"missed", "survey", "newly_found"} & plain.model_dump(mode="json").keys()


def test_the_rounds_of_a_plan_are_read_against_the_register(tmp_path: Path) -> None:
    csv_file(tmp_path, [[*row(id="P9"), "", "是"]], BOTH).rename(tmp_path / "found.csv")
    report = check(plan_file(tmp_path, PLAN + SURVEY), csv_file(tmp_path, [GOOD]))
    assert not report.faults
    (planned,) = report.rounds.planned
    assert (str(planned.on), planned.survey.id) == ("2021-08-16", "S2")
    assert planned.survey.cities()["410400"].missed == 1


def test_a_round_that_is_not_sound_is_not_skipped_with_bad_rows(tmp_path: Path) -> None:
    csv_file(tmp_path, [[*row(), "", "是"]], BOTH).rename(tmp_path / "found.csv")
    plan = plan_file(tmp_path, PLAN + SURVEY)
    report = check(plan, csv_file(tmp_path, [GOOD]))
    assert [(fault.file, fault.row) for fault in report.faults] == [("found.csv", 2)] and not report.may_skip_bad
    (tmp_path / "found.csv").unlink()
    missing = check(plan, csv_file(tmp_path, [GOOD]))
    assert [(fault.path, fault.value) for fault in missing.faults] == [("survey.rounds[0].file", "found.csv")]


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ("[{id: S2, on: 2021-11-01, file: f.csv}]", "2021-11-01 lies outside 2021-07-17 .. 2021-10-31"),
        ("[{id: S2, on: 2021-08-01, file: f.csv}, {id: S2, on: 2021-08-02, file: g.csv}]", "S2 stands twice"),
        ("[{id: S2, on: 8月1日, file: f.csv}]", "a day with its year, such as 2026-12-01"),
    ],
)
def test_rounds_lie_in_the_campaign_and_have_ids_of_their_own(tmp_path: Path, rounds: str, expected: str) -> None:
    report = check(plan_file(tmp_path, f"{PLAN}survey: {{rounds: {rounds}}}\n"))
    assert len(report.faults) == 1 and expected in str(report.faults)


def test_rounds_move_with_their_plan(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, PLAN + SURVEY)
    moved = redate(plan, plan.starts_on.replace(year=2022))
    assert moved.survey is not None and str(moved.survey.rounds[0].on) == "2022-08-16"
