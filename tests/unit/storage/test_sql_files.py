"""Every SQL file is used and has a comment on its result and parameters; every name that is used is a file."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = {"storage": ROOT / "storage/sql", "reports": ROOT / "reports/queries"}


def files(package: str) -> dict[str, str]:
    """Maps names to texts."""
    folder = FOLDERS[package]
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.sql"))
    }


def asked(package: str) -> set[str]:
    """The names in the calls `query("...")` of a package; the test fails if a name is not a literal."""
    found = set()
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "query":
                found.add(ast.literal_eval(node.args[0]))
    return found


def parameters(text: str) -> set[int]:
    """The numbers of `$1`, and those of the range `$1..$10`."""
    ranges = re.findall(r"\$(\d+)\.\.\$(\d+)", text)
    between = {number for first, last in ranges for number in range(int(first), int(last) + 1)}
    return {int(number) for number in re.findall(r"\$(\d+)", text)} | between


@pytest.mark.parametrize("package", FOLDERS)
def test_sql_files_equal_the_names_that_readers_ask_for(package: str) -> None:
    assert sorted(files(package)) == sorted(asked(package))


@pytest.mark.parametrize("package", FOLDERS)
def test_sql_files_lie_in_the_folder_of_a_subject(package: str) -> None:
    assert [name for name in files(package) if name.count("/") != 1] == []


@pytest.mark.parametrize(
    "name, text", [(f"{package}/{name}", text) for package in FOLDERS for name, text in files(package).items()]
)
def test_sql_file_begins_with_result_and_parameters(name: str, text: str) -> None:
    lines = text.splitlines()
    end = next(number for number, line in enumerate(lines) if not line.startswith("-- "))
    comment, statement = lines[:end], lines[end:]
    assert comment and not comment[0].startswith("-- $"), "the first line says what the statement returns"
    assert parameters("\n".join(comment)) == parameters("\n".join(statement))
    assert max(map(len, lines)) <= 120
