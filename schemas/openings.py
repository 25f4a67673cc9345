"""Which sites open together, and their deadlines where these differ by a variation of the plan."""

from typing import Protocol

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.event import new_field


class OpenedDue(StoredModel):
    """The sites of an opening that have this deadline by a variation of the plan."""

    sites: int
    due: Instant
    clauses: ClauseNames = new_field({})


class Opening(Protocol):
    """What an opening says of its sites: the first register, one survey, or one county."""

    @property
    def survey(self) -> str | None: ...
    @property
    def county(self) -> str | None: ...
    @property
    def only(self) -> tuple[str, ...]: ...
    @property
    def apart(self) -> tuple[str, ...]: ...
    @property
    def surveys(self) -> tuple[str, ...]: ...
