"""Extensions on request (申请延期): the plan's option, its terms, commands and events."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.actor import Role
from schemas.base import InputModel, Instant, StoredModel
from schemas.calendar import CampaignDay, Clause, ClauseNames
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.offices import Approver
from schemas.option import Option
from schemas.permit import BY_ANY_BUILDER, BY_BUILDER, BY_CITY, BY_COUNTY, Permit, at
from schemas.stages import RECTIFYING, Stage


class ExtensionRule(InputModel):
    """An extension is requested at least `before` the expiry; `decider` decides within `decision`.

    `at_most` is the number of extensions per site, by request or not. An overdue decider is reported to the superior.
    """

    before: Clause
    decision: Clause
    at_most: int = Field(ge=1, le=20)
    decider: Approver

    @model_validator(mode="after")
    def _somebody_hears(self) -> Self:
        if self.decision.amount < 1:
            raise ValueError("decision: expected one day or more, nobody decides before the day of the request is over")
        if self.decider.superior.name == self.decider.name:
            raise ValueError(
                f"decider: {self.decider.name} is named as the own superior, so nobody would hear of the silence"
            )
        return self


class ExtensionTerms(StoredModel):
    """The same in a site's terms, with the offices by name."""

    before: Clause
    decision: Clause
    at_most: int
    decider: str
    superior: str


class RequestExtension(Command):
    """The city, the county or the enterprise requests that the site be due at the end of `until` (申请延期)."""

    kind: Literal["request_extension"] = "request_extension"
    until: CampaignDay
    reason: Reason


class DecideExtension(Command):
    """The decision on the pending request; a refusal gives its reason.

    `until` grants another day than the requested one.
    """

    kind: Literal["decide_extension"] = "decide_extension"
    granted: bool
    until: CampaignDay | None = None
    reason: Reason | None = None


class ExtensionRequested(Event):
    """The `request`th request of this site; until it is decided the site does not climb."""

    kind: Literal["extension_requested"] = "extension_requested"
    request: int
    until: date
    reason: str
    decision_due: Instant


class ExtensionRefused(Event):
    """The request was refused: the deadline is unchanged, and the site climbs again from `climbs_from` on."""

    kind: Literal["extension_refused"] = "extension_refused"
    request: int
    reason: str
    climbs_from: date


class ExtensionUndecided(Event):
    """The decider is overdue, reported to its superior the `step`th time; `next_due` is when it is reported again."""

    kind: Literal["extension_undecided"] = "extension_undecided"
    request: int
    step: int
    due: Instant
    next_due: Instant


class ExtensionRequest(StoredModel):
    """The pending request."""

    request: int
    until: date
    reason: str
    asked_at: Instant
    decision_due: Instant
    clauses: ClauseNames = new_field({})
    notify_at: Instant
    """When an overdue decision is reported next."""
    steps: int = 0


class ExtensionRequests(StoredModel):
    """A site's requests for extension; part of its state."""

    asked: int = 0
    refused: int = 0
    lapsed: int = 0
    pending: ExtensionRequest | None = None


EXTENSIONS = Option(
    name="extensions",
    subject="site",
    commands={"request_extension": RequestExtension, "decide_extension": DecideExtension},
    events=(ExtensionRequested, ExtensionRefused, ExtensionUndecided),
    permits={
        "request_extension": at(RECTIFYING, BY_CITY, BY_COUNTY, BY_BUILDER, BY_ANY_BUILDER),
        # The plan names the decider: `rules.site.options.extensions` compares it.
        "decide_extension": at(RECTIFYING, Permit(Role.PROVINCE), Permit(Role.SUPERVISOR)),
    },
    rows_after="verify",
    transitions={
        (Stage.RECTIFYING, "extension_requested"): Stage.RECTIFYING,
        (Stage.RECTIFYING, "extension_refused"): Stage.RECTIFYING,
        (Stage.RECTIFYING, "extension_undecided"): Stage.RECTIFYING,
    },
    command_events={
        "request_extension": ("extension_requested",),
        "decide_extension": ("extended", "extension_refused"),
    },
)
