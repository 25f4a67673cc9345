"""A small plan file, and registers written as people write them."""

import csv
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from intake.plan.plan_file import read_plan
from schemas.plan import Plan

EXAMPLES = Path(__file__).parents[2] / "examples"
HENAN = EXAMPLES / "henan-2021"
MINES = EXAMPLES / "closed-mines"

PLAN = """\
id: small
title: 小型整治
document_number: 示例1号
issuing_agencies: [{name: 自然资源厅}]
province: 河南省
starts_on: 2021-07-17
ends_on: 2021-10-31
clauses:
  deployment: {amount: 5, unit: working_days}
  rectification: {amount: 30, unit: calendar_days}
  re_rectification: {amount: 10, unit: working_days}
office: {opens: 09:00, closes: 18:00}
extent: {south: 31, west: 110, north: 37, east: 117}
catalogue:
  - {id: seal, title: 封堵, unit: 处, site_types: [adit], problems: [adit_open]}
  - {id: dismantle, title: 拆除, unit: 处, problems: [shed]}
cities:
  - {code: 410400, name: 平顶山市, lead: 市长办公室, recipients: [{name: 局}]}
  - {code: 410181, name: 巩义市, lead: 市长办公室, recipients: [{name: 局}]}
verification:
  levels: [{id: county, title: 县级验收, by: county}]
"""

HEADER = [
    "id", "name", "city", "county", "latitude", "longitude", "type", "mineral", "area_ha", "problems", "hazard",
    "responsible",
]  # fmt: skip
GOOD = [
    "P1", "一号井", "410400", "410421", "33.87", "113.05", "adit", "煤", "1.5", "adit_open*2; shed", "high", "甲；乙",
]  # fmt: skip


def plan_file(folder: Path, text: str = PLAN) -> Path:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def small_plan(folder: Path, text: str = PLAN) -> Plan:
    plan, faults = read_plan(plan_file(folder, text))
    assert plan is not None, [str(fault) for fault in faults]
    return plan


def row(**changes: str) -> list[str]:
    """A good row with some cells changed; a site with a number of its own has a place of its own, a kilometre away."""
    if (number := changes.get("id", "P1").removeprefix("P")).isdecimal() and 1 != int(number) < 100:
        changes.setdefault("latitude", f"{33.86 + int(number) / 100:.2f}")
    return [changes.get(field, cell) for field, cell in zip(HEADER, GOOD, strict=True)]


def csv_file(
    folder: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, encoding: str = "utf-8"
) -> Path:
    path = folder / "register.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def xlsx_file(folder: Path, rows: Sequence[Sequence[str | float]], header: Sequence[str] = HEADER) -> Path:
    path = folder / "register.xlsx"
    book = xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("台账")
    for number, cells in enumerate([header, *rows]):
        for column, cell in enumerate(cells):
            sheet.write(number, column, cell)
    book.close()
    return path
