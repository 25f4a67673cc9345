"""Deployments of counties and townships: the plan's option, and its terms, commands and events at the city.

A unit below the city (a county, or a township of a county) signs for the plan and deploys as the city does. What holds
for both is said of the unit; `township` is None where it is the county itself.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import InputModel, Instant, StoredModel
from schemas.calendar import Clause, DayUnit
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.offices import City, is_unset
from schemas.option import Option
from schemas.options.opinion import Chapter, KeptChapter, OpinionRules
from schemas.permit import BY_CITY, BY_COUNTY, BY_PROVINCE, BY_TOWNSHIP, at
from schemas.stages import RUNNING_CITY

ONE_WORKING_DAY = Clause(amount=1, unit=DayUnit.WORKING_DAYS)
UnitName = Annotated[str, Field(min_length=1, max_length=200)]
"""A county or a township by its code or name, as the plan has it."""


class Told(IntEnum):
    """The levels that are told of a silence, from below; a document's rung is its level."""

    TOWNSHIP = 0
    COUNTY = 1
    COUNTY_HEAD = 2
    CITY = 3
    CITY_HEAD = 4
    PROVINCE = 5


class CountyDeployment(InputModel):
    """The plan's option `county_deployment`: the counties that `cities[].counties` names deploy as their city does.

    `decision` is the city's clause (for a township its county's), `upward` the grace before a silence is told to the
    next level. With `opens_sites` a county's sites open when its own deployment and its city's are approved; with
    `leads` the county government leads: it calls departments, and the documents on its sites go to its offices.
    """

    receipt: Clause = ONE_WORKING_DAY
    deployment: Clause
    decision: Clause = Clause(amount=3, unit=DayUnit.WORKING_DAYS)
    upward: Clause = ONE_WORKING_DAY
    opinion: OpinionRules | None = Field(default=None, exclude_if=is_unset)
    opens_sites: bool = False
    townships: bool = False
    leads: bool = False
    call: Clause | None = Field(default=None, exclude_if=is_unset)
    """Within what a department answers a call that names no day, where the county leads."""


def county_deployment_contradictions(option: CountyDeployment | None, cities: Iterable[City]) -> Iterator[str]:
    """What the option needs of the plan's cities and does not find, as `path: what, expected`."""
    if option is None:
        return
    counties = [(p, n, c) for p, city in enumerate(cities) for n, c in enumerate(city.counties)]
    if not counties:
        yield "county_deployment: no city names its counties, expected cities[].counties of one city at least"
    if option.townships and counties and not any(county.townships for *_, county in counties):
        yield "county_deployment.townships: no county names its townships, expected those of one county at least"
    if option.leads:
        for p, n, county in counties:
            if county.government is None:
                yield f"cities[{p}].counties[{n}].government: {county.code} leads, expected its government"
    if option.call is not None and not option.leads:
        yield "county_deployment.call: only a county that leads calls departments, expected `leads: true`"


# --- terms --------------------------------------------------------------------------------------------------------


class UnitBelow(StoredModel):
    """A unit below the city: a county, or with `county` (its county's code) a township of it."""

    code: str
    name: str
    county: str | None = None
    units: tuple[str, ...]
    """The units that people act for."""
    levels: dict[str, tuple[str, ...]] = {}
    """The names of its offices by the level of addressees; empty for a township."""
    told: tuple[Told, ...]
    """The levels that are told of its silence, in order; each is another office than the one before."""
    told_undecided: tuple[Told, ...]
    """The levels that are told where its deployment is not decided."""

    @property
    def key(self) -> str:
        """Its key within the city."""
        return self.code if self.county is None else f"{self.county}/{self.code}"

    @property
    def spelled(self) -> tuple[str, ...]:
        """How a register may write it."""
        return tuple(dict.fromkeys((self.code, self.name)))


class CountiesTerms(StoredModel):
    """The option in a city's terms, with the city's counties and townships."""

    receipt: Clause
    deployment: Clause
    decision: Clause
    upward: Clause
    opinion: OpinionRules | None = None
    opens_sites: bool = False
    leads: bool = False
    call: Clause | None = None
    units: tuple[UnitBelow, ...]

    def unit(self, county: str, township: str | None = None) -> UnitBelow | None:
        """The unit of this code or name; None if the city has none."""
        found = next((one for one in self.units if one.county is None and county in one.spelled), None)
        if township is None or found is None:
            return found
        return next((one for one in self.units if one.county == found.code and township in one.spelled), None)

    def of_key(self, key: str) -> UnitBelow | None:
        """The unit of this key."""
        return next((one for one in self.units if one.key == key), None)

    def above(self, unit: UnitBelow) -> UnitBelow | None:
        """The county of a township; None for a county."""
        return None if unit.county is None else self.of_key(unit.county)


