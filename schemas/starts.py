"""Inputs of the workflows. `state` is set after continue-as-new and at a restart from the ledger."""

from typing import Any

from schemas.base import StoredModel
from schemas.campaign import CampaignTerms
from schemas.city import CityTerms
from schemas.programme import ProgrammeTerms
from schemas.site.terms import SiteTerms
from schemas.spot_check import SpotCheckTerms


class SpotCheckStart(StoredModel):
    """The input of `SpotCheckWorkflow`; `state` as in schemas.starts."""

    terms: SpotCheckTerms
    state: dict[str, Any] | None = None


class SiteStart(StoredModel):
    terms: SiteTerms
    state: dict[str, Any] | None = None


class CityStart(StoredModel):
    terms: CityTerms
    state: dict[str, Any] | None = None


class CampaignStart(StoredModel):
    terms: CampaignTerms
    state: dict[str, Any] | None = None


class ProgrammeStart(StoredModel):
    """The input of `ProgrammeWorkflow`."""

    terms: ProgrammeTerms
    state: dict[str, Any] | None = None
