"""The plan's option `survey`: which rounds (补充排查) it announces, and what deadline their sites have."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.base import Identifier, Said
from schemas.calendar import Clause
from schemas.offices import unsaid


class Found(StrEnum):
    """How a surveyed site came to light."""

    NEWLY = "newly"
    """新发现: it was not there, or could not be known, when the stock was taken."""
    MISSED = "missed"
    """漏报: the unit should have reported it with the stock; it counts against the unit as any baseline site."""


class SurveyRound(Said):
    """A round that the plan announces for the day `on`.

    Where its `file` (a register beside the plan's file) is there already, `check` reads it, and rehearsals and
    forecasts play the round; a started campaign gets its rounds by `starter.py survey`. `found` stands for rows that
    do not say it themselves.
    """

    id: Identifier
    on: date
    file: Annotated[str, Field(min_length=1, max_length=300)]
    found: Found | None = Field(default=None, exclude_if=unsaid)


class SurveyOption(Said):
    """The plan's option `survey`: sites may be added while the campaign runs.

    `rectification` counts from the opening of the survey's sites, by default as the plan's own clause does.
    """

    rectification: Clause | None = Field(default=None, exclude_if=unsaid)
    rounds: tuple[SurveyRound, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _once(self) -> Self:
        twice = [one for one, times in Counter(one.id for one in self.rounds).items() if times > 1]
        if twice:
            raise ValueError("; ".join(f"rounds: {one} stands twice, expected once" for one in twice))
        return self

    def moved(self, shift: timedelta) -> Self:
        """The same with its rounds so much later."""
        rounds = tuple(one.model_copy(update={"on": one.on + shift}) for one in self.rounds)
        return self.model_copy(update={"rounds": rounds})

    def outside(self, starts_on: date, ends_on: date) -> Iterator[str]:
        """What is wrong with the days of the rounds in a campaign of these dates."""
        for place, one in enumerate(self.rounds):
            if not starts_on <= one.on <= ends_on:
                yield f"survey.rounds[{place}].on: {one.on} lies outside {starts_on} .. {ends_on}"
