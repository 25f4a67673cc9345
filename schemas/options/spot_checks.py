"""Spot checks (抽查): the plan's option, the frame, the sample, and the order of a check."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import CampaignDay, Clause, DayUnit
from schemas.command import Command
from schemas.event import Event, new_field
from schemas.offices import is_unset
from schemas.option import Option
from schemas.permit import BY_PROVINCE, at
from schemas.quantity import exact
from schemas.stages import RUNNING_CAMPAIGN


def _decimals(value: float) -> float:
    """Shares are exact decimal fractions, so they have at most four decimals."""
    if exact(value).as_tuple().exponent < -4:  # type: ignore[operator] # a finite number has an exponent
        raise ValueError("expected at most four decimals, such as 0.15")
    return value


Share = Annotated[float, AfterValidator(_decimals)]


class SampleUnit(StrEnum):
    """The unit whose sample is enlarged, and whose batch is returned, after a failure."""

    COUNTY = "county"
    CITY = "city"


class Inspectors(StrEnum):
    """Who may inspect a sampled site; `other_county` are officers of any county of the register but the site's own."""

    PROVINCE = "province"
    OTHER_COUNTY = "other_county"
    EXPERT = "expert"


class SpotCheckPlan(InputModel):
    """The plan's option `spot_check`: unannounced checks of struck-off sites.

    Of every stratum (county and hazard) `share` is drawn, rounded up, and at least `minimum` sites. The sample is
    inspected within `inspect`. After a failure the unit is sampled once more at `enlarge` times the share.
    With `passed` the frame includes sites that passed this level of acceptance and are not struck off yet.
    On each day of `draws` the engine draws one check for every city; the province may order others.
    """

    share: Share = Field(default=0.2, gt=0, le=1)
    minimum: int = Field(default=1, ge=0, le=1000)
    unit: SampleUnit = SampleUnit.COUNTY
    inspect: Clause = Clause(amount=5, unit=DayUnit.WORKING_DAYS)
    enlarge: Share = Field(default=2.0, ge=1, le=100)
    inspectors: tuple[Inspectors, ...] = Field(default=tuple(Inspectors), min_length=1)
    passed: Identifier | None = Field(default=None, exclude_if=is_unset)
    draws: tuple[CampaignDay, ...] = Field(default=(), max_length=50, exclude_if=is_unset)
    seed: int = Field(default=0, ge=0, lt=2**63)
    shares: dict[str, Share] = Field(default={}, exclude_if=is_unset)
    """Hazard to the share of its strata, where it differs: the terms take it from the plan's `variations`."""

    def moved(self, by: timedelta) -> Self:
        """The same option with each draw later by `by`."""
        return self.model_copy(update={"draws": tuple(day + by for day in self.draws)})


def sampling_contradictions(
    checks: SpotCheckPlan | None, starts_on: date, ends_on: date, levels: tuple[str, ...]
) -> Iterator[str]:
    """The contradictions between the option and the plan's dates and levels of acceptance."""
    if checks is None:
        return
    if checks.shares:
        yield "spot_check.shares: a share by hazard is the sampling_share of `variations`"
    for day in checks.draws:
        if not starts_on <= day <= ends_on:
            yield f"spot_check.draws: {day} lies outside {starts_on} .. {ends_on}"
        if checks.draws.count(day) > 1:
            yield f"spot_check.draws: {day} stands twice, expected once"
    if checks.passed is not None and checks.passed not in levels:
        yield f"spot_check.passed: there is no level {checks.passed!r}; the levels are {', '.join(levels)}"


PARTICIPATION_KINDS = (
    "task_reported", "level_passed", "level_failed", "closed", "problem_closed", "problem_returned", "opinion_given",
    "signed_off",
)  # fmt: skip
"""Entries of a site's ledger whose actors worked or judged there: these actors may not inspect it."""


class FrameEntry(StoredModel):
    """A site of the frame: `level`, `at` and `round` are those of the acceptance that put it there.

    `participants` are the ids of those who reported work or gave a verdict there; they are not hashed.
    """

    id: str
    city: str
    county: str
    hazard: str
    round: int
    level: str
    at: Instant
    participants: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()
    """The units that reported work there; not hashed either."""


class Stratum(StoredModel):
    """The sites of one county and hazard: their number, and the number drawn."""

    city: str
    county: str
    hazard: str
    size: int
    drawn: int


class SampledSite(StoredModel):
    """A drawn site, with the ids of the people who worked or judged there, and the units that worked."""

    id: str
    city: str
    county: str
    hazard: str
    round: int = 1
    participants: tuple[str, ...] = ()
    workers: tuple[str, ...] = new_field(())


class Draw(StoredModel):
    """A sample with its strata; sites are sorted by stratum, then in drawn order."""

    frame_hash: str
    frame_size: int
    strata: tuple[Stratum, ...]
    sample: tuple[SampledSite, ...]


# --- the order of a check -------------------------------------------------------------------------------------------


class DrawSpotCheck(Command):
    """The province orders a spot check of a city's sites, or of all; without a seed the plan's is used."""

    kind: Literal["draw_spot_check"] = "draw_spot_check"
    check: Identifier
    city: Identifier | None = None
    seed: int | None = Field(default=None, ge=0, lt=2**63)


class SpotCheckOrdered(Event):
    """A check was ordered by the plan (the engine) or by the province; on the campaign's stream."""

    kind: Literal["spot_check_ordered"] = "spot_check_ordered"
    check: str
    city: str | None = None
    seed: int


SPOT_CHECKS = Option(
    name="spot_checks",
    subject="campaign",
    commands={"draw_spot_check": DrawSpotCheck},
    events=(SpotCheckOrdered,),
    permits={"draw_spot_check": at(RUNNING_CAMPAIGN, BY_PROVINCE)},
    rows_after="city_settled",
    command_events={"draw_spot_check": ("spot_check_ordered",)},
)
