"""Who is responsible (责任单位、责任人) for a site and its requirements: the plan's option, terms, commands and events.

Assigning and handing over is always possible; a plan may require a person for each site (`responsible.required`).
"""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.actor import PersonId, Role, UnitName
from schemas.base import InputModel, Instant, StoredModel
from schemas.calendar import Clause, ClauseNames
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.option import Option
from schemas.permit import BY_CITY, BY_COUNTY, Permit, Whose, at
from schemas.stages import OPEN_SITE

RESPONSIBLE = (Role.CITY, Role.COUNTY, Role.TOWNSHIP, Role.ENTERPRISE, Role.DEPARTMENT, Role.POLICE)
"""The roles in which a responsible unit hands over, or takes over."""


class ResponsibleRule(InputModel):
    """The plan's option `responsible`.

    Where a person is `required`, a site without one is asked for it, and told upward when there is none `due` after it
    opened. A take-over is receipted within `receipt`, by default the plan's clause of receipts.
    """

    required: bool = False
    due: Clause | None = None
    receipt: Clause | None = None

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.required and self.due is None:
            raise ValueError("due: expected a clause, since a responsible person is required")
        if not self.required and self.due is not None:
            raise ValueError("due: belongs to required: true, expected without it")
        for name in ("due", "receipt"):
            clause: Clause | None = getattr(self, name)
            if clause is not None and clause.amount < 1:
                raise ValueError(f"{name}: expected one day or more, nobody answers before the day is over")
        return self


class Charge(StoredModel):
    """A responsible unit, and its person where one is named."""

    unit: str
    person: str | None = None


class ResponsibleTerms(StoredModel):
    """The option in a site's terms, with what its register row says.

    `unit` is the first responsible unit of the register, else the county (`named` is False then). `due` is None where
    no person is required; `rungs` are the levels that are told of a silence, one after the other.
    """

    unit: str
    named: bool = True
    person: str | None = None
    due: Clause | None = None
    receipt: Clause
    rungs: tuple[int, ...] = (0,)


class Assign(Command):
    """The city or the county makes a unit and a person responsible for the site, or for one requirement of it."""

    kind: Literal["assign"] = "assign"
    unit: UnitName
    person: PersonId
    requirement: str | None = Field(default=None, min_length=1, max_length=64)


class HandOver(Command):
    """The responsible unit, or one above it, hands over (移交); until the receipt the old one stays responsible."""

    kind: Literal["hand_over"] = "hand_over"
    unit: UnitName
    person: PersonId
    reason: Reason
    requirement: str | None = Field(default=None, min_length=1, max_length=64)


class TakeOver(Command):
    """The receipt of the person to whom it is handed over."""

    kind: Literal["take_over"] = "take_over"
    requirement: str | None = Field(default=None, min_length=1, max_length=64)


class ResponsibleAssigned(Event):
    """From now on this unit and person are responsible; without `requirement` for the site."""

    kind: Literal["responsible_assigned"] = "responsible_assigned"
    unit: str
    person: str
    requirement: str | None = new_field(None)


class HandOverBegun(Event):
    """The `number`th handing over of the site; it is receipted by `due`."""

    kind: Literal["hand_over_begun"] = "hand_over_begun"
    number: int
    unit: str
    person: str
    reason: str
    due: Instant
    requirement: str | None = new_field(None)


class TakenOver(Event):
    """It was receipted: the new unit and person are responsible from now on."""

    kind: Literal["taken_over"] = "taken_over"
    number: int
    unit: str
    person: str
    requirement: str | None = new_field(None)


class TakeOverOverdue(Event):
    """The receipt is missing, told to the `step`th level; `next_due` is when the next one is told."""

    kind: Literal["take_over_overdue"] = "take_over_overdue"
    number: int
    unit: str
    person: str
    step: int
    due: Instant
    next_due: Instant | None = None
    requirement: str | None = new_field(None)


class ResponsibleMissing(Event):
    """The plan requires a responsible person and the site has none, told to the `step`th level."""

    kind: Literal["responsible_missing"] = "responsible_missing"
    unit: str
    step: int
    due: Instant
    next_due: Instant | None = None


class Pending(StoredModel):
    """A handing over that is not receipted."""

    number: int
    unit: str
    person: str
    asked_at: Instant
    due: Instant
    notify_at: Instant | None
    """When the next level is told; None after the last one."""
    steps: int = 0
    clauses: ClauseNames = new_field({})


class Responsibility(StoredModel):
    """What a site remembers of it; `requirements` have those of their own, `pending` by requirement ("": the site)."""

    charge: Charge | None = None
    """None while that of the register holds."""
    requirements: dict[str, Charge] = {}
    pending: dict[str, Pending] = {}
    handed_over: int = 0
    due: Instant | None = None
    """When a person is to be named by; None where none is required."""
    notify_at: Instant | None = None
    steps: int = 0
    clauses: ClauseNames = new_field({})


class ResponsibleFacts(StoredModel):
    """Who is responsible now, in a site's row and view."""

    unit: str
    person: str | None = None
    requirements: dict[str, Charge] = {}
    pending: dict[str, Charge] = {}
    """To whom it is handed over and not receipted yet, by requirement ("": the site)."""


def _responsible() -> Iterator[Permit]:
    """A unit that is responsible, or to which it is handed over; `rules.site.options.responsible` compares which."""
    return (Permit(role, Whose.RESPONSIBLE, label=f"responsible {role}") for role in RESPONSIBLE)


RESPONSIBILITY = Option(
    name="responsible",
    subject="site",
    commands={"assign": Assign, "hand_over": HandOver, "take_over": TakeOver},
    events=(ResponsibleAssigned, HandOverBegun, TakenOver, TakeOverOverdue, ResponsibleMissing),
    permits={
        "assign": at(OPEN_SITE, BY_CITY, BY_COUNTY),
        "hand_over": at(OPEN_SITE, BY_CITY, BY_COUNTY, *_responsible()),
        "take_over": at(OPEN_SITE, *_responsible()),
    },
    rows_after="correct",
    transitions={
        (stage, event): stage
        for stage in OPEN_SITE.site
        for event in (
            "responsible_assigned",
            "hand_over_begun",
            "taken_over",
            "take_over_overdue",
            "responsible_missing",
        )
    },
    command_events={
        "assign": ("responsible_assigned",),
        "hand_over": ("hand_over_begun",),
        "take_over": ("taken_over",),
    },
)
