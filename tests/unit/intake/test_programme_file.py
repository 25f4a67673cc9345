"""Reading programme files: the whole programme, or all its faults."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.programme_file import ProgrammeReport, read_programme
from schemas.plan import Plan

HENAN = Path(__file__).parents[3] / "examples" / "henan-2021"
YEARS: list[dict[str, Any]] = [
    {"id": "basin-1", "document_number": "1号", "starts_on": "2021-03-01", "ends_on": "2021-05-31"},
    {"id": "basin-2", "document_number": "2号", "starts_on": "2022-03-01", "ends_on": "2022-05-31"},
]


def read(folder: Path, register: Path | None = HENAN / "register.csv", **changes: Any) -> ProgrammeReport:
    said = {
        "id": "basin",
        "title": "流域治理",
        "document_number": "总1号",
        "ends_on": "2022-12-31",
        "plan": str(HENAN / "plan.yaml"),
        "years": YEARS,
        **changes,
    }
    file = folder / "programme.yaml"
    file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return read_programme(file, register)


def test_every_year_is_the_plan_with_its_own_id_number_and_dates(tmp_path: Path) -> None:
    report = read(tmp_path)
    assert not report.faults, str(report.faults)
    assert report.frozen is not None and report.stock is not None
    first, second = (year.plan for year in report.frozen.years)
    assert (first.id, first.document_number, str(first.ends_on)) == ("basin-1", "1号", "2021-05-31")
    assert str(second.starts_on) == "2022-03-01" and second.catalogue == first.catalogue
    assert all(
        year.starts_on <= p.starts_on <= p.ends_on <= year.ends_on for year in (first, second) for p in year.phases
    )
    assert first.phases, "phases move with the year"
    assert Plan.model_validate(first.model_dump(mode="json")) == first, "its last phase holds nothing"
    assert report.frozen.digest == read(tmp_path).frozen.digest  # type: ignore[union-attr]
    assert report.frozen.digest != read(tmp_path, share=0.4).frozen.digest  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        (
            {"years": [YEARS[0], {**YEARS[1], "starts_on": "2021-05-31"}]},
            "years[1].starts_on",
            "a day after 2021-05-31",
        ),
        ({"ends_on": "2022-04-01"}, "years[1].ends_on", "ends by 2022-04-01"),
        ({"years": [{**YEARS[0], "ends_on": "2021-02-01"}]}, "years[0].ends_on", "from 2021-03-01 on"),
        ({"years": [YEARS[0], {**YEARS[1], "id": "basin-1"}]}, "years", "stands twice"),
        (
            {"years": [{**YEARS[0], "document_number": "〔1〕号"}, {**YEARS[1], "document_number": "[1]号"}]},
            "years",
            "document_number 〔1〕号 stands twice",
        ),
        ({"share": "1.5"}, "share", "1"),
        ({"shares": "0.3"}, "shares", "share"),
    ],
)
def test_what_contradicts_is_told_with_its_place(tmp_path: Path, changes: Any, path: str, said: str) -> None:
    report = read(tmp_path, **changes)
    assert report.frozen is None
    found = [(fault.path, fault.expected, fault.line) for fault in report.faults]
    assert any(where == path and said in expected and line for where, expected, line in found), found


def test_area_measured_stock_requires_area_per_site(tmp_path: Path) -> None:
    register = (HENAN / "register.csv").read_text(encoding="utf-8-sig").splitlines()
    cells = register[1].split(",")
    cells[8] = ""
    stock = tmp_path / "stock.csv"
    stock.write_text("\n".join([register[0], ",".join(cells), *register[2:]]), encoding="utf-8")
    report = read(tmp_path, stock)
    assert [fault.value for fault in report.faults] == ["410400-001"]
    assert not read(tmp_path, stock, measure="sites").faults


def test_days_of_a_programme_are_read_in_any_spelling(tmp_path: Path) -> None:
    years = [{**YEARS[0], "starts_on": "2021年3月1日"}, {**YEARS[1], "ends_on": "2022/5/31"}]
    (tmp_path / "iso").mkdir()
    assert read(tmp_path, ends_on="2022.12.31", years=years).frozen == read(tmp_path / "iso").frozen


SURVEYED = [
    {**YEARS[0], "survey": {"until": "2021-02-20"}},
    {**YEARS[1], "survey": {"until": "2022-02-20"}},
]


@pytest.mark.parametrize(
    ("years", "survey", "path", "said"),
    [
        (YEARS, {}, "years[0].survey", "its last day"),
        (SURVEYED, None, "years[0].survey", "expected none"),
        ([SURVEYED[0], {**YEARS[1], "survey": {"until": "2022-03-01"}}], {}, "years[1].survey.until", "a day before"),
        ([SURVEYED[0], {**YEARS[1], "survey": {"until": "2021-05-30"}}], {}, "years[1].survey.until", "a day after 2"),
        (
            [SURVEYED[0], {**YEARS[1], "survey": {"until": "2022-02-20", "file": "no.csv"}}],
            {},
            "years[1].survey.file",
            "a register",
        ),
    ],
)  # fmt: skip
def test_survey_of_a_year_has_its_day_and_its_file(
    tmp_path: Path, years: Any, survey: Any, path: str, said: str
) -> None:
    report = read(tmp_path, years=years, **({} if survey is None else {"survey": survey}))
    assert report.frozen is None
    assert any(path in str(fault) and said in str(fault) for fault in report.faults), str(report.faults)


def test_survey_files_are_read_and_checked_as_registers(tmp_path: Path) -> None:
    rows = (HENAN / "register.csv").read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "found.csv").write_text("\n".join(rows[:2]), encoding="utf-8")
    years = [SURVEYED[0], {**YEARS[1], "survey": {"until": "2022-02-20", "file": "found.csv"}}]
    report = read(tmp_path, years=years, survey={})
    assert not report.faults and [one.id for one in report.surveys["basin-2"]] == ["410400-001"]
    cells = rows[1].split(",")
    cells[8] = ""
    (tmp_path / "found.csv").write_text("\n".join([rows[0], ",".join(cells)]), encoding="utf-8")
    assert "area_ha of every site" in str(read(tmp_path, years=years, survey={}).faults)


def test_year_targets_of_a_city_outside_the_plan_are_a_fault(tmp_path: Path) -> None:
    targets = {"total": 1, "cities": [{"code": "999900", "target": 1, "counties": [{"code": "x", "target": 1}]}]}
    report = read(tmp_path, years=[{**YEARS[0], "targets": targets}, YEARS[1]])
    assert "999900 is not one of the plan's cities" in str(report.faults)


def test_a_year_may_not_have_the_id_of_its_programme(tmp_path: Path) -> None:
    assert "is the id of the programme" in str(read(tmp_path, id="basin-1").faults)
