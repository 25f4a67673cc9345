"""Amendments (补充文件) of a running plan: the file, its stored record, and its commands and events."""

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import CampaignDay
from schemas.clock import Clock
from schemas.command import Command
from schemas.deferrals import UnmovedDeadline
from schemas.event import Event, new_field
from schemas.offices import Text
from schemas.options.targets import TargetMove
from schemas.plan import FrozenPlan
from schemas.quantity import Sum

Entry = dict[str, Any]
"""A part of a plan as raw data of the file; it is validated as part of the amended plan."""


class CatalogueChanges(InputModel):
    """Requirements to add, to change (by `id`, only the fields given) and to remove."""

    add: tuple[Entry, ...] = ()
    change: tuple[Entry, ...] = ()
    remove: tuple[Identifier, ...] = ()


class CityChanges(InputModel):
    """Cities to add, to change (by `code`, only the fields given) and to remove."""

    add: tuple[Entry, ...] = ()
    change: tuple[Entry, ...] = ()
    remove: tuple[Identifier, ...] = ()


class CalendarChanges(InputModel):
    """A newly published notice of holidays: its days replace the known ones."""

    off_days: tuple[CampaignDay, ...] = ()
    work_days: tuple[CampaignDay, ...] = ()
    published_until: CampaignDay | None = None


class LevelChanges(InputModel):
    """Changes of the acceptance ladder: the clause of each level (by id), and `max_rounds`."""

    due: dict[Identifier, Any] = {}
    max_rounds: Any = None


class PhaseMove(InputModel):
    """Other dates of a phase; what is left out stays."""

    starts_on: Any = None
    ends_on: Any = None


class Amendment(InputModel):
    """The changes of a supplementary document. Its number is its identity; what it leaves out stays unchanged.

    `ladder`, `phases`, `reminder_days` and `targets` are replaced as a whole. It takes effect when it is applied, on
    `effective_on` at the earliest.
    """

    document_number: Text
    title: Text
    effective_on: CampaignDay | None = None
    ends_on: Any = None
    clauses: Entry = {}
    catalogue: CatalogueChanges = CatalogueChanges()
    cities: CityChanges = CityChanges()
    verification: LevelChanges = LevelChanges()
    ladder: tuple[Entry, ...] | None = None
    phases: tuple[Entry, ...] | None = None
    move_phases: dict[Identifier, PhaseMove] = {}
    """Phase by id to its dates; its gate and its milestones stay."""
    reminder_days: tuple[Any, ...] | None = None
    calendar: CalendarChanges = CalendarChanges()
    targets: Entry | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Amendment":
        changes = self.model_dump(exclude={"document_number", "title", "effective_on"}, exclude_defaults=True)
        if not changes:
            raise ValueError(
                "expected at least one change: of clauses, catalogue, cities, ends_on, ladder, phases, calendar, target"
            )
        return self


class AmendmentRecord(StoredModel):
    """An amendment as Postgres stores it; `heard_at` is when it took effect, None until the campaign's ledger has it.

    `content` is the amendment in JSON form and `digest` its SHA-256; `frozen` is the plan with this amendment and all
    effective ones before it.
    """

    amendment: int = Field(ge=1)
    document_number: str
    title: str
    digest: str
    content: dict[str, Any] = {}
    removed: tuple[str, ...] = ()
    written_at: Instant
    heard_at: Instant | None = None
    frozen: FrozenPlan

    @property
    def heard(self) -> bool:
        """Whether it is in effect."""
        return self.heard_at is not None


Changes = dict[str, Any]
"""Field of the terms to its new value, as JSON."""


DocumentNumber = Field(min_length=1, max_length=300)


# --- the campaign -------------------------------------------------------------------------------------------------


class Amend(Command):
    """The province's amendment, which Postgres has already, takes effect.

    `terms` are the changed fields of the campaign's terms; `added` and `removed` are codes of cities.
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
    """The plan was amended; `digest` is that of the amended plan. `targets` are all units, if their split changed."""

    kind: Literal["plan_amended"] = "plan_amended"
    amendment: int
    document: str
    title: str
    digest: str
    terms: Changes = {}
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    targets: tuple[TargetMove, ...] = new_field(())


# --- a city -------------------------------------------------------------------------------------------------------


class AmendCity(Command):
    """The campaign sends a city its terms under the amended plan: every field that follows from the plan."""

    kind: Literal["amend_city"] = "amend_city"
    amendment: int = Field(ge=1)
    document: str = DocumentNumber
    title: str
    terms: Changes


class CityAmended(Event):
    """The city applied the amendment; deadlines that moved are given."""

    kind: Literal["amended"] = "amended"
    amendment: int
    document: str
    title: str
    terms: Changes
    receipt_due: Instant | None = None
    deployment_due: Instant | None = None
    decision_due: Instant | None = None


class SitesAmended(Event):
    """The amendment was sent to `told` open sites of the city."""

    kind: Literal["sites_amended"] = "sites_amended"
    amendment: int
    told: int


class AmendSitesOrder(StoredModel):
    """Send the amendment, effective from `at`, to the sites of a city that have not applied it.

    Those that were carried over at an end which it had moved run again, on `clock` and `task_queue`.
    """

    campaign_id: str
    city: str
    at: Instant
    amendment: int
    clock: Clock = Clock()
    task_queue: str = ""


class SitesAmendedReport(StoredModel):
    """To how many open sites of the city this amendment was sent, all pages together."""

    amendment: int
    told: int


# --- a site -------------------------------------------------------------------------------------------------------


class AmendSite(Command):
    """The engine sends an open site the changed fields of its terms."""

    kind: Literal["amend_site"] = "amend_site"
    amendment: int = Field(ge=1)
    document: str = DocumentNumber
    terms: Changes = {}


class SiteAmended(Event):
    """The site applied the amendment.

    `requirements` are all requirements now in force, if they changed; `due` and `level_due` are given if they moved,
    and with them what they were before suspensions moved them.
    """

    kind: Literal["amended"] = "amended"
    amendment: int
    document: str
    terms: Changes = {}
    requirements: dict[str, Sum] | None = None
    due: Instant | None = None
    level_due: Instant | None = None
    due_unmoved: UnmovedDeadline | None = new_field(None)
    level_unmoved: UnmovedDeadline | None = new_field(None)


class Reinstated(Event):
    """A carried-over site is open again: an amendment had moved the end before the site came to it.

    Round, reporters and rungs are as they were. `settled_at` is when it was carried over; the time from then to the
    receipt stood still, and the other fields are what moved by it, as in `Resumed`.
    """

    amendment: int
    document: str
    settled_at: Instant
    due: Instant | None = new_field(None)
    level_due: Instant | None = new_field(None)
    climbs_from: date | None = new_field(None)
    grace: UnmovedDeadline | None = new_field(None)


class SiteReinstated(Reinstated):
    """Its work is asked for again."""

    kind: Literal["reinstated"] = "reinstated"


class VerificationReinstated(Reinstated):
    """Its level is asked again."""

    kind: Literal["verification_reinstated"] = "verification_reinstated"


class VerificationRecalled(Event):
    """The amendment added work to a site under verification: the site returns to rectification in the same round."""

    kind: Literal["verification_recalled"] = "verification_recalled"
    round: int
    level: str | None = None
    document: str
    due: Instant
    amendment: int = new_field(0)
