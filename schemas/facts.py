"""What a site or a city is, beyond where it stands: kept beside its state row, summed by status and reports."""

from decimal import Decimal
from typing import Any

from schemas.base import Instant, StoredModel
from schemas.event import new_field
from schemas.options.patrol import PatrolFacts
from schemas.options.police import CaseFacts
from schemas.site.deferrals import Deferrals


class SiteFacts(StoredModel):
    """Every field is optional and left out while it says nothing; None instead of facts where there are none."""

    deferrals: Deferrals | None = None
    """What was deferred at the site."""
    case: CaseFacts | None = None
    """Its case on the police track, and the lead agency of either track."""
    reopened: dict[str, int] = {}
    """Cause to how often the site was opened again for it after its strike-off (schemas.reopening)."""
    corrections: dict[str, Any] = {}
    """Fields of the register row that were corrected, and what holds now (schemas.site.correction)."""
    exhausted: bool = False
    """Whether it stands on its rung because its rounds of acceptance are used up."""
    problems: int = 0
    """How many problems are accepted by themselves, and how many of them are, where the plan says so."""
    problems_closed: int = 0
    problem_states: dict[str, str] = {}
    """Problem to `open`, `done` or `accepted`."""
    panel: dict[str, str] = {}
    """Expert of the awaited level to `passed`, `failed` or `silent`."""
    signatures: dict[str, Instant | None] = {}
    """Department to the moment it signed the site off, null while it has not (schemas.options.sign_off)."""
    restoration_mode: str | None = None
    """The mode that holds (schemas.options.modes), in plans that have modes; so with `funding_mode`."""
    funding_mode: str | None = None
    mode_waits: bool = False
    """Whether modes are proposed that the province has not decided on."""
    realised: dict[str, Decimal] = {}
    """What was booked, by account (`rules.site.options.modes`): money in yuan, land in mu."""
    options: dict[str, Any] = new_field({})
    """What options outside the tree say, by the option's name."""


class CityFacts(StoredModel):
    """The same for a city."""

    patrol: PatrolFacts | None = None
    versions: int = 0
    """How many versions of its implementation opinion the city submitted, in plans that have `opinion`."""
    returns: int = 0
    """How many of them the province sent back."""
    options: dict[str, Any] = new_field({})
    """What options outside the tree say, by the option's name."""
