"""A case beside a site's works: its transfer (移送), its acceptance (接收), its decision (立案), its conclusion."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.base import Instant, Kept
from schemas.command import Command, Reason
from schemas.event import Event
from schemas.police_track import CaseState


class Decision(StrEnum):
    """What the police say of a case."""

    FILED = "filed"
    NOT_FILED = "not_filed"
    CONCLUDED = "concluded"


class TransferCase(Command):
    """The works agency or the city hands the case to the police, under the reference number of its letter."""

    kind: Literal["transfer_case"] = "transfer_case"
    reference: str = Field(min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=4000)


class AcceptCase(Command):
    """The police sign for the case; nothing is decided by that."""

    kind: Literal["accept_case"] = "accept_case"


class DecideCase(Command):
    """The police file the case, do not file it (with the reason), or have concluded it.

    `reference` is their own number. A decision on a transferred case accepts it as well.
    """

    kind: Literal["decide_case"] = "decide_case"
    decision: Decision
    reason: Reason | None = None
    reference: str | None = Field(default=None, min_length=1, max_length=200)


class CaseTransferred(Event):
    """The case was handed to the police; they accept it by `due`."""

    kind: Literal["case_transferred"] = "case_transferred"
    reference: str
    note: str | None = None
    due: Instant
    """Until when it must be accepted."""


class CaseAccepted(Event):
    """The police have it; they decide by `due` whether they file it."""

    kind: Literal["case_accepted"] = "case_accepted"
    due: Instant
    """Until when it must be decided."""


class CaseDecided(Event):
    """What the police decided: filed, not filed with the reason, or concluded."""

    kind: Literal["case_decided"] = "case_decided"
    decision: Decision
    reason: str | None = None
    reference: str | None = None
    due: Instant | None = None
    """Until when a filed case must be concluded, where that is timed."""


class CaseOverdue(Event):
    """The present step was not taken in time: told the `told`th time; `next_due` is when it is told again."""

    kind: Literal["case_overdue"] = "case_overdue"
    state: CaseState
    waits_for: str
    told: int
    due: Instant
    next_due: Instant | None = None


class WorksAccepted(Event):
    """The last level passed; the site is closed as soon as its case is over."""

    kind: Literal["works_accepted"] = "works_accepted"
    round: int
    level: str
    opinion: str | None = None


class CaseCarriedOver(Event):
    """The campaign ended beside a closed site whose case is not over; the police go on without the campaign."""

    kind: Literal["case_carried_over"] = "case_carried_over"
    state: CaseState


CASE_EVENTS: tuple[type[Event], ...] = (
    CaseTransferred,
    CaseAccepted,
    CaseDecided,
    CaseOverdue,
    WorksAccepted,
    CaseCarriedOver,
)


class PoliceCase(Kept):
    """A site's case; part of its state. `due` is the end of the present step, None where that is not timed."""

    state: CaseState = CaseState.TO_TRANSFER
    since: Instant
    due: Instant | None = None
    tell_at: Instant | None = None
    """When the silence of the present step is told next."""
    told: int = 0
    reference: str | None = None
    reason: str | None = None
    accepted_level: str | None = None
    """The last acceptance level, while the site waits for its case alone."""
    accepted_opinion: str | None = None
    carried_over: bool = False
