"""Deadlines that count to the end of a phase (`rectification: end of phase restoration`), or from its beginning."""

import re
from collections.abc import Iterable, Iterator
from operator import not_
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import Clause, DayUnit, NamedClause

_WRITTEN = re.compile(r"end of phase\s+(\S+)")


class PhaseEnd(InputModel):
    """A deadline at the midnight that ends the phase's last day, and never sooner than `or_at_least` gives.

    A plan writes `end of phase ID`, or a mapping with a clause of its own for what begins shortly before the end of the
    phase, or after it. In text form that is five working days.
    """

    end_of_phase: Identifier
    or_at_least: Clause = Clause(amount=5, unit=DayUnit.WORKING_DAYS)
    name: str = Field(default="", exclude_if=not_)
    """Its path in the plan, which people do not write (schemas.calendar.Clause)."""

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        if isinstance(value, str):
            found = _WRITTEN.fullmatch(value.strip())
            if found is None:
                raise ValueError("expected `end of phase ID`, or amount and unit")
            return {"end_of_phase": found[1]}
        return value


class PhaseEndTerms(StoredModel):
    """The same for a subject: the instant that ends the phase."""

    phase: str
    ends_at: Instant
    or_at_least: Clause
    name: str = ""

    def named_clause(self) -> NamedClause:
        """What a deadline says of it."""
        return NamedClause(name=self.name, phase=self.phase)


class PhaseStartTerms(StoredModel):
    """A clause that counts from the first day of the phase which opens this work, where its occasion came earlier."""

    phase: str
    starts_at: Instant
    clause: Clause

    def named_clause(self) -> NamedClause:
        """What a deadline says of it."""
        return self.clause.named_clause().model_copy(update={"phase": self.phase})


_CLAUSE, _PHASE_END = "a clause of days", "the end of a phase"
TAGS = frozenset({_CLAUSE, _PHASE_END})
"""Steps of pydantic's paths that no plan has."""


def _form(value: Any) -> str:
    phase = isinstance(value, str | PhaseEnd) or (isinstance(value, dict) and "end_of_phase" in value)
    return _PHASE_END if phase else _CLAUSE


ClauseOrPhase = Annotated[Annotated[Clause, Tag(_CLAUSE)] | Annotated[PhaseEnd, Tag(_PHASE_END)], Discriminator(_form)]
"""What a plan may write as the clause of a site's deadline."""

Within = Clause | PhaseEndTerms | PhaseStartTerms
"""What the terms of a site have in its place; `rules.calendar.due_by` computes with it."""


def own_clause(within: Within) -> Clause:
    """The number of days in it."""
    if isinstance(within, PhaseEndTerms):
        return within.or_at_least
    return within.clause if isinstance(within, PhaseStartTerms) else within


def unknown_phases(clauses: Iterable[tuple[str, Clause | PhaseEnd]], phases: Iterable[str]) -> Iterator[str]:
    """The faults of clauses, by path, that count to a phase which the plan does not have."""
    known = list(phases)
    for path, clause in clauses:
        if isinstance(clause, PhaseEnd) and clause.end_of_phase not in known:
            yield f"{path}: no phase {clause.end_of_phase}, expected one of {', '.join(known) or 'the plan (none)'}"
