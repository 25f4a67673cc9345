"""Files that are written as a whole or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from schemas.errors import InvalidInput


@contextlib.contextmanager
def replacing(target: Path, consequence: str = "") -> Iterator[Path]:
    """A file beside `target` that takes its place at the end; after an error the old file stands.

    InvalidInput, with the `consequence` behind it, if it can not be written.
    """
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield unfinished
        unfinished.replace(target)
    except (ConnectionError, TimeoutError):
        raise  # a server's, not the file's
    except OSError as error:
        raise InvalidInput(f"{target}: can not be written ({error.strerror}){consequence}") from error
    finally:
        unfinished.unlink(missing_ok=True)
