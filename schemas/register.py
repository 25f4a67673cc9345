"""The register (台账): a site (点位) as one row, the digest of the whole, and rejected rows."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import Field

from schemas.actor import PersonId, UnitName
from schemas.base import Identifier, InputModel, SiteId, StoredModel
from schemas.canonical import canonical_json
from schemas.modes import FundingMode, Land, RestorationMode, Yuan
from schemas.offices import is_unset
from schemas.quantity import Area, Quantity


class Hazard(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Problem(InputModel):
    """A problem (问题) found at a site, counted (two open adits, one shed)."""

    kind: Identifier
    count: Quantity = Field(default=Decimal(1), gt=0)


class Site(InputModel):
    """One row of the register. Coordinates are WGS 84 degrees, area is in hectares.

    `newly_found` sites (新发现) were discovered after the stock was surveyed; briefings count them separately. `missed`
    ones (漏报) should have been reported with the stock: they count as baseline sites.
    """

    id: SiteId
    name: str = Field(min_length=1, max_length=200, pattern=r"\S")
    city: Identifier
    county: str = Field(min_length=1, max_length=100)
    township: str | None = Field(default=None, min_length=1, max_length=100, exclude_if=is_unset)
    """The township (乡镇) in which it lies, by its code or name."""
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    type: Identifier
    mineral: str | None = Field(default=None, max_length=100)
    area_ha: Area | None = None
    depth_m: Quantity | None = Field(default=None, exclude_if=is_unset)
    """The depth of its deepest opening or pit, in metres."""
    distance_m: Quantity | None = Field(default=None, exclude_if=is_unset)
    """The distance to the nearest house or road, in metres."""
    problems: tuple[Problem, ...] = ()
    hazard: Hazard = Hazard.MEDIUM
    responsible: tuple[str, ...] = ()
    """The responsible units; the first of them is responsible for the site until another one is assigned."""
    responsible_person: PersonId | None = Field(default=None, exclude_if=is_unset)
    """The person of that unit, by an opaque id."""
    lead_government: UnitName | None = Field(default=None, exclude_if=is_unset)
    departments: tuple[UnitName, ...] = Field(default=(), max_length=20, exclude_if=is_unset)
    """The coordinating departments, which sign the site off in plans with `sign_off` (schemas.options.sign_off)."""
    enterprise: UnitName | None = Field(default=None, exclude_if=is_unset)
    """The building enterprise: if one is named, only it reports work."""
    newly_found: bool = Field(default=False, exclude_if=is_unset)
    missed: bool = Field(default=False, exclude_if=is_unset)
    survey: Identifier | None = Field(default=None, exclude_if=is_unset)
    """The survey that added it while the campaign ran; None for the first register."""
    restoration_mode: RestorationMode | None = Field(default=None, exclude_if=is_unset)
    funding_mode: FundingMode | None = Field(default=None, exclude_if=is_unset)
    planned_cny: Yuan | None = Field(default=None, exclude_if=is_unset)
    planned_ha: Land | None = Field(default=None, exclude_if=is_unset)
    planned_mu: Land | None = Field(default=None, exclude_if=is_unset)
    """Land is planned in either unit; if a row has both, 1 ha must be 15 mu."""


class Proposal(NamedTuple):
    """The rung of a site that a document is about: its round, and the number of the proposal."""

    site_id: str
    round: int
    proposal: int = 1


class Standing(NamedTuple):
    """The present state of a site, which decides whether a draft still lists it."""

    site_id: str
    stage: str
    rung: int
    suspended: bool
    due_at: datetime | None
    exhausted: bool = False
    """Whether it stands on its rung because its rounds of acceptance are used up."""


def register_digest(sites: Sequence[Site]) -> str:
    """SHA-256 (hex) over the canonical JSON of each site, one per line, sorted by id (not by the order in the file)."""
    digest = hashlib.sha256()
    for site in sorted(sites, key=lambda site: site.id):
        digest.update(canonical_json(site.model_dump(mode="json")).encode() + b"\n")
    return digest.hexdigest()


class RejectedRow(StoredModel):
    """`row` is its number in the file (the header is row 1), `raw` its cells by header."""

    row: int
    faults: tuple[str, ...]
    raw: dict[str, Any] = Field(default_factory=dict)
