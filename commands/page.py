"""What a command shows: a table for people, and the same as JSON for programs."""

from typing import Any, NamedTuple

from rich.console import RenderableType


class Page(NamedTuple):
    """`data` is the JSON, `shown` the same for people."""

    data: Any
    shown: RenderableType
