"""What an amendment (补充文件) says to the campaign, its cities and its sites, and what happens there.

`amendment` is its place among the campaign's amendments, from 1; 0 is the plan as it was issued. What changes of the
terms stands in the event, by the names of their fields, so that the ledger alone gives the terms again.
"""

from typing import Any, Literal

from pydantic import Field

from schemas.base import Instant, Kept
from schemas.command import Command
from schemas.event import Event, added_later

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


class AmendSitesOrder(Kept):
    """Tell the open sites of a city of the amendment, which counts from `at`; who has heard of it is left out."""

    campaign_id: str
    city: str
    at: Instant
    amendment: int


class SitesAmendedReport(Kept):
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
    amendment: int = added_later(0)
