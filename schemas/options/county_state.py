"""What a city remembers of its counties, townships and calls, and what status shows of them."""

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.event import new_field
from schemas.options.counties import Duty
from schemas.stages import Deployment


class Awaited(StoredModel):
    """Something that is owed by `due`; `next_due` is when the next level is told (None: nobody more)."""

    due: Instant
    next_due: Instant | None
    told: int = 0
    """How many levels were told."""
    clauses: ClauseNames = new_field({})


class UnitState(StoredModel):
    """A county or a township. A township's plan reaches it when its county signs for it; nothing is owed before."""

    name: str
    began_at: Instant | None = None
    owed: dict[Duty, Awaited] = {}
    """What is owed at present."""
    receipt_signed_at: Instant | None = None
    deployment: Deployment = Deployment.AWAITED
    submitted_at: Instant | None = None
    versions: int = 0
    returns: int = 0
    returned_at: Instant | None = None
    approved_at: Instant | None = None
    approval_heard_at: Instant | None = None
    opening: bool = False
    """Whether the opening of its sites was asked for."""
    opened_at: Instant | None = None
    sites: int = 0


class CallState(StoredModel):
    """A call to a department that is not answered yet."""

    county: str
    department: str
    matter: str
    site: str | None = None
    called_at: Instant
    due: Instant
    next_due: Instant | None
    told: int = 0
    clauses: ClauseNames = new_field({})


class UnitFacts(StoredModel):
    """A county or a township in status: codes, its deployment, and what it owes by when."""

    county: str
    township: str | None = new_field(None)
    name: str
    deployment: str
    receipt_signed_at: Instant | None = new_field(None)
    submitted_at: Instant | None = new_field(None)
    approved_at: Instant | None = new_field(None)
    due: Instant | None = new_field(None)
    """When its receipt or its deployment is due, or the decision on it."""
    clauses: ClauseNames = new_field({})
    overdue: bool = new_field(False)
    versions: int = new_field(0)
    returns: int = new_field(0)
    opened: bool = new_field(False)


class CallFacts(StoredModel):
    """A call that is not answered yet, in status."""

    call: str
    county: str
    department: str
    matter: str
    site: str | None = new_field(None)
    due: Instant
    clauses: ClauseNames = new_field({})
    overdue: bool = new_field(False)
