"""One order that suspends or resumes many sites of a city at once: its commands, events, state and activity orders."""

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.actor import Actor
from schemas.base import Instant, StoredModel
from schemas.calendar import CampaignDay
from schemas.command import Command, DocumentRef, Reason
from schemas.deferrals import SuspensionBasis
from schemas.event import Event, new_field
from schemas.option import Option
from schemas.permit import BY_CITY, BY_PROVINCE, BY_SUPERVISOR, at
from schemas.stages import RUNNING_CITY


class SiteScope(StoredModel):
    """Which sites of a city: all that fit everything that is named; nothing named: all of them."""

    county: str | None = new_field(None)
    type: str | None = new_field(None)
    requirement: str | None = new_field(None)
    """Sites that have this requirement of the catalogue."""
    problem: str | None = new_field(None)


class SuspendSites(Command):
    """Suspend (中止) all sites of the city in a scope with one document, from now on, to the end of `until` if given.

    `document` is the number of the order outside of this engine, if it has one.
    """

    kind: Literal["suspend_sites"] = "suspend_sites"
    reason: Reason
    basis: SuspensionBasis | None = None
    until: CampaignDay | None = None
    document: DocumentRef | None = None
    county: str | None = Field(default=None, min_length=1, max_length=100)
    type: str | None = Field(default=None, min_length=1, max_length=64)
    requirement: str | None = Field(default=None, min_length=1, max_length=64)
    problem: str | None = Field(default=None, min_length=1, max_length=64)

    @property
    def scope(self) -> SiteScope:
        """Which sites it is about."""
        return SiteScope(county=self.county, type=self.type, requirement=self.requirement, problem=self.problem)


class ResumeSites(Command):
    """Resume the sites that an order suspended; without `order` those of every order that holds."""

    kind: Literal["resume_sites"] = "resume_sites"
    order: int | None = Field(default=None, ge=1)
    reason: Reason | None = None


class SuspensionOrder(StoredModel):
    """The `number`th order of a city. `name` is what its sites' ledgers and its document call it."""

    number: int
    name: str
    since: Instant
    by: Actor
    reason: str
    basis: str | None = None
    until: date | None = None
    scope: SiteScope = SiteScope()


class SitesSuspensionOrdered(Event):
    """The sites of this scope stand still from then on; those that open while it holds, from their opening."""

    kind: Literal["suspension_ordered"] = "suspension_ordered"
    order: SuspensionOrder


class SitesSuspended(Event):
    """`told` sites were suspended by the order, in one go."""

    kind: Literal["sites_suspended"] = "sites_suspended"
    number: int
    told: int


class SitesResumptionOrdered(Event):
    """The order holds no longer: its sites are resumed."""

    kind: Literal["resumption_ordered"] = "resumption_ordered"
    number: int
    by: Actor
    reason: str | None = None


class SitesResumed(Event):
    """`told` sites were resumed."""

    kind: Literal["sites_resumed"] = "sites_resumed"
    number: int
    told: int


class StandingOrder(StoredModel):
    """An order in its city's state, with when its sites are to be told next (None: they were)."""

    order: SuspensionOrder
    tell_at: Instant | None
    lifted_at: Instant | None = None
    lifted_by: Actor | None = None
    lifted_reason: str | None = None
    lift_at: Instant | None = None
    """When its sites are to be told of the end; None before the end, and once they were."""


class TellSitesOrder(StoredModel):
    """For the activity: suspend the sites of a city that fit and do not know the order, or resume its sites."""

    campaign_id: str
    city: str
    at: Instant
    order: SuspensionOrder
    lifted_by: Actor | None = None
    """None: suspend; else who resumes them, effective from `at`."""
    reason: str | None = None


class SitesToldReport(StoredModel):
    """How many sites the order reached."""

    number: int
    told: int
    resumed: bool = False


STANDSTILL = Option(
    name="standstill",
    subject="city",
    commands={"suspend_sites": SuspendSites, "resume_sites": ResumeSites},
    events=(SitesSuspensionOrdered, SitesSuspended, SitesResumptionOrdered, SitesResumed),
    permits={
        "suspend_sites": at(RUNNING_CITY, BY_PROVINCE, BY_SUPERVISOR, BY_CITY),
        "resume_sites": at(RUNNING_CITY, BY_PROVINCE, BY_SUPERVISOR, BY_CITY),
    },
    rows_after="resume",
)