# --- commands and events ------------------------------------------------------------------------------------------


class OfUnit(Command):
    """Base of the commands about a county, or about one of its townships."""

    county: UnitName
    township: UnitName | None = None


class SignCountyReceipt(OfUnit):
    """The county (or the township) signs for the plan."""

    kind: Literal["sign_county_receipt"] = "sign_county_receipt"


class SubmitCountyDeployment(OfUnit):
    """It submits its deployment, with its implementation opinion."""

    kind: Literal["submit_county_deployment"] = "submit_county_deployment"
    opinion: Reason
    points: int | None = Field(default=None, ge=0)
    requirements: str | None = Field(default=None, max_length=4000)
    chapters: tuple[Chapter, ...] = Field(default=(), max_length=30)


class ReturnCountyDeployment(OfUnit):
    """The unit above, or the province, sends the deployment back with its reasons."""

    kind: Literal["return_county_deployment"] = "return_county_deployment"
    reason: Reason


class ApproveCountyDeployment(OfUnit):
    """The unit above, or the province, approves the deployment."""

    kind: Literal["approve_county_deployment"] = "approve_county_deployment"


class UnitEvent(Event):
    """Base of the events of a county, or of one of its townships; both by code."""

    county: str
    township: str | None = new_field(None)

    @property
    def unit(self) -> str:
        """The key of the unit."""
        return self.county if self.township is None else f"{self.county}/{self.township}"


class CountyReceiptSigned(UnitEvent):
    kind: Literal["county_receipt_signed"] = "county_receipt_signed"


class CountyDeploymentSubmitted(UnitEvent):
    kind: Literal["county_deployment_submitted"] = "county_deployment_submitted"
    opinion: str
    points: int | None = new_field(None)
    requirements: str | None = new_field(None)
    decision_due: Instant
    chapters: tuple[KeptChapter, ...] = new_field(())


class CountyDeploymentReturned(UnitEvent):
    kind: Literal["county_deployment_returned"] = "county_deployment_returned"
    reason: str
    due: Instant


class CountyDeploymentApproved(UnitEvent):
    kind: Literal["county_deployment_approved"] = "county_deployment_approved"


Duty = Literal["receipt", "deployment", "decision"]
"""What a unit owes, and for a decision the unit above it."""


class CountyOverdue(UnitEvent):
    """A receipt, a deployment or a decision is overdue: `told` is told now, the next level at `next_due`."""

    kind: Literal["county_overdue"] = "county_overdue"
    duty: Duty
    due: Instant
    told: Told
    next_due: Instant | None = new_field(None)


class CountySitesOpened(UnitEvent):
    """The county's sites run; `due` is the end of their rectification clause."""

    kind: Literal["county_sites_opened"] = "county_sites_opened"
    sites: int
    due: Instant | None = None


_DECIDED_BY = at(RUNNING_CITY, BY_CITY, BY_COUNTY, BY_PROVINCE)

COUNTIES = Option(
    name="counties",
    subject="city",
    commands={
        "sign_county_receipt": SignCountyReceipt,
        "submit_county_deployment": SubmitCountyDeployment,
        "return_county_deployment": ReturnCountyDeployment,
        "approve_county_deployment": ApproveCountyDeployment,
    },
    events=(
        CountyReceiptSigned,
        CountyDeploymentSubmitted,
        CountyDeploymentReturned,
        CountyDeploymentApproved,
        CountyOverdue,
        CountySitesOpened,
    ),
    permits={
        "sign_county_receipt": at(RUNNING_CITY, BY_COUNTY._replace(right=None), BY_TOWNSHIP._replace(right=None)),
        "submit_county_deployment": at(RUNNING_CITY, BY_COUNTY, BY_TOWNSHIP),
        "return_county_deployment": _DECIDED_BY,
        "approve_county_deployment": _DECIDED_BY,
    },
    rows_after="approve_deployment",
    command_events={
        "sign_county_receipt": ("county_receipt_signed",),
        "submit_county_deployment": ("county_deployment_submitted",),
        "return_county_deployment": ("county_deployment_returned",),
        "approve_county_deployment": ("county_deployment_approved",),
    },
)
