"""The terms of one site: the plan's clauses as absolute instants, frozen into the workflow's input.

A site's terms stay under 8 KiB, so that 20,000 of them are cheap to start.
"""

from typing import Any

from pydantic import Field

from schemas.actor import Units
from schemas.base import Instant, StoredModel
from schemas.calendar import Calendar, Clause
from schemas.clock import Clock
from schemas.evidence import EvidencePhase
from schemas.ladder import Instrument
from schemas.options.acceptance import AcceptanceTerms, off
from schemas.options.extensions import ExtensionTerms
from schemas.options.modes import ModeTerms
from schemas.options.police import PoliceTerms
from schemas.options.sign_off import SignOffTerms


class Requirement(StoredModel):
    """A requirement of one site: this much, in this unit, with evidence of these phases."""

    id: str
    quantity: float
    unit: str
    evidence: tuple[EvidencePhase, ...] = ()
    restoration_modes: tuple[str, ...] = Field(default=(), exclude_if=off)
    funding_modes: tuple[str, ...] = Field(default=(), exclude_if=off)
    in_order: bool = Field(default=False, exclude_if=off)
    """Whether its evidence is asked for in order: `schemas.options.acceptance.EvidenceGate`."""
    look_back: tuple[Clause, ...] = Field(default=(), exclude_if=off)
    """So long after the closure it is inspected again, each clause once."""
    problems: tuple[str, ...] = Field(default=(), exclude_if=off)
    """The kinds of the site's problems that it serves; none where it belongs to the site as a whole."""


class LevelTerms(StoredModel):
    id: str
    due: Clause


class RungTerms(StoredModel):
    rung: int
    instrument: Instrument
    after: Clause
    approval: bool = False
    """Whether the site waits at this rung until its document is issued."""


class SiteTerms(StoredModel):
    """Everything a site's case needs to know.

    `opened_at` is the approval of its city's deployment; None for a site that never opened and is only carried over.
    `due` is the end of the rectification clause, an absolute instant (midnight that ends the due day).
    """

    campaign_id: str
    site_id: str
    city: str
    opened_at: Instant | None
    due: Instant | None
    rectification: Clause
    """The clause that `due` was counted by."""
    ends_at: Instant
    requirements: tuple[Requirement, ...]
    levels: tuple[LevelTerms, ...]
    max_rounds: int
    re_rectification: Clause
    late_report: Clause
    reminder_days: tuple[int, ...] = ()
    ladder: tuple[RungTerms, ...] = ()
    calendar: Calendar
    clock: Clock
    wake_spread_seconds: int
    units: Units
    modes: ModeTerms | None = None
    """None where the plan has no modes."""
    amendment: int
    """The amendment of the plan under which these terms were made."""
    acceptance: AcceptanceTerms | None = Field(default=None, exclude_if=off)
    extension: ExtensionTerms | None = None
    police: PoliceTerms | None = None
    """Of a site that has a case."""
    sign_off: SignOffTerms | None = None
    """None where nothing is signed off after the last level: the plan asks for none, or the site has no department."""
    relapse: Clause | None = None
    """Within what a site that is reopened by the patrol is rectified again; else `re_rectification`."""
    patrol_until: Instant | None = None
    """When a site that was reopened after the campaign's end is carried over; None: it lives until it is struck off."""
    options: dict[str, Any] = Field(default={}, exclude_if=off)
    """What options outside the tree ask of the site, by the option's name."""
