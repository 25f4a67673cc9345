"""A file's bytes, or a clear word about why there are none."""

from pathlib import Path

from schemas.errors import NotFound


def read_bytes(path: Path) -> bytes:
    """The content of a file; NotFound names the file that is not there or cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}); give the path of a readable file") from error
