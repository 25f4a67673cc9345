"""The deadlines of sites that open together, where they differ by a variation of the plan."""

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.event import new_field


class OpenedDue(StoredModel):
    """The sites of an opening that have this deadline by a variation of the plan."""

    sites: int
    due: Instant
    clauses: ClauseNames = new_field({})
