"""The page of promises: 47 rows, each with a command, a page and a test that exist."""

import re
from pathlib import Path
from typing import NamedTuple

from starter import app

PAGE = Path(__file__).parents[3] / "docs" / "features.md"
ROOT = PAGE.parents[1]


class Row(NamedTuple):
    number: int
    promise: str
    commands: tuple[str, ...]
    page: str
    test: str


def rows() -> list[Row]:
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[0].isdigit():
            number, promise, commands, page, test = cells
            link = re.fullmatch(r"\[[^\]]+\]\(([^)#]+)\)", page)
            assert link is not None, f"row {number}: expected a link to a page"
            found.append(
                Row(int(number), promise, tuple(re.findall(r"`([\w-]+)`", commands)), link[1], test.strip("`"))
            )
    return found


def test_features_are_47_rows_in_order() -> None:
    assert [row.number for row in rows()] == list(range(1, 48))


def test_feature_names_commands_that_exist() -> None:
    known = {name for name in app if not name.startswith("-")}
    assert [row for row in rows() if not row.commands or not set(row.commands) <= known] == []


def test_feature_names_a_page_that_exists() -> None:
    assert [row for row in rows() if not (PAGE.parent / row.page).is_file()] == []


def test_feature_names_a_test_file_with_tests() -> None:
    files = {row: ROOT / row.test for row in rows()}
    assert [row for row, file in files.items() if not file.is_file()] == []
    assert [row for row, file in files.items() if not re.search(r"def test_|TestCase", file.read_text("utf-8"))] == []
