"""The rules of a subject's options in their order, found by the data that each refers to (`schemas.option`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from schemas.option import Option
from schemas.options.registry import OPTIONS


class WithData(Protocol):
    """Rules of an option, whose commands and events are `data`."""

    data: Option


Rules = TypeVar("Rules", bound=WithData)


class OptionRules(Generic[Rules]):
    """Options of one subject, iterable in their order, which decides ties between deadlines at one instant."""

    def __init__(self, *options: Rules) -> None:
        self._options = options

    def __iter__(self) -> Iterator[Rules]:
        return iter(self._options)

    def owner_of(self, kind: str) -> Rules | None:
        """The option that a command belongs to; None for those of the core."""
        return next((option for option in self._options if kind in option.data.commands), None)

    def register(self, option: Rules) -> None:
        """Add an option as the last one; ValueError if its name, a command or an event belongs to another."""
        OPTIONS.register(option.data)
        self._options = (*self._options, option)

    @contextmanager
    def registered(self, option: Rules) -> Iterator[None]:
        """Within this context the engine knows an option that is not part of the tree; ValueError as `register`."""
        self.register(option)
        try:
            yield
        finally:
            self._options = tuple(known for known in self._options if known is not option)
            OPTIONS.unregister(option.data)
