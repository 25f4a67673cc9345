"""Reopening struck-off sites: after a relapse, a failed sample or a failed look-back; the site keeps its history."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.base import Instant, StoredModel
from schemas.clock import Clock
from schemas.command import Command, Reason
from schemas.event import Event


class Cause(StrEnum):
    """Why a struck-off site is opened again."""

    RELAPSE = "relapse"
    """A patrol found that what was struck off has come back (反弹)."""
    LOOK_BACK = "look_back"
    """A requirement that is inspected again after closure did not hold (回头看)."""
    SPOT_CHECK = "spot_check"
    """The unit's batch was returned after a failed sample (抽查)."""


class Reopen(Command):
    """The engine tells a struck-off site that it is open again: what to do again (none named: all of it)."""

    kind: Literal["reopen"] = "reopen"
    cause: Cause
    origin: str = Field(min_length=1, max_length=300)
    """The finding or the spot check that it follows from."""
    reason: Reason
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


class Reopening(StoredModel):
    """One site that is to be opened again."""

    site_id: str
    reason: str
    failed_requirements: tuple[str, ...] = ()


class ReopenOrder(StoredModel):
    """Open these struck-off sites of one campaign again, each from its ledger; the same order again changes nothing."""

    campaign_id: str
    at: Instant
    cause: Cause
    origin: str
    sites: tuple[Reopening, ...]
    city: str | None = None
    """Whose sites they are: a city's workflow opens its own only. None where the order is the province's."""
    again: bool = False
    """Nobody knows whether the order was carried out in its time: it is for those only that can have missed it."""
    clock: Clock
    task_queue: str


class ReopenedReport(StoredModel):
    """Which sites were opened again; those that were open or carried over are not."""

    at: Instant
    origin: str
    reopened: tuple[str, ...] = ()
    counties: dict[str, str] = {}
    """County by site that was opened again."""


class Reopened(Event):
    """A struck-off site is open again: another round, the whole acceptance ladder, a deadline of its own."""

    kind: Literal["reopened"] = "reopened"
    round: int
    cause: Cause
    origin: str
    reason: str
    failed_requirements: tuple[str, ...]
    due: Instant
