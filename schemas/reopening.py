"""Reopening struck-off sites: after a relapse, a failed sample or a failed look-back; the site keeps its history."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.base import Instant, StoredModel
from schemas.clock import Clock
from schemas.command import Command, Reason
from schemas.event import Event


class Cause(StrEnum):
    """Why a struck-off site is reopened."""

    RELAPSE = "relapse"
    """A patrol found a relapse (反弹)."""
    LOOK_BACK = "look_back"
    """A requirement that is inspected again after closure did not hold (回头看)."""
    SPOT_CHECK = "spot_check"
    """A sample failed there (抽查)."""
    RETURNED_BATCH = "returned_batch"
    """It was returned with its unit's batch, of which the enlarged sample failed; it need not have relapsed itself."""


class Reopen(Command):
    """The engine reopens a struck-off site; the named requirements are done again (none named: all)."""

    kind: Literal["reopen"] = "reopen"
    cause: Cause
    origin: str = Field(min_length=1, max_length=300)
    """The finding or the spot check that caused it."""
    reason: Reason
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


class Reopening(StoredModel):
    """One site to reopen."""

    site_id: str
    reason: str
    failed_requirements: tuple[str, ...] = ()


class ReopenOrder(StoredModel):
    """Reopen these struck-off sites of one campaign, each from its ledger; repeating the order changes nothing."""

    campaign_id: str
    at: Instant
    cause: Cause
    origin: str
    sites: tuple[Reopening, ...]
    city: str | None = None
    """The city of the sites: a city's workflow reopens its own sites only. None for an order of the province."""
    again: bool = False
    """Whether the order may have been carried out before: then only sites that can have missed it are reopened."""
    clock: Clock
    task_queue: str


class ReopenedReport(StoredModel):
    """The sites that were reopened; those that were open or carried over are left out."""

    at: Instant
    origin: str
    reopened: tuple[str, ...] = ()
    counties: dict[str, str] = {}
    """County by reopened site."""


class Reopened(Event):
    """A struck-off site was reopened: with a new round, the whole acceptance ladder and a new deadline."""

    kind: Literal["reopened"] = "reopened"
    round: int
    cause: Cause
    origin: str
    reason: str
    failed_requirements: tuple[str, ...]
    due: Instant
