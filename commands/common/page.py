"""What a command shows: a table for people, the same as JSON for programs; once, or anew until Ctrl-C."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from rich.console import RenderableType

from commands.common.tables import console, print_json


class Page(NamedTuple):
    """`data` is the JSON, `shown` the same for people."""

    data: Any
    shown: RenderableType


EVERY_SECONDS = 2.0


def show(page: Page, as_json: bool) -> None:
    """A page for people, or its JSON."""
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
        pass  # Ctrl-C is how one stops watching
