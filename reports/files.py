"""Writing a file of a report: at once or not at all, and with words where it cannot be."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
