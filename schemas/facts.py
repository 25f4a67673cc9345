"""Facts of a site or a city beside its stage: stored with its state row, summed by status and reports."""

from decimal import Decimal
from typing import Any

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.deferrals import Deferrals
from schemas.event import new_field
from schemas.options.builders import BuilderFacts
from schemas.options.county_state import CallFacts, UnitFacts
from schemas.options.grading import Grade
from schemas.options.patrol import PatrolFacts
from schemas.options.police import CaseFacts
from schemas.options.responsible import ResponsibleFacts
from schemas.options.sweep import SweepFacts


class SiteFacts(StoredModel):
    """Every field is optional and left out while it is empty; without any field the facts are None."""

    deferrals: Deferrals | None = None
    """The site's suspensions and extensions."""
    case: CaseFacts | None = None
    """Its police case, with the lead agency of both tracks."""
    reopened: dict[str, int] = {}
    """Cause to how often the site was reopened for it after its strike-off (schemas.reopening)."""
    builder: BuilderFacts | None = None
    """Who builds it, and what is owed for it, once that was in question."""
    responsible: ResponsibleFacts | None = None
    """Who is responsible, beyond what the register says."""
    corrections: dict[str, Any] = {}
    """Corrected fields of the register row with their present values (schemas.site.correction)."""
    grade: Grade | None = new_field(None)
    """Its hazard, and by what it was graded, in plans with `grading` or `variations`."""
    clauses: ClauseNames = new_field({})
    """The clause of the deadline that is awaited now, under `due`."""
    exhausted: bool = False
    """Whether it stands on its rung because its rounds of acceptance are used up."""
    problems: int = 0
    """The site's problems, and those accepted already, in plans with closure by problem."""
    problems_closed: int = 0
    problem_states: dict[str, str] = {}
    """Problem to `open`, `done` or `accepted`."""
    panel: dict[str, str] = {}
    """Expert of the awaited level to `passed`, `failed` or `silent`."""
    signatures: dict[str, Instant | None] = {}
    """Department to the moment it signed the site off, null while it has not (schemas.options.sign_off)."""
    restoration_mode: str | None = None
    """The mode in force (schemas.options.modes), in plans that have modes; likewise `funding_mode`."""
    funding_mode: str | None = None
    mode_waits: bool = False
    """Whether modes are proposed that the province has not decided on."""
    realised: dict[str, Decimal] = {}
    """Booked amounts by account (`schemas.options.bookings`): money in yuan, land in mu, minerals in tonnes."""
    costs: dict[str, Decimal] = {}
    """Yuan spent on each problem, in plans with `costs`."""
    options: dict[str, Any] = new_field({})
    """The fields of options outside the tree, by the option's name."""


class CityFacts(StoredModel):
    """The same for a city."""

    patrol: PatrolFacts | None = None
    clauses: ClauseNames = new_field({})
    """The clauses of `deployment_due`, `decision_due` and `receipt_due`."""
    versions: int = 0
    """Submitted versions of the city's implementation opinion, in plans that have `opinion`."""
    returns: int = 0
    """How many of them the province returned."""
    counties: tuple[UnitFacts, ...] = new_field(())
    """Its counties and townships, in plans with `county_deployment`."""
    calls: tuple[CallFacts, ...] = new_field(())
    """The calls to departments that are not answered; `calls_made` counts all, `calls_answered` the answered ones."""
    calls_made: int = new_field(0)
    calls_answered: int = new_field(0)
    sweep: SweepFacts | None = new_field(None)
    """The counts of its patches and clues, from the first one."""
    options: dict[str, Any] = new_field({})
    """The fields of options outside the tree, by the option's name."""
