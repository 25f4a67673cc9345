"""The commands of a site, by people and by the engine."""

from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.calendar import CampaignDay
from schemas.command import Command, DocumentRef, Reason
from schemas.deferrals import SuspensionBasis
from schemas.evidence import Evidence
from schemas.quantity import Quantity


class CompleteTask(Command):
    """Report a quantity of a requirement as done; quantities of partial reports add up.

    Evidence may be sent without work, with the quantity 0.
    """

    kind: Literal["complete_task"] = "complete_task"
    requirement: str = Field(min_length=1, max_length=64)
    quantity: Quantity
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=50)
    note: str | None = Field(default=None, max_length=4000)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.quantity and not self.evidence:
            raise ValueError("quantity: expected more than 0, or evidence with it")
        return self


class Verify(Command):
    """A level's verdict; a failure names the requirements to do again (none: all of them) and gives its opinion."""

    kind: Literal["verify"] = "verify"
    level: str = Field(min_length=1, max_length=64)
    passed: bool
    opinion: Reason | None = None
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


class Extend(Command):
    """A granted extension: the site is due at the end of `until`."""

    kind: Literal["extend"] = "extend"
    until: CampaignDay
    reason: Reason


class Suspend(Command):
    """A suspension (中止) from now on, to the end of `until` if that day is given."""

    kind: Literal["suspend"] = "suspend"
    reason: Reason
    basis: SuspensionBasis | None = None
    until: CampaignDay | None = None
    order: int | None = Field(default=None, ge=1)
    """The city's order by which many sites are suspended at once, and what it is called."""
    document: DocumentRef | None = None


class Resume(Command):
    """The suspension ends; the deadlines move by its duration."""

    kind: Literal["resume"] = "resume"
    reason: Reason | None = None
    order: int | None = Field(default=None, ge=1)
    """The order that is ended; a site that stands still by another one is not resumed."""


class CarryOver(Command):
    """The site leaves this campaign unfinished (结转): the campaign ended or was stopped."""

    kind: Literal["carry_over"] = "carry_over"
    reason: Reason


class RungIssued(Command):
    """The city's workflow notifies a site: the document of its rung was approved and issued on the day `on`."""

    kind: Literal["rung_issued"] = "rung_issued"
    document: DocumentRef
    rung: int
    round: int
    proposal: int = 1
    on: CampaignDay


class RungWithdrawn(Command):
    """The city's workflow notifies a site: the document of its rung was rejected or withdrawn."""

    kind: Literal["rung_withdrawn"] = "rung_withdrawn"
    document: DocumentRef
    rung: int
    round: int
    proposal: int = 1
    on: CampaignDay
    reason: Reason


class HoldClimb(Command):
    """The city's workflow notifies a site: its city replied, and it does not climb up to and including `until`.

    `reply` counts the replies to the document in the order in which the city recorded them; the last one counts.
    """

    kind: Literal["hold_climb"] = "hold_climb"
    document: DocumentRef
    rung: int
    round: int
    proposal: int = 1
    until: CampaignDay
    reply: int = 1
