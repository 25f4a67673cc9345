"""The rules of a subject's options in order, found by the data of each (`schemas.option`)."""

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
    """The rules of an option; its commands and events are in `data`."""

    data: Option


Rules = TypeVar("Rules", bound=WithData)


class OptionRules(Generic[Rules]):
    """The options of one subject, iterable in order; the order decides between deadlines at one instant."""

    def __init__(self, *options: Rules) -> None:
        self._options = options
        self._having: dict[str, tuple[Rules, ...]] = {}

    def __iter__(self) -> Iterator[Rules]:
        return iter(self._options)

    def having(self, hook: str) -> tuple[Rules, ...]:
        """The options that define this hook themselves, in order: the others do nothing there, and need no call."""
        found = self._having.get(hook)
        if found is None:
            found = tuple(
                option for option in self._options if sum(hook in vars(base) for base in type(option).__mro__) > 1
            )
            self._having[hook] = found
        return found

    def owner_of(self, kind: str) -> Rules | None:
        """The option that a command belongs to; None for the subject's own commands."""
        return next((option for option in self._options if kind in option.data.commands), None)

    def register(self, option: Rules) -> None:
        """Add an option that is not part of the tree, as the last one, for the lifetime of the process.

        Every process that reads or writes a ledger of its subject must register it before that.

        Raises:
            ValueError: its name, or the name of a command or event, is already used.
        """
        data = option.data
        taken = [name for name in data.commands if name in PERMITS]
        taken += [kind for kind in data.event_kinds() if kind in _EVENTS[data.subject]]
        if taken:
            raise ValueError(f"option {data.name}: {', '.join(taken)} is known already")
        OPTIONS.register(data)
        self._options = (*self._options, option)
        self._having.clear()

    @contextmanager
    def registered(self, option: Rules) -> Iterator[None]:
        """Register an option within a context only."""
        self.register(option)
        try:
            yield
        finally:
            self._options = tuple(known for known in self._options if known is not option)
            self._having.clear()
            OPTIONS.unregister(option.data)


def together(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Merge the fields of all options; `options` has those of every option outside the tree."""
    fields: dict[str, Any] = {}
    for part in parts:
        fields |= part | {"options": fields.get("options", {}) | part.get("options", {})}
    return fields
