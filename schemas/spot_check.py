"""A spot check (抽查) of struck-off sites: its commands, events, terms, orders, reports and view."""

from typing import Literal

from pydantic import Field

from schemas.actor import Units
from schemas.base import Instant, SiteId, StoredModel
from schemas.calendar import Calendar, Clause
from schemas.clock import Clock
from schemas.command import Command, Reason
from schemas.event import CommandRefused, Event, new_field
from schemas.options.spot_checks import Draw, SampledSite, SampleUnit, SpotCheckPlan, Stratum

# --- commands -------------------------------------------------------------------------------------------------------


class TakeSample(Command):
    """An inspection team takes the list of the sample: the check is unannounced, so this is recorded."""

    kind: Literal["take_sample"] = "take_sample"


class Inspect(Command):
    """The finding of an inspector at a sampled site; a failure gives an opinion and the requirements to do again."""

    kind: Literal["inspect"] = "inspect"
    site: SiteId
    passed: bool
    opinion: Reason | None = None
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


SPOT_CHECK_COMMANDS: dict[str, type[Command]] = {"take_sample": TakeSample, "inspect": Inspect}

# --- events ---------------------------------------------------------------------------------------------------------


class SampleDrawn(Event):
    """The draw with all its inputs, so that it can be repeated; shares are decimal fractions as texts."""

    kind: Literal["sample_drawn"] = "sample_drawn"
    seed: int
    frame_hash: str
    frame_size: int
    frame_at: Instant
    share: str
    shares: dict[str, str] = new_field({})
    """Hazard to the share of its strata, where that is another."""
    minimum: int
    enlarge: str
    unit: SampleUnit
    strata: tuple[Stratum, ...]
    sample: tuple[SampledSite, ...]
    counties: tuple[str, ...]
    """The counties of the register: an officer of a county other than the site's may inspect."""
    due: Instant


class SampleTaken(Event):
    """An inspector took the list; `pending` are the sites without an inspection."""

    kind: Literal["sample_taken"] = "sample_taken"
    pending: tuple[str, ...]


class SiteInspected(Event):
    """The finding at a sampled site, with its inspector and opinion."""

    kind: Literal["site_inspected"] = "site_inspected"
    site: str
    passed: bool
    opinion: str | None = None
    failed_requirements: tuple[str, ...] = ()


class InspectionOverdue(Event):
    """Sites of the sample whose inspection is overdue."""

    kind: Literal["inspection_overdue"] = "inspection_overdue"
    due: Instant
    sites: tuple[str, ...]


class SampleEnlarged(Event):
    """The sample of a unit was enlarged after a failure; `sample` is empty if no site was left."""

    kind: Literal["sample_enlarged"] = "sample_enlarged"
    unit: str
    share: str
    shares: dict[str, str] = new_field({})
    sample: tuple[SampledSite, ...]
    due: Instant


class BatchReturned(Event):
    """The enlarged sample failed as well: every other site of the unit's frame is reopened as well."""

    kind: Literal["batch_returned"] = "batch_returned"
    unit: str
    sites: tuple[str, ...]
    cities: dict[str, str]
    """City by site."""


class SpotCheckClosed(Event):
    """Every sampled site was inspected, or its unit's batch was returned."""

    kind: Literal["spot_check_closed"] = "spot_check_closed"
    sampled: int
    passed: int
    failed: int
    enlarged: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()


SPOT_CHECK_EVENTS: tuple[type[Event], ...] = (
    SampleDrawn,
    SampleTaken,
    SiteInspected,
    InspectionOverdue,
    SampleEnlarged,
    BatchReturned,
    SpotCheckClosed,
    CommandRefused,
)

# --- terms, orders and reports of its activities --------------------------------------------------------------------


class SpotCheckTerms(StoredModel):
    """Everything a check's aggregate needs; the frame are the sites struck off at `ordered_at`."""

    campaign_id: str
    check: str
    city: str | None
    seed: int
    ordered_at: Instant
    plan: SpotCheckPlan
    late_report: Clause
    calendar: Calendar
    clock: Clock
    units: Units


class DrawOrder(StoredModel):
    """Store the frame of a check, once, and draw its sample."""

    campaign_id: str
    check: str
    city: str | None
    seed: int
    at: Instant
    plan: SpotCheckPlan


class DrawReport(StoredModel):
    """The result of a draw: hash and size of the frame, its strata, and the sample."""

    at: Instant
    draw: Draw
    counties: tuple[str, ...]


class UnitOrder(StoredModel):
    """One unit of a check's stored frame, to enlarge its sample or read its batch."""

    campaign_id: str
    check: str
    seed: int
    at: Instant
    plan: SpotCheckPlan
    unit: str


class EnlargeReport(StoredModel):
    """The sites that the enlarged sample of a unit adds."""

    at: Instant
    unit: str
    sample: tuple[SampledSite, ...]


class BatchReport(StoredModel):
    """Every site of a unit's frame: site to city."""

    at: Instant
    unit: str
    sites: dict[str, str]


class PendingSite(StoredModel):
    """A sampled site that waits for its inspection."""

    city: str
    county: str
    hazard: str
    round: int
    due: Instant
    enlarged: bool = False


class SpotCheckView(StoredModel):
    """A spot check as its own workflow sees it."""

    campaign_id: str
    check: str
    city: str | None
    state: str
    seed: int
    frame_hash: str | None
    frame_size: int
    sampled: int
    passed: int
    failed: int
    pending: dict[str, PendingSite]
    sent_back: tuple[str, ...]
    enlarged: tuple[str, ...]
    returned: tuple[str, ...]
    due: Instant | None
    settled: bool
    as_of: Instant
    refused: tuple[dict[str, str], ...] = ()
