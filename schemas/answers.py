"""The answer to a command, and the views that the status queries return."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.deferrals import Deferrals
from schemas.event import new_field
from schemas.options.builders import BuilderFacts
from schemas.options.county_state import CallFacts, UnitFacts
from schemas.options.grading import Grade
from schemas.options.patrol import PatrolFacts
from schemas.options.police import CaseFacts
from schemas.options.responsible import ResponsibleFacts
from schemas.options.sweep import SweepFacts
from schemas.quantity import Sum


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Answer(StoredModel):
    """The verdict on one command, and the state of its subject after it.

    `state` is the subject's short view (the same object its `status` query returns).
    """

    command_id: str
    verdict: Verdict
    reason: str | None = None
    state: dict[str, Any] = {}
    warnings: tuple[str, ...] = new_field(())
    """What the sender of an accepted command should know: sentences."""


class SiteView(StoredModel):
    """A site as its own workflow sees it. `outstanding` maps requirement to the quantity still to do."""

    campaign_id: str
    site_id: str
    city: str
    stage: str
    round: int
    level: str | None
    outstanding: dict[str, Sum]
    done: dict[str, Sum]
    due: Instant | None
    clauses: ClauseNames = new_field({})
    """The clause of `due`."""
    overdue: bool
    rung: int
    suspended: bool
    as_of: Instant
    refused: tuple[dict[str, str], ...] = ()
    warned: tuple[dict[str, str], ...] = new_field(())
    """The last warnings to senders of accepted commands."""
    evidence_missing: dict[str, tuple[str, ...]] = new_field({})
    """Requirement to the phases of evidence that it still lacks."""
    problems: dict[str, str] = new_field({})
    """Problem to `open`, `done` or `accepted`, where the plan closes sites by problem."""
    panel: dict[str, str] = new_field({})
    """Expert of the awaited level to `passed`, `failed` or `silent`."""
    signatures: dict[str, Instant | None] = new_field({})
    """Department to the moment it signed the site off, null while it has not (schemas.options.sign_off)."""
    deferrals: Deferrals | None = new_field(None)
    case: CaseFacts | None = new_field(None)
    """The police track beside the works, with the lead agency of either; None for a site without a case."""
    restoration_mode: str | None = new_field(None)
    funding_mode: str | None = new_field(None)
    proposed_modes: dict[str, str | None] | None = new_field(None)
    """Modes that the province has not decided yet."""
    realised: dict[str, Decimal] = new_field({})
    """Booked amounts by account: money in yuan, land in mu, minerals in tonnes."""
    costs: dict[str, Decimal] = new_field({})
    """Yuan spent on each problem, in plans with `costs`."""
    builder: BuilderFacts | None = new_field(None)
    responsible: ResponsibleFacts | None = new_field(None)
    grade: Grade | None = new_field(None)
    """Its hazard, and by what it was graded, in plans with `grading` or `variations`."""
    withheld: tuple[str, ...] = new_field(())
    """What blocks the request for verification although the work is done."""
    options: dict[str, Any] = new_field({})
    """The fields of options outside the tree, by the option's name."""


class CityView(StoredModel):
    """A city as its own workflow sees it."""

    campaign_id: str
    code: str
    name: str
    deployment: str
    receipt_signed_at: Instant | None
    submitted_at: Instant | None
    due: Instant | None
    clauses: ClauseNames = new_field({})
    """The clause of `due`."""
    opened: bool
    settled: bool
    documents: int
    approved_at: Instant | None = None
    orders: tuple[str, ...] = new_field(())
    """The orders that hold and suspended many of its sites."""
    surveys: tuple[str, ...] = ()
    """The surveys that added sites, in the order in which the city received them."""
    as_of: Instant
    refused: tuple[dict[str, str], ...] = ()
    patrol: PatrolFacts | None = None
    versions: int = new_field(0)
    """Versions of the implementation opinion, in plans that have `opinion`; `returns` of them were returned."""
    returns: int = new_field(0)
    counties: tuple[UnitFacts, ...] = new_field(())
    """Its counties and townships, in plans with `county_deployment`."""
    calls: tuple[CallFacts, ...] = new_field(())
    """The calls to departments that are not answered."""
    calls_made: int = new_field(0)
    calls_answered: int = new_field(0)
    sweep: SweepFacts | None = new_field(None)
    """The counts of its patches and clues."""
    options: dict[str, Any] = new_field({})
    """The fields of options outside the tree, by the option's name."""


class CampaignView(StoredModel):
    """A campaign as its own workflow sees it; counts by stage are read from Postgres only."""

    campaign_id: str
    state: str
    phase: str
    cities_settled: int
    cities: int
    as_of: Instant
    refused: tuple[dict[str, str], ...] = ()
    unsigned: dict[str, tuple[str, ...]] = new_field({})
    """In a joint plan: number of the plan or amendment to the agencies that have not signed it."""
