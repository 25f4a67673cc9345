"""The output of a command: a table for people, the same data as JSON for programs, and a progress bar."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

from rich.console import Console, RenderableType

from commands.common.tables import console, print_json
from services.common.feedback import Advance


class Page(NamedTuple):
    """`data` is the JSON, `shown` the same data for people."""

    data: Any
    shown: RenderableType


EVERY_SECONDS = 2.0


def show(page: Page, as_json: bool) -> None:
    """Print a page for people, or its JSON."""
    if as_json:
        print_json(page.data)
    else:
        console().print(page.shown)


async def watched(page: Callable[[], Awaitable[Page]], as_json: bool) -> None:
    """Draw the page in place every two seconds until Ctrl-C; as JSON one object a line."""
    from rich.live import Live

    try:
        if as_json:
            while True:
                print(json.dumps((await page()).data, ensure_ascii=False), flush=True)
                await asyncio.sleep(EVERY_SECONDS)
        with Live((await page()).shown, console=console(), auto_refresh=False) as live:
            while True:
                await asyncio.sleep(EVERY_SECONDS)
                live.update((await page()).shown, refresh=True)
    except asyncio.CancelledError:
        pass  # Ctrl-C ends --watch


@contextlib.contextmanager
def progress(title: str) -> Iterator[Advance | None]:
    """A progress bar on standard error, for people only.

    Yields a function to call with (done, total), total None if it is unknown. Yields None without a terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def advanced(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield advanced
