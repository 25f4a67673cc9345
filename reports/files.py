"""Writing a file of a report, at once or not at all; and the Jinja2 layouts of its pages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from xlsxwriter.exceptions import FileCreateError

from schemas.errors import InvalidInput


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside the file to write to; the file is replaced only if everything went well."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with writable(path):
        try:
            yield unfinished
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """InvalidInput, naming the path and the system's reason, if something in the block cannot be written."""
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise  # the database's, not the file's
    except (OSError, FileCreateError) as failure:
        cause = failure.args[0] if isinstance(failure, FileCreateError) else failure
        reason = getattr(cause, "strerror", None) or str(cause)
        raise InvalidInput(
            f"{path}: cannot be written ({reason}). Close it where it is open, or choose another folder"
        ) from failure


@cache
def environment() -> Environment:
    """The environment of every page; an unknown variable is an error."""
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
