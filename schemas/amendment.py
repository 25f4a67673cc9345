"""An amendment (补充文件) of a running plan, as its YAML file says it, and as it is kept."""

from datetime import date
from typing import Any

from pydantic import Field, model_validator

from schemas.base import Identifier, Instant, Kept, Said
from schemas.offices import Text
from schemas.plan import FrozenPlan

Entry = dict[str, Any]
"""A part of a plan as its file says it; the amended plan says whether it holds."""


class CatalogueChanges(Said):
    """Requirements that are added, that change (by `id`, only what is said), and that fall away."""

    add: tuple[Entry, ...] = ()
    change: tuple[Entry, ...] = ()
    remove: tuple[Identifier, ...] = ()


class CityChanges(Said):
    """Cities that are added, that change (by `code`, only what is said), and that are taken out."""

    add: tuple[Entry, ...] = ()
    change: tuple[Entry, ...] = ()
    remove: tuple[Identifier, ...] = ()


class CalendarChanges(Said):
    """A newly published notice of holidays: what it says goes before what was known of its days."""

    off_days: tuple[date, ...] = ()
    work_days: tuple[date, ...] = ()
    published_until: date | None = None


class LevelChanges(Said):
    """Of the acceptance ladder: until when the levels (by id) judge, and after how many rounds it is told upward."""

    due: dict[Identifier, Any] = {}
    max_rounds: Any = None


class Amendment(Said):
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


class AmendmentRecord(Kept):
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
