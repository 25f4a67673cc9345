"""Atomic writing of files."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from schemas.errors import InvalidInput


@contextlib.contextmanager
def replacing(target: Path, consequence: str = "") -> Iterator[Path]:
    """A temporary file that replaces `target` at the end; after an error the old file is kept.

    InvalidInput, with the `consequence` appended, if it can not be written.
    """
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield unfinished
        unfinished.replace(target)
    except (ConnectionError, TimeoutError):
        raise  # of a server, not of the file
    except OSError as error:
        raise InvalidInput(f"{target}: can not be written ({error.strerror}){consequence}") from error
    finally:
        unfinished.unlink(missing_ok=True)
