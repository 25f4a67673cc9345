"""Tables written as CSV, and that nobody writes spreadsheets in another way."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.spreadsheets.csv_file import write_csv
from reports.spreadsheets.text import cell_text

ROOT = Path(__file__).parents[4]
ROOM = "reports/spreadsheets/"
SHEET_WRITERS = {
    "write",
    "write_row",
    "write_column",
    "write_formula",
    "write_array_formula",
    "write_url",
    "write_rich_string",
}
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("=+-@'＝ \t\r\n,;\"井1")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=5))
def test_cells_are_the_same_without_their_apostrophe(tmp_path: Path, rows: list[list[Any]]) -> None:
    path = tmp_path / "table.csv"
    write_csv(path, ["a", "b"], rows)
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, *read = list(csv.reader(file))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [list(map(cell_text, row)) for row in rows]


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in ROOT.rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((".", "tests/", "bench/")) and ".venv" not in name:
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def bypasses(tree: ast.Module) -> Iterator[int]:
    """The lines that write a spreadsheet themselves."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(one.name.split(".")[0] == "xlsxwriter" for one in names):
                yield node.lineno
            case ast.ImportFrom(module="xlsxwriter.utility"):  # names of cells
                pass
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in ("xlsxwriter", "csv"):
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="csv"), attr="writer" | "DictWriter"):
                yield node.lineno


def test_spreadsheets_are_written_in_one_room_only() -> None:
    found = [f"{name}:{line}" for name, tree in sources() if not name.startswith(ROOM) for line in bypasses(tree)]
    assert found == [], f"written outside of {ROOM}, so that a text may become a formula"


def test_cells_of_workbooks_are_written_by_their_type() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        if name.startswith("reports/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in SHEET_WRITERS and "sheet" in ast.unparse(node.func.value)
    ]
    assert found == []


def test_both_searches_find_what_they_look_for() -> None:
    assert list(bypasses(ast.parse("import csv\nimport xlsxwriter\ncsv.writer(f)\nfrom csv import writer"))) == [
        2,
        4,
        3,
    ]
