"""Tables and lines for people, without markup; wide if no terminal sets the width."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.common.fitting import Fitting
from schemas.status import STAGES

_WITHOUT_TERMINAL = 400
"""Columns of output to a file or a pipe: unfolded lines can be found by `grep`."""


def console() -> Console:
    """The console of standard output, without markup: names and reasons may have any characters."""
    free = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(markup=False, highlight=False, emoji=False, width=_WITHOUT_TERMINAL if free else None)


def table(
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[str] = (), whole: Iterable[str] = ()
) -> Fitting:
    """A plain table; columns in `right` are numbers, those in `whole` are never folded. None is an empty cell.

    If it does not fit, its rows are stacked (commands.common.fitting): nothing is cut.
    """
    return Fitting(headers, rows, frozenset(right), frozenset(whole))


def facts(pairs: Iterable[tuple[str, object]]) -> Table:
    """Names and values below each other; pairs without a value are left out."""
    made = Table.grid(padding=(0, 2))
    made.add_column()
    made.add_column(overflow="fold")
    for name, value in pairs:
        if value is not None and value != "":
            made.add_row(Text(name, style="dim"), Text(str(value)))
    return made


def print_json(value: Any) -> None:
    """Print one JSON value on standard output, indented, without ASCII escapes."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


_LONG = tuple(stage.replace("_", " ") for stage in STAGES)


_SHORT = ("reg.", "rect.", "ver.", "closed", "over")


def stage_heads(columns: int) -> tuple[str, ...]:
    """One column head per stage, in the order of `STAGES`; short ones on a narrow terminal."""
    return _LONG if console().width >= columns else _SHORT
