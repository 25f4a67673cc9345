"""Signatures of the issuing agencies (联署) under one text: the plan, an amendment, or a joint instrument."""

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.event import Event, new_field


class Signatures(StoredModel):
    """Who has to sign, who has, and until when; part of a state and of a document's progress.

    `due` is the day of the clause; `next_due` is when the silence is told next, None when nobody is awaited.
    """

    agencies: tuple[str, ...]
    due: Instant
    signed: dict[str, Instant] = {}
    """Agency to the moment it signed."""
    signed_by: dict[str, str] = {}
    """Agency to the id of the person who signed for it."""
    steps: int = 0
    """How often the silence was told."""
    next_due: Instant | None = None
    clauses: ClauseNames = new_field({})

    @property
    def missing(self) -> tuple[str, ...]:
        """The agencies that have not signed, in the plan's order."""
        return tuple(agency for agency in self.agencies if agency not in self.signed)

    @property
    def complete(self) -> bool:
        """Whether every agency has signed."""
        return not self.missing


class SignaturesOverdue(Event):
    """Base of the events of silence: `agencies` have not signed; told the `step`th time, and again at `next_due`."""

    step: int
    agencies: tuple[str, ...]
    due: Instant
    next_due: Instant
