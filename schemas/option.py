"""What an option of the plan adds to one subject, as data; `schemas.options.registry` lists all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from schemas.command import Command
from schemas.event import Event
from schemas.permit import Permit

Subject = Literal["site", "city", "campaign"]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option at one subject: its commands and events, its rows of the authority table, and its transitions.

    The option's rules are a separate object (`rules.<subject>.options`) that refers to this data. An option of two
    subjects has one entry for each, under the same name.
    """

    name: str
    subject: Subject
    commands: Mapping[str, type[Command]] = field(default_factory=dict)
    """Wire name to command."""
    events: tuple[type[Event], ...] = ()
    permits: Mapping[str, tuple[Permit, ...]] = field(default_factory=dict)
    """Command to its rows of the authority table."""
    rows_after: str = ""
    """The subject's own command after whose rows these are in the table; None: at the end of the table."""
    transitions: Mapping[tuple[StrEnum, str], StrEnum] = field(default_factory=dict)
    """(stage, event kind) -> stage, for the option's events."""
    command_events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Command to the kinds of its possible events: a stage without a transition for any of them refuses the command."""

    def event_kinds(self) -> Mapping[str, type[Event]]:
        """Event kind to its model."""
        return {event.model_fields["kind"].default: event for event in self.events}
