"""Writes files of a report atomically, and loads the Jinja2 layouts of its pages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.spreadsheets.workbook import FileCreateError
from schemas.errors import InvalidInput


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder; it replaces the file only if the block succeeds."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with writable(path):
        try:
            yield unfinished
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Raises InvalidInput with the path and the system's reason, if a file in the block cannot be written."""
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise  # an error of the database, not of the file
    except (OSError, FileCreateError) as failure:
        cause = failure.args[0] if isinstance(failure, FileCreateError) else failure
        reason = getattr(cause, "strerror", None) or str(cause)
        raise InvalidInput(
            f"{path}: cannot be written ({reason}). Close it where it is open, or choose another folder"
        ) from failure


@cache
def environment() -> Environment:
    """The Jinja2 environment of all pages; an unknown variable is an error."""
    folder = Path(__file__).parent / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = lambda value: f"{value:,}"
    return made
