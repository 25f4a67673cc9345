"""The implementation opinion (实施意见) of a city: the plan's option, and its chapters."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from schemas.base import InputModel, Instant, StoredModel
from schemas.calendar import Clause, ClauseNames
from schemas.event import new_field
from schemas.option import Option

Title = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]


class OpinionRules(InputModel):
    """The plan's option `opinion`: the chapters that every opinion must have, and the clause for a returned one.

    Without `resubmission` the deployment's own clause applies again.
    """

    chapters: tuple[Title, ...] = Field(default=(), max_length=30)
    resubmission: Clause | None = None


class Chapter(InputModel):
    """One chapter of an opinion, under its title."""

    title: Title
    text: str = Field(min_length=1, max_length=4000, pattern=r"\S")


class KeptChapter(StoredModel):
    """A chapter as the ledger keeps it."""

    title: str
    text: str


class OpinionVersion(StoredModel):
    """One version of a city's opinion, with how long each side took.

    `due` was the deadline of its submission, `decision_due` that of the province; `decision` is `returned`, `approved`,
    or None while it is undecided or after a newer version replaced it.
    """

    version: int
    submitted_at: Instant
    submitted_by: str
    due: Instant | None = None
    decision_due: Instant
    clauses: ClauseNames = new_field({})
    decision: str | None = None
    decided_at: Instant | None = None
    decided_by: str | None = None
    reason: str | None = None
    opinion: str
    points: int | None = None
    requirements: str | None = None
    chapters: tuple[KeptChapter, ...] = ()
    replaced: bool = False
    """Whether a newer version replaced it before the decision."""

    @property
    def submitted_late(self) -> bool:
        """Whether the city submitted it late."""
        return self.due is not None and self.submitted_at > self.due

    def decided_late(self, now: datetime) -> bool:
        """Whether the province decided late or is overdue at `now`; False for a replaced version."""
        return (self.decided_at or now) > self.decision_due and not self.replaced


OPINION = Option(name="opinion", subject="city")
"""The option has no commands and events of its own; it uses those of the deployment."""
