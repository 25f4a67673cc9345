"""Sign-off (会签) by the coordinating departments of a site: the plan's option, its terms, commands and events."""

from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.actor import Role
from schemas.base import InputModel, Instant, StoredModel
from schemas.calendar import Clause, ClauseNames
from schemas.command import Command, Reason
from schemas.deferrals import UnmovedDeadline
from schemas.event import Event, new_field
from schemas.offices import Recipient
from schemas.option import Option
from schemas.permit import Permit, Whose, at
from schemas.stages import VERIFYING, Stage

SIGN_OFF = "sign_off"
"""The level of a site while its departments sign."""


class SignOffRule(InputModel):
    """Departments sign within `due`; overdue ones are reported, one level higher after each further clause `upward`.

    The register names the lead government, the departments and the building enterprise of each site;
    `lead_governments` are those governments as recipients.
    """

    due: Clause
    upward: Clause | None = None
    """By default `due`."""
    lead_governments: tuple[Recipient, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [one.name for one in self.lead_governments]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"lead_governments: {', '.join(twice)} stands twice, expected once")
        return self


class SignOffTerms(StoredModel):
    """The rule for one site; `departments` are never empty.

    `rungs` are the levels notified in order: 0 is the site's lead government, 1 to 3 the city's government, deputy head
    and head. An office that is several of these has one rung.
    """

    due: Clause
    upward: Clause
    departments: tuple[str, ...]
    lead_government: str | None = None
    rungs: tuple[int, ...]


class SignOff(Command):
    """A department's decision; the department is the actor's unit.

    A refusal gives a written opinion and names the requirements to do again (none named: all).
    """

    kind: Literal["sign_off"] = "sign_off"
    passed: bool
    opinion: Reason | None = None
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


class SignOffRequested(Event):
    """The last level passed: each of these departments is to sign by `due`."""

    kind: Literal["sign_off_requested"] = "sign_off_requested"
    round: int
    departments: tuple[str, ...]
    due: Instant


class SignedOff(Event):
    """A department signed; after the last one the site is struck off."""

    kind: Literal["signed_off"] = "signed_off"
    round: int
    department: str
    opinion: str | None = None


class SignOffOverdue(Event):
    """These departments have not signed in time; `step` counts the reports, each to a higher office."""

    kind: Literal["sign_off_overdue"] = "sign_off_overdue"
    round: int
    step: int
    departments: tuple[str, ...]
    due: Instant
    next_due: Instant | None = None


class Signature(StoredModel):
    """Who signed for a department, and when."""

    by: str
    at: Instant


class SigningOff(StoredModel):
    """The sign-off of a site's present round; part of its state."""

    departments: tuple[str, ...]
    signed: dict[str, Signature] = {}
    steps: int = 0
    """The number of reports that departments are overdue."""
    next_due: Instant | None = None
    """When the next report is due; None before the first one and after the last one."""
    clauses: ClauseNames = new_field({})
    unmoved: UnmovedDeadline | None = new_field(None)
    """`next_due` before suspensions moved it; it counts from the report before."""

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The departments that have not signed, in the order of the register."""
        return tuple(one for one in self.departments if one not in self.signed)


SIGN_OFF_OPTION = Option(
    name="sign_off",
    subject="site",
    commands={"sign_off": SignOff},
    events=(SignOffRequested, SignedOff, SignOffOverdue),
    permits={"sign_off": at(VERIFYING, Permit(Role.DEPARTMENT, Whose.DEPARTMENT))},
    rows_after="verify",
    transitions={
        (Stage.VERIFYING, "sign_off_requested"): Stage.VERIFYING,
        (Stage.VERIFYING, "signed_off"): Stage.VERIFYING,
        (Stage.VERIFYING, "sign_off_overdue"): Stage.VERIFYING,
    },
    command_events={"sign_off": ("signed_off", "level_failed", "closed")},
)
