"""The rules of a subject's options in their order, found by the data that each refers to (`schemas.option`)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

from schemas.event import Event
from schemas.events import CAMPAIGN_EVENTS, CITY_EVENTS
from schemas.option import Option, Subject
from schemas.options.registry import OPTIONS
from schemas.permits import PERMITS
from schemas.site.events import SITE_EVENTS

_EVENTS: Mapping[Subject, Mapping[str, type[Event]]] = {
    "site": SITE_EVENTS,
    "city": CITY_EVENTS,
    "campaign": CAMPAIGN_EVENTS,
}


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
        """Add an option that is not part of the tree, as the last one, for as long as the process runs.

        Every process that reads or writes a ledger of its subject has to do so before it starts.

        Raises:
            ValueError: its name, or one of its commands or events, is taken.
        """
        data = option.data
        taken = [name for name in data.commands if name in PERMITS]
        taken += [kind for kind in data.event_kinds() if kind in _EVENTS[data.subject]]
        if taken:
            raise ValueError(f"option {data.name}: {', '.join(taken)} is known already")
        OPTIONS.register(data)
        self._options = (*self._options, option)

    @contextmanager
    def registered(self, option: Rules) -> Iterator[None]:
        """The same within a context only."""
        self.register(option)
        try:
            yield
        finally:
            self._options = tuple(known for known in self._options if known is not option)
            OPTIONS.unregister(option.data)


def together(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The fields of all options; under `options` those of every option outside the tree."""
    fields: dict[str, Any] = {}
    for part in parts:
        fields |= part | {"options": fields.get("options", {}) | part.get("options", {})}
    return fields
