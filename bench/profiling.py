"""cProfile over all threads of a process, by CPU time: workflow code runs in a pool, activities in the main thread."""

import contextlib
import cProfile
import pstats
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def profiled_threads(target: Path) -> Iterator[None]:
    """Profile this thread and every thread started inside the block; the sum is written to `target`."""
    profiles: list[cProfile.Profile] = []

    def begin(*_: Any) -> None:
        profile = cProfile.Profile(time.thread_time)
        profiles.append(profile)
        profile.enable()

    threading.setprofile(begin)
    begin()
    try:
        yield
    finally:
        threading.setprofile(None)
        for profile in profiles:
            profile.disable()
            profile.create_stats()
        pstats.Stats(*profiles).dump_stats(target)
