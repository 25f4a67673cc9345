"""The terms of one site: the plan's clauses as absolute instants, frozen into the workflow's input.

A site's terms stay under 8 KiB, so that starting 20,000 sites is cheap.
"""

from typing import Any

from pydantic import Field

from schemas.actor import Units
from schemas.base import Instant, StoredModel
from schemas.calendar import Calendar, Clause
from schemas.clock import Clock
from schemas.evidence import EvidencePhase
from schemas.ladder import Instrument
from schemas.offices import is_unset
from schemas.options.acceptance import AcceptanceTerms, LookBackClauses
from schemas.options.builders import BuilderTerms
from schemas.options.extensions import ExtensionTerms
from schemas.options.grading import Grade
from schemas.options.modes import ModeTerms
from schemas.options.police import PoliceTerms
from schemas.options.responsible import ResponsibleTerms
from schemas.options.sign_off import SignOffTerms
from schemas.phase_end import Within
from schemas.quantity import Sum
from schemas.variations import VariationTerms


class Requirement(StoredModel):
    """A requirement of one site: quantity, unit, and the phases of its evidence."""

    id: str
    quantity: Sum
    unit: str
    evidence: tuple[EvidencePhase, ...] = ()
    restoration_modes: tuple[str, ...] = Field(default=(), exclude_if=is_unset)
    funding_modes: tuple[str, ...] = Field(default=(), exclude_if=is_unset)
    in_order: bool = Field(default=False, exclude_if=is_unset)
    """Whether its evidence is required in order: `schemas.options.acceptance.EvidenceGate`."""
    look_back: LookBackClauses = Field(default=(), exclude_if=is_unset)
    """Clauses after the closure, each followed by one inspection (回头看)."""
    problems: tuple[str, ...] = Field(default=(), exclude_if=is_unset)
    """The kinds of the site's problems that it serves; empty if it belongs to the site as a whole."""


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
    """Everything a site's aggregate needs.

    `opened_at` is the approval of its city's deployment; None for a site that never opened and is only carried over.
    `due` is the end of the rectification clause, an absolute instant (midnight that ends the due day).
    """

    campaign_id: str
    site_id: str
    city: str
    opened_at: Instant | None
    due: Instant | None
    rectification: Within
    """The clause from which `due` was computed."""
    ends_at: Instant
    requirements: tuple[Requirement, ...]
    levels: tuple[LevelTerms, ...]
    max_rounds: int
    re_rectification: Within
    late_report: Clause
    work_counts_suspended: bool = Field(default=False, exclude_if=is_unset)
    """Whether work counts that is done while the site is suspended."""
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
    costs: bool = Field(default=False, exclude_if=is_unset)
    """Whether money is booked on the site's problems (plan `costs`)."""
    acceptance: AcceptanceTerms | None = Field(default=None, exclude_if=is_unset)
    extension: ExtensionTerms | None = None
    police: PoliceTerms | None = None
    """The terms of a site with a police case; else None."""
    sign_off: SignOffTerms | None = None
    """None without a sign-off: the plan has no `sign_off`, or the site has no department."""
    builder: BuilderTerms | None = Field(default=None, exclude_if=is_unset)
    """Who builds by the register, and who decides on another one."""
    responsible: ResponsibleTerms | None = Field(default=None, exclude_if=is_unset)
    """Who is responsible by the register, and what the plan asks of it."""
    refuse_beyond: Sum | None = Field(default=None, exclude_if=is_unset)
    """The plan's `reporting.refuse_beyond`, if it says so."""
    relapse: Clause | None = None
    """The rectification clause after a reopening by the patrol; else `re_rectification`."""
    patrol_until: Instant | None = None
    """When a site that was reopened after the campaign's end is carried over; None: until it is struck off."""
    lead_county: str | None = Field(default=None, exclude_if=is_unset)
    """The code of the county whose government leads: the documents on the site go to its offices."""
    grade: Grade | None = Field(default=None, exclude_if=is_unset)
    """By the plan's rules or the register, where the plan has `grading` or `variations`."""
    variations: tuple[VariationTerms, ...] = Field(default=(), exclude_if=is_unset)
    """What may hold in place of the plan's general values, narrowest first (`rules.site.variations`)."""
    options: dict[str, Any] = Field(default={}, exclude_if=is_unset)
    """The terms of options outside the tree, by the option's name."""
