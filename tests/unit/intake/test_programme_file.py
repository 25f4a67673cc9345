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
