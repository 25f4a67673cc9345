"""Where the servers of tests keep their data: in memory, where the machine has a file system for that with room."""

import os
import shutil
import tempfile
from pathlib import Path

_IN_MEMORY = Path("/dev/shm")
_ROOM = 4 * 2**30
"""Bytes that must be free there."""


def has_room() -> bool:
    """Whether temporary files may be kept in memory."""
    if not _IN_MEMORY.is_dir() or not os.access(_IN_MEMORY, os.W_OK | os.X_OK):
        return False
    return shutil.disk_usage(_IN_MEMORY).free >= _ROOM


def use_memory() -> None:
    """Have this process and its children make their temporary files there, unless TMPDIR says where.

    A copy of a database, which each test of the tier db has, takes an eighth of the processor time.
    """
    if "TMPDIR" not in os.environ and has_room():
        os.environ["TMPDIR"] = str(_IN_MEMORY)
        tempfile.tempdir = None


def in_memory() -> bool:
    """Whether temporary files are kept there."""
    return Path(tempfile.gettempdir()) == _IN_MEMORY
