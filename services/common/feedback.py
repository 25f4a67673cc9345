"""What a service reports beside its result: its progress, and every fault of its files."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext

from intake.files.faults import Fault
from schemas.errors import InvalidInput

Advance = Callable[[int, int | None], None]
"""Called with the done number and the total, None if the total is unknown."""
Progress = Callable[[str], AbstractContextManager[Advance | None]]
"""A port: opens the progress display of the step with this title; None without a display."""


def unwatched(_title: str) -> AbstractContextManager[Advance | None]:
    """A `Progress` without a display."""
    return nullcontext()


class FaultsFound(InvalidInput):
    """Invalid files, with all their faults; nothing was done."""

    def __init__(self, faults: Iterable[Fault], message: str) -> None:
        super().__init__(message)
        self.faults = faults
