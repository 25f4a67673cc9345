"""Every option of the plan in order, and the tables made of the subjects' own entries and those of their options.

The index tables (`schemas.commands`, `schemas.permits`, ...) read this registry, and so do the rules. An option that is
not part of the tree is registered by `OPTIONS.register`; the tables then include its entries.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from schemas.command import Command
from schemas.event import Event
from schemas.option import Option, Subject
from schemas.options.acceptance import ACCEPTANCE
from schemas.options.bookings import BOOKINGS
from schemas.options.briefing import BRIEFING
from schemas.options.builders import BUILDERS
from schemas.options.calls import CALLS
from schemas.options.counties import COUNTIES
from schemas.options.extensions import EXTENSIONS
from schemas.options.grading import GRADING
from schemas.options.joint import JOINT
from schemas.options.joint_group import JOINT_GROUP
from schemas.options.modes import MODES
from schemas.options.opinion import OPINION
from schemas.options.patrol import PATROL, PATROL_OF_CAMPAIGN
from schemas.options.phases import PHASES
from schemas.options.police import POLICE
from schemas.options.responsible import RESPONSIBILITY
from schemas.options.sign_off import SIGN_OFF_OPTION
from schemas.options.spot_checks import SPOT_CHECKS
from schemas.options.standstill import STANDSTILL
from schemas.options.surveys import SURVEYS
from schemas.options.sweep import SWEEP
from schemas.options.targets import TARGETS

K = TypeVar("K")
V = TypeVar("V")


class OptionRegistry:
    """The options in the order in which the rules call them; `version` counts the changes."""

    def __init__(self, *options: Option) -> None:
        self._options = options
        self.version = 0

    def __iter__(self) -> Iterator[Option]:
        return iter(self._options)

    def of(self, subject: Subject) -> Iterator[Option]:
        """The options of one subject, in their order."""
        return (option for option in self._options if option.subject == subject)

    def register(self, option: Option) -> None:
        """Add an option as the last one; ValueError if its subject has an option of this name."""
        if any(known.name == option.name for known in self.of(option.subject)):
            raise ValueError(f"option {option.name}: a {option.subject} has an option of this name")
        self._options = (*self._options, option)
        self.version += 1

    def unregister(self, option: Option) -> None:
        """Remove a registered option."""
        self._options = tuple(known for known in self._options if known is not option)
        self.version += 1


# Options of a site, then those of a city, then those of the campaign.
OPTIONS = OptionRegistry(
    MODES,
    BOOKINGS,
    ACCEPTANCE,
    SIGN_OFF_OPTION,
    EXTENSIONS,
    POLICE,
    RESPONSIBILITY,
    BUILDERS,
    GRADING,
    OPINION,
    SURVEYS,
    PATROL,
    JOINT_GROUP,
    PHASES,
    COUNTIES,
    CALLS,
    STANDSTILL,
    SWEEP,
    BRIEFING,
    PATROL_OF_CAMPAIGN,
    SPOT_CHECKS,
    TARGETS,
    JOINT,
)


class OptionTable(Mapping[K, V], Generic[K, V]):
    """A table derived from the registry: `make` is called again after an option was registered or removed."""

    def __init__(self, make: Callable[[], Mapping[K, V]]) -> None:
        self._make = make
        self._version = -1
        self._made: Mapping[K, V] = {}

    def _table(self) -> Mapping[K, V]:
        if self._version != OPTIONS.version:
            self._made, self._version = self._make(), OPTIONS.version
        return self._made

    def __getitem__(self, key: K) -> V:
        return self._table()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._table())

    def __len__(self) -> int:
        return len(self._table())


def command_table(subject: Subject, core: Mapping[str, type[Command]]) -> Mapping[str, type[Command]]:
    """Message name to command: the subject's own commands and those of its options."""
    return OptionTable(
        lambda: {**core, **{name: one for option in OPTIONS.of(subject) for name, one in option.commands.items()}}
    )


def event_table(subject: Subject, core: Iterable[type[Event]]) -> Mapping[str, type[Event]]:
    """Event kind to its model: the subject's own events and those of its options."""
    own = {event.model_fields["kind"].default: event for event in core}
    return OptionTable(
        lambda: {**own, **{kind: one for option in OPTIONS.of(subject) for kind, one in option.event_kinds().items()}}
    )
