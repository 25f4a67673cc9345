"""Requests for an extension: what is asked, what is answered, and where it stands."""

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.base import Instant, Kept
from schemas.command import Command, Reason
from schemas.event import Event


class RequestExtension(Command):
    """The city, the county or the enterprise asks that the site be due at the end of `until` (申请延期)."""

    kind: Literal["request_extension"] = "request_extension"
    until: date
    reason: Reason


class DecideExtension(Command):
    """The decider's word on the request that is pending; a refusal gives its reason.

    `until` grants another day than the one that was asked for.
    """

    kind: Literal["decide_extension"] = "decide_extension"
    granted: bool
    until: date | None = None
    reason: str | None = Field(default=None, max_length=4000)


class ExtensionRequested(Event):
    """The `request`th request of this site; until it is decided the site does not climb."""

    kind: Literal["extension_requested"] = "extension_requested"
    request: int
    until: date
    reason: str
    decision_due: Instant


class ExtensionRefused(Event):
    """The deadline stands; the site climbs again from `climbs_from` on."""

    kind: Literal["extension_refused"] = "extension_refused"
    request: int
    reason: str
    climbs_from: date


class ExtensionUndecided(Event):
    """The decider was silent; the superior is told, the `step`th time; `next_due` is when it is told again."""

    kind: Literal["extension_undecided"] = "extension_undecided"
    request: int
    step: int
    due: Instant
    next_due: Instant


EXTENSION_EVENTS: tuple[type[Event], ...] = (ExtensionRequested, ExtensionRefused, ExtensionUndecided)


class Petition(Kept):
    """The request that is pending."""

    request: int
    until: date
    reason: str
    asked_at: Instant
    decision_due: Instant
    tell_at: Instant
    """When the decider's silence is told next."""
    steps: int = 0


class Petitions(Kept):
    """A site's requests for extension; part of its state."""

    asked: int = 0
    refused: int = 0
    lapsed: int = 0
    pending: Petition | None = None
