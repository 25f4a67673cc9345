"""The faults of files, as tables and as objects."""

import contextlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from commands.common.tables import console, print_json, table
from intake.files.faults import Fault, shown
from services.common.feedback import FaultsFound
from services.common.text import counted


def show_faults(out: Console, faults: Iterable[Fault], what: str = "fault") -> None:
    """Print every fault, one table per file."""
    for file, found in groupby(faults, key=lambda fault: fault.file):
        listed = list(found)
        out.print(Text(f"{file}: {counted(len(listed), what)}", style="bold"))
        in_table = any(fault.row is not None for fault in listed)
        headers = ("row", "column") if in_table else ("line", "field")
        rows = (
            (
                fault.row if in_table else fault.line,
                shown(fault.column or "") if in_table else fault.path,
                shown(fault.value) if fault.value else "(nothing)",
                fault.expected,
            )
            for fault in listed
        )
        out.print(table((*headers, "value", "expected"), rows, right=headers[:1]))


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
