"""Sign-off (会签): the word of a coordinating department on a site that passed its acceptance, and what follows."""

from typing import Literal

from pydantic import Field

from schemas.base import Instant, Kept
from schemas.command import Command
from schemas.event import Event


class SignOff(Command):
    """A department's word: the unit for which the actor speaks is the department.

    One that does not agree gives its opinion in writing and names the requirements to do again (none: all of them).
    """

    kind: Literal["sign_off"] = "sign_off"
    passed: bool
    opinion: str | None = Field(default=None, max_length=4000)
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


class SignOffRequested(Event):
    """The last level passed: each of these departments is asked, until `due`."""

    kind: Literal["sign_off_requested"] = "sign_off_requested"
    round: int
    departments: tuple[str, ...]
    due: Instant


class SignedOff(Event):
    """A department agreed; with the last one's word the site is struck off."""

    kind: Literal["signed_off"] = "signed_off"
    round: int
    department: str
    opinion: str | None = None


class SignOffOverdue(Event):
    """These departments have not signed in time; `step` counts how often their silence was told, each time higher."""

    kind: Literal["sign_off_overdue"] = "sign_off_overdue"
    round: int
    step: int
    departments: tuple[str, ...]
    due: Instant
    next_due: Instant | None = None


SIGN_OFF_EVENTS: tuple[type[Event], ...] = (SignOffRequested, SignedOff, SignOffOverdue)


class Signature(Kept):
    """Who signed for a department, and when."""

    by: str
    at: Instant


class SigningOff(Kept):
    """Where the sign-off of a site's present round stands; part of its state."""

    departments: tuple[str, ...]
    signed: dict[str, Signature] = {}
    steps: int = 0
    """How often the silence was told."""
    next_due: Instant | None = None
    """When it is told again; None before the first time, and after the last."""

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The departments that have not signed, in the order of the register."""
        return tuple(one for one in self.departments if one not in self.signed)
