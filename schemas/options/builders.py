"""The building enterprise of a site: replaced with the province's approval, or by the county that takes the work over.

What the county spends in the enterprise's place (代为治理) is charged to it.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.actor import Right, UnitName
from schemas.base import InputModel, Instant, StoredModel
from schemas.calendar import Clause, ClauseNames
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.modes import plain
from schemas.offices import Approver
from schemas.option import Option
from schemas.permit import BY_CITY, BY_COUNTY, BY_PROVINCE, at
from schemas.stages import OPEN_SITE


class ReplacementReason(StrEnum):
    """Why an enterprise builds no longer: 破产, 清退, 退出, 其他."""

    BANKRUPT = "bankrupt"
    EXPELLED = "expelled"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


class ReplacementRule(InputModel):
    """The plan's option `replacement`: who decides on another enterprise, and within what.

    Without a `decider` any office of the province decides, and the issuing agencies are told of the silence.
    """

    decision: Clause
    decider: Approver | None = None

    @model_validator(mode="after")
    def _somebody_hears(self) -> Self:
        if self.decision.amount < 1:
            raise ValueError("decision: expected one day or more, nobody decides before the day of the request is over")
        if self.decider is not None and self.decider.superior.name == self.decider.name:
            raise ValueError(
                f"decider: {self.decider.name} is named as the own superior, so nobody would hear of the silence"
            )
        return self


class BuilderTerms(StoredModel):
    """The option in a site's terms. `enterprise` is that of the register, None if it names none."""

    enterprise: str | None = None
    decision: Clause
    decider: str | None = None
    superior: str | None = None


class ReplaceEnterprise(Command):
    """The city or county asks for another enterprise (`new`; without it any may build from then on)."""

    kind: Literal["replace_enterprise"] = "replace_enterprise"
    new: UnitName | None = None
    reason: ReplacementReason
    words: Reason


class DecideReplacement(Command):
    """The province approves the replacement, or refuses it with its reason."""

    kind: Literal["decide_replacement"] = "decide_replacement"
    approved: bool
    words: Reason | None = None

    @model_validator(mode="after")
    def _refusal_has_words(self) -> Self:
        if not self.approved and self.words is None:
            raise ValueError("words: expected the reason of the refusal")
        return self


class TakeOverWorks(Command):
    """The county takes the work over from the enterprise (代为治理), from now on."""

    kind: Literal["take_over_works"] = "take_over_works"
    reason: ReplacementReason
    words: Reason


class ChargeCost(Command):
    """What the county spent in an enterprise's place, in yuan, with the voucher; a correction is negative."""

    kind: Literal["charge_cost"] = "charge_cost"
    enterprise: UnitName
    amount: Annotated[Decimal, Field(max_digits=18, decimal_places=2), AfterValidator(plain)]
    reference: str = Field(min_length=1, max_length=200, pattern=r"\S")
    note: str | None = Field(default=None, max_length=4000)

    @model_validator(mode="after")
    def _countable(self) -> Self:
        if self.amount == 0:
            raise ValueError("amount: expected an amount other than 0")
        return self


class ReplacementRequested(Event):
    """The `request`th request of the site: the province decides by `decision_due`; `old` builds until then."""

    kind: Literal["replacement_requested"] = "replacement_requested"
    request: int
    reason: str
    words: str
    decision_due: Instant
    old: str | None = None
    new: str | None = None


class ReplacementRefused(Event):
    """The enterprise stays."""

    kind: Literal["replacement_refused"] = "replacement_refused"
    request: int
    words: str


class ReplacementUndecided(Event):
    """The decision is overdue, reported the `step`th time; `next_due` is when it is reported again."""

    kind: Literal["replacement_undecided"] = "replacement_undecided"
    request: int
    step: int
    due: Instant
    next_due: Instant


class EnterpriseReplaced(Event):
    """From its event time on `new` builds (None: any enterprise, and the city's and county's own people)."""

    kind: Literal["enterprise_replaced"] = "enterprise_replaced"
    request: int
    old: str | None = None
    new: str | None = None
    reason: str


class WorksTakenOver(Event):
    """From its event time on the county works in the place of `old`."""

    kind: Literal["works_taken_over"] = "works_taken_over"
    old: str
    reason: str
    words: str


class CostCharged(Event):
    """An amount in yuan that the enterprise owes the county; `total` is all that it owes at this site."""

    kind: Literal["cost_charged"] = "cost_charged"
    enterprise: str
    amount: Decimal
    total: Decimal
    reference: str
    note: str | None = None


class Builder(StoredModel):
    """Who works at a site from `since` on (None: from the beginning): an enterprise, anybody, or the county itself."""

    enterprise: str | None = None
    by_county: bool = False
    since: Instant | None = None
    reason: str | None = None
    """Why the one before builds no longer."""


class Replacement(StoredModel):
    """The pending request."""

    request: int
    old: str | None = None
    new: str | None = None
    reason: str
    asked_at: Instant
    decision_due: Instant
    notify_at: Instant
    steps: int = 0
    clauses: ClauseNames = new_field({})


class BuilderState(StoredModel):
    """A site's builders after that of the register, in their order; part of its state."""

    builders: tuple[Builder, ...] = ()
    asked: int = 0
    pending: Replacement | None = None
    owed: dict[str, Decimal] = {}
    """Enterprise to the yuan that were spent in its place."""


class BuilderFacts(StoredModel):
    """Who builds now, once that was in question."""

    enterprise: str | None = None
    by_county: bool = False
    replaced: tuple[str, ...] = ()
    """The enterprises that build no longer, in their order."""
    pending: str | None = None
    """The enterprise that waits for the province's approval; empty: any."""
    decision_due: Instant | None = None
    clauses: ClauseNames = new_field({})
    owed: dict[str, Decimal] = {}


BUILDERS = Option(
    name="builders",
    subject="site",
    commands={
        "replace_enterprise": ReplaceEnterprise,
        "decide_replacement": DecideReplacement,
        "take_over_works": TakeOverWorks,
        "charge_cost": ChargeCost,
    },
    events=(
        ReplacementRequested,
        ReplacementRefused,
        ReplacementUndecided,
        EnterpriseReplaced,
        WorksTakenOver,
        CostCharged,
    ),
    permits={
        "replace_enterprise": at(OPEN_SITE, BY_CITY, BY_COUNTY),
        # A plan may name the decider: `rules.site.options.builders` compares it.
        "decide_replacement": at(OPEN_SITE, BY_PROVINCE._replace(right=Right.APPROVALS)),
        "take_over_works": at(OPEN_SITE, BY_CITY, BY_COUNTY),
        "charge_cost": at(OPEN_SITE, BY_CITY, BY_COUNTY),
    },
    rows_after="correct",
    transitions={
        (stage, event): stage
        for stage in OPEN_SITE.site
        for event in (
            "replacement_requested",
            "replacement_refused",
            "replacement_undecided",
            "enterprise_replaced",
            "works_taken_over",
            "cost_charged",
        )
    },
    command_events={
        "replace_enterprise": ("replacement_requested",),
        "decide_replacement": ("enterprise_replaced", "replacement_refused"),
        "take_over_works": ("works_taken_over",),
        "charge_cost": ("cost_charged",),
    },
)
