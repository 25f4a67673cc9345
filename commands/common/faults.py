"""Tables of the faults of files."""

import contextlib
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console
from rich.text import Text

from commands.common.tables import console, table
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


@contextlib.contextmanager
def faults_shown() -> Iterator[None]:
    """Print the faults that a service found in files, before their InvalidInput ends the command."""
    try:
        yield
    except FaultsFound as found:
        show_faults(console(), found.faults)
        raise
