"""The state of a city's patrol, from its begin."""

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.event import new_field
from schemas.options.patrol import Duty, LookBackDue
from schemas.reopening import Cause


class DutyState(StoredModel):
    """The present period of a duty (`since` .. `due`), and how many periods were kept and missed."""

    since: Instant
    due: Instant
    clauses: ClauseNames = new_field({})
    performed: int = 0
    missed: int = 0
    last_at: Instant | None = None
    missed_from: Instant | None = None
    """The begin of the last missed periods; `missed_until` is their end.

    A duty done between the two and reported late counts for them.
    """
    missed_until: Instant | None = None
    curable: int = 0
    cured: int = 0


class ReopeningRequest(StoredModel):
    """A site that is to be reopened; `asked` is reset when the city is restarted from its ledger."""

    at: Instant
    cause: Cause
    origin: str
    site: str
    reason: str
    failed_requirements: tuple[str, ...] = ()
    asked: bool = False


class PatrolState(StoredModel):
    """The state of a city's patrol, from its begin."""

    began_at: Instant
    until: Instant
    duties: dict[Duty, DutyState] = {}
    findings: int = 0
    reopening: list[ReopeningRequest] = []
    relapses: dict[str, int] = {}
    """County to the number of its sites that a patrol or a look-back reopened."""
    look_backs: dict[str, list[LookBackDue]] = {}
    """Site to its open look-backs, the earliest first."""
    look_backs_next: Instant | None = None
    """The earliest of them that was not reported as overdue."""
    look_backs_notified: Instant | None = None
    set_at: Instant | None = None
    """The last dispatch whose look-backs were gathered."""
    held: int = 0
    failed: int = 0
    failed_at_due: dict[str, int] = {}
    """Number of failed look-backs by site, requirement and due day; each one reopens the site."""
    city_closed_at: Instant | None = None
    ended_at: Instant | None = None
    settled: bool = False
    closed_at: Instant | None = None

    @property
    def is_over(self) -> bool:
        """Whether the patrol has ended."""
        return self.ended_at is not None or self.closed_at is not None
