"""What a city remembers of its patrol, from its begin."""

from schemas.base import Instant, StoredModel
from schemas.options.patrol import Duty, LookBackDue
from schemas.reopening import Cause


class DutyState(StoredModel):
    """The present period of a duty (`since` .. `due`), and how many were kept and missed."""

    since: Instant
    due: Instant
    performed: int = 0
    missed: int = 0
    last_at: Instant | None = None
    missed_from: Instant | None = None
    """The begin of the periods that were missed last, and `missed_until` their end: what was done between them and
    is reported late is theirs."""
    missed_until: Instant | None = None
    curable: int = 0


class ReopeningRequest(StoredModel):
    """A site that is to be opened again; `asked` is forgotten by a desk that is started from its ledger."""

    at: Instant
    cause: Cause
    origin: str
    site: str
    reason: str
    failed_requirements: tuple[str, ...] = ()
    asked: bool = False


class PatrolState(StoredModel):
    """Everything a desk remembers of its patrol, from its begin."""

    began_at: Instant
    until: Instant
    duties: dict[Duty, DutyState] = {}
    findings: int = 0
    reopening: list[ReopeningRequest] = []
    relapses: dict[str, int] = {}
    """County to how many of its sites a patrol or a look-back opened again."""
    look_backs: dict[str, list[LookBackDue]] = {}
    """Site to what is still to be inspected there, the earliest first."""
    look_backs_next: Instant | None = None
    """The earliest of them that was not told as overdue."""
    look_backs_notified: Instant | None = None
    set_at: Instant | None = None
    """The dispatch up to which look-backs were taken in."""
    held: int = 0
    failed: int = 0
    failed_at_due: dict[str, int] = {}
    """How often the look-back of a site, a requirement and a due day has failed: each opens the site anew."""
    city_closed_at: Instant | None = None
    ended_at: Instant | None = None
    settled: bool = False
    closed_at: Instant | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing is patrolled any more."""
        return self.ended_at is not None or self.closed_at is not None
