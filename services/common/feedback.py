"""What a service reports beside its result: its progress meanwhile, and every fault of the files it was given."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext

from intake.files.faults import Fault
from schemas.errors import InvalidInput

Advance = Callable[[int, int | None], None]
"""Called with what is done and the total, None where the total is not known."""
Progress = Callable[[str], AbstractContextManager[Advance | None]]
"""A port: opens the progress of the step of this title; None where nobody watches."""


def unwatched(_title: str) -> AbstractContextManager[Advance | None]:
    """The progress that nobody watches."""
    return nullcontext()


class FaultsFound(InvalidInput):
    """Files that do not hold, with all their faults; nothing was done."""

    def __init__(self, faults: Iterable[Fault], said: str) -> None:
        super().__init__(said)
        self.faults = faults
