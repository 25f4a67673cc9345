"""The faults of files, as tables and as objects."""

import contextlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from commands.common.tables import console, print_json, table
from intake.files.fault_groups import FaultGroups
from intake.files.faults import Fault, shown
from services.common.feedback import FaultsFound
from services.common.text import counted


def show_faults(out: Console, faults: Iterable[Fault], what: str = "fault") -> None:
    """Print the faults, one table per file; those that are the same in many rows of a table are one line."""
    for file, found in groupby(faults, key=lambda fault: fault.file):
        listed = list(found)
        out.print(Text(f"{file}: {counted(len(listed), what)}", style="bold"))
        if any(fault.row is not None for fault in listed):
            _show_groups(out, FaultGroups.of(listed))
            continue
        rows = ((fault.line, fault.path, _value(fault), fault.expected) for fault in listed)
        out.print(table(("line", "field", "value", "expected"), rows, right=("line",)))


def _show_groups(out: Console, groups: FaultGroups) -> None:
    rows = (
        (group.where, shown(group.first.column or ""), _value(group.first), group.first.expected)
        for group in groups.listed
    )
    out.print(table(("row", "column", "value", "expected"), rows, right=("row",)))
    for more in groups.more:
        out.print(Text(more))
    if groups.more or any(group.count > len(group.rows) for group in groups.listed):
        out.print(Text("every row with its faults: --json, or the file of bad rows that start --skip-bad writes"))


def _value(fault: Fault) -> str:
    return shown(fault.value) if fault.value else "(nothing)"


def fault_json(fault: Fault) -> dict[str, Any]:
    """A fault as an object, by its fields."""
    return {
        "file": fault.file,
        "line": fault.line,
        "path": fault.path,
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "expected": fault.expected,
    }


@contextlib.contextmanager
def faults_shown(as_json: bool) -> Iterator[None]:
    """Print the faults that a service found in files, before their InvalidInput ends the command."""
    try:
        yield
    except FaultsFound as found:
        if as_json:
            faults = [fault_json(fault) for fault in found.faults]
            print_json({"error": str(found), "exit_code": found.exit_code, "faults": faults})
        else:
            show_faults(console(), found.faults)
        raise found.printed(as_json) from None
