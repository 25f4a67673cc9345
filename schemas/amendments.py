"""Amendments (补充文件) of a running plan: the file, what is kept of it, and the commands and events it leads to."""

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.command import Command
from schemas.event import Event, new_field
from schemas.offices import Text
from schemas.plan import FrozenPlan

Entry = dict[str, Any]
"""A part of a plan as its file says it; the amended plan says whether it holds."""


class CatalogueChanges(InputModel):
    """Requirements that are added, that change (by `id`, only what is said), and that fall away."""

    add: tuple[Entry, ...] = ()
    change: tuple[Entry, ...] = ()
    remove: tuple[Identifier, ...] = ()


class CityChanges(InputModel):
    """Cities that are added, that change (by `code`, only what is said), and that are taken out."""

    add: tuple[Entry, ...] = ()
    change: tuple[Entry, ...] = ()
    remove: tuple[Identifier, ...] = ()


class CalendarChanges(InputModel):
    """A newly published notice of holidays: what it says goes before what was known of its days."""

    off_days: tuple[date, ...] = ()
    work_days: tuple[date, ...] = ()
    published_until: date | None = None


class LevelChanges(InputModel):
    """Of the acceptance ladder: until when the levels (by id) judge, and after how many rounds it is told upward."""

    due: dict[Identifier, Any] = {}
    max_rounds: Any = None


class Amendment(InputModel):
    """What a supplementary document changes. Its number is its identity; what it does not say stays.

    `ladder`, `phases` and `reminder_days` are said as a whole. It counts from the day it is applied; `effective_on` is
    the first day on which it may be.
    """

    document_number: Text
    title: Text
    effective_on: date | None = None
    ends_on: Any = None
    clauses: Entry = {}
    catalogue: CatalogueChanges = CatalogueChanges()
    cities: CityChanges = CityChanges()
    verification: LevelChanges = LevelChanges()
    ladder: tuple[Entry, ...] | None = None
    phases: tuple[Entry, ...] | None = None
    reminder_days: tuple[Any, ...] | None = None
    calendar: CalendarChanges = CalendarChanges()

    @model_validator(mode="after")
    def _says_something(self) -> "Amendment":
        said = self.model_dump(exclude={"document_number", "title", "effective_on"}, exclude_defaults=True)
        if not said:
            raise ValueError("expected at least one change: of clauses, catalogue, cities, ends_on, ladder or calendar")
        return self


class AmendmentRecord(StoredModel):
    """An amendment as Postgres keeps it; `heard_at` is when it began to count, if the campaign's ledger has it.

    `digest` is the SHA-256 of what it says; `frozen` is the plan with it and all before it that count.
    """

    amendment: int = Field(ge=1)
    document_number: str
    title: str
    digest: str
    removed: tuple[str, ...] = ()
    written_at: Instant
    heard_at: Instant | None = None
    frozen: FrozenPlan

    @property
    def heard(self) -> bool:
        """Whether it counts."""
        return self.heard_at is not None


Changes = dict[str, Any]
"""Field of the terms to its value from now on, as JSON."""


DocumentNumber = Field(min_length=1, max_length=300)


# --- the campaign -------------------------------------------------------------------------------------------------


class Amend(Command):
    """The province's amendment, kept in Postgres already, begins to count.

    `terms` is what changes of the campaign's terms; `added` are the codes of cities that come new, `removed` those of
    cities that are taken out.
    """

    kind: Literal["amend"] = "amend"
    amendment: int = Field(ge=1)
    document: str = DocumentNumber
    title: str = Field(min_length=1, max_length=300)
    digest: str
    terms: Changes = {}
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class PlanAmended(Event):
    """The plan is amended: `digest` is that of the amended plan."""

    kind: Literal["plan_amended"] = "plan_amended"
    amendment: int
    document: str
    title: str
    digest: str
    terms: Changes = {}
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


# --- a city -------------------------------------------------------------------------------------------------------


class AmendCity(Command):
    """The board tells a desk its terms under the amended plan, all that follow from the plan."""

    kind: Literal["amend_city"] = "amend_city"
    amendment: int = Field(ge=1)
    document: str = DocumentNumber
    title: str
    terms: Changes


class CityAmended(Event):
    """The desk goes on under the amended plan; deadlines that moved are named."""

    kind: Literal["amended"] = "amended"
    amendment: int
    document: str
    title: str
    terms: Changes
    receipt_due: Instant | None = None
    deployment_due: Instant | None = None
    decision_due: Instant | None = None


class SitesAmended(Event):
    """So many open sites of the city were told of the amendment."""

    kind: Literal["sites_amended"] = "sites_amended"
    amendment: int
    told: int


class AmendSitesOrder(StoredModel):
    """Tell the open sites of a city of the amendment, which counts from `at`; who has heard of it is left out."""

    campaign_id: str
    city: str
    at: Instant
    amendment: int


class SitesAmendedReport(StoredModel):
    """How many open sites of the city were told of this amendment, all pages together."""

    amendment: int
    told: int


# --- a site -------------------------------------------------------------------------------------------------------


class AmendSite(Command):
    """The engine tells an open site what changes of its terms."""

    kind: Literal["amend_site"] = "amend_site"
    amendment: int = Field(ge=1)
    document: str = DocumentNumber
    terms: Changes = {}


class SiteAmended(Event):
    """The site goes on under the amended plan.

    `requirements` are all that are in force from now on, where they changed; `due` and `level_due` are given where
    they move.
    """

    kind: Literal["amended"] = "amended"
    amendment: int
    document: str
    terms: Changes = {}
    requirements: dict[str, float] | None = None
    due: Instant | None = None
    level_due: Instant | None = None


class VerificationRecalled(Event):
    """The amendment brought work to a site that was verified already: it goes back to work in the same round."""

    kind: Literal["verification_recalled"] = "verification_recalled"
    round: int
    level: str | None = None
    document: str
    due: Instant
    amendment: int = new_field(0)
