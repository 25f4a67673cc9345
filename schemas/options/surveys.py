"""Surveys (补充排查) that add sites to a running campaign: the plan's option, commands and events."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from schemas.base import Digest, Identifier, InputModel, Instant, StoredModel
from schemas.calendar import CampaignDay
from schemas.command import Command
from schemas.event import Event, new_field
from schemas.offices import is_unset
from schemas.openings import OpenedDue
from schemas.option import Option
from schemas.options.sweep import Patch
from schemas.permit import BY_CITY, BY_PROVINCE, at
from schemas.phase_end import ClauseOrPhase
from schemas.register import Site
from schemas.stages import RUNNING_CITY


class Found(StrEnum):
    """Why a surveyed site was not in the first register."""

    NEWLY = "newly"
    """新发现: it did not exist, or could not be known, when the stock was surveyed."""
    MISSED = "missed"
    """漏报: the unit should have reported it with the stock; it counts as a baseline site of the unit."""


class SurveyRound(InputModel):
    """A round that the plan announces for the day `on`.

    If its `file` (a register beside the plan's file) exists, `check` reads it, and rehearsals and forecasts simulate
    the round; a started campaign gets its rounds by `starter.py survey`. `found` is the default of rows without it.
    """

    id: Identifier
    on: CampaignDay
    file: Annotated[str, Field(min_length=1, max_length=300)]
    found: Found | None = Field(default=None, exclude_if=is_unset)


class SurveyOption(InputModel):
    """The plan's option `survey`: sites may be added while the campaign runs.

    `rectification` counts from the opening of the survey's sites, by default it is the plan's own clause.
    """

    rectification: ClauseOrPhase | None = Field(default=None, exclude_if=is_unset)
    rounds: tuple[SurveyRound, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _once(self) -> Self:
        twice = [one for one, times in Counter(one.id for one in self.rounds).items() if times > 1]
        if twice:
            raise ValueError("; ".join(f"rounds: {one} stands twice, expected once" for one in twice))
        return self

    def moved(self, shift: timedelta) -> Self:
        """The same option with its rounds later by `shift`."""
        rounds = tuple(one.model_copy(update={"on": one.on + shift}) for one in self.rounds)
        return self.model_copy(update={"rounds": rounds})

    def outside(self, starts_on: date, ends_on: date) -> Iterator[str]:
        """The faults of the rounds' days in a campaign of these dates."""
        for place, one in enumerate(self.rounds):
            if not starts_on <= one.on <= ends_on:
                yield f"survey.rounds[{place}].on: {one.on} lies outside {starts_on} .. {ends_on}"


class FoundCounts(StoredModel):
    """The sites of a survey, of one city or of all."""

    sites: int
    newly_found: int
    missed: int


class Survey(StoredModel):
    """One survey: sites with its id, marked newly found or missed. `digest` is that of its sites as a register."""

    id: Identifier
    digest: Digest
    sites: tuple[Site, ...] = Field(min_length=1)

    def cities(self) -> dict[str, FoundCounts]:
        """City code to the counts of the sites found there."""
        codes = sorted({site.city for site in self.sites})
        return {code: counted([site for site in self.sites if site.city == code]) for code in codes}


class PlannedSurvey(NamedTuple):
    """A survey on a known day, which rehearsals and forecasts simulate.

    The survey of a `patch` is the site that it becomes if its county confirms it; the patch is issued on that day.
    """

    on: date
    survey: Survey
    patch: Patch | None = None


class SurveyRecord(StoredModel):
    """A survey as Postgres has it; `at` is campaign time, `cities` as `Survey.cities` gives them."""

    id: Identifier
    digest: Digest
    at: Instant
    actor: str
    """Id, role and unit of who added it, as canonical JSON."""
    cities: dict[str, FoundCounts]


def counted(sites: Sequence[Site]) -> FoundCounts:
    """The counts of these sites by their mark."""
    newly = sum(site.newly_found for site in sites)
    return FoundCounts(sites=len(sites), newly_found=newly, missed=sum(site.missed for site in sites))


def marked(site: Site, survey: str, found: Found) -> Site:
    """The site, marked as one of this survey."""
    newly = found is Found.NEWLY
    return site.model_copy(update={"survey": survey, "newly_found": newly, "missed": not newly})


class AddSurvey(Command):
    """The city's register has the sites of a survey; the city opens them with their own deadline."""

    kind: Literal["survey_added"] = "survey_added"
    survey: Identifier
    digest: Digest
    sites: int = Field(ge=1)
    newly_found: int = Field(default=0, ge=0)
    missed: int = Field(default=0, ge=0)


class SurveyAdded(Event):
    """`digest` is that of the whole survey, the counts are those of the city."""

    kind: Literal["survey_added"] = "survey_added"
    survey: str
    digest: str
    sites: int
    newly_found: int
    missed: int


class SurveyOpened(Event):
    """The survey's sites of the city run; `due` is the end of their rectification clause."""

    kind: Literal["survey_opened"] = "survey_opened"
    survey: str
    sites: int
    due: Instant | None = None
    varied: tuple[OpenedDue, ...] = new_field(())


class SurveyState(StoredModel):
    """A survey in a city's state; `sites` are those of the city."""

    digest: str
    added_at: Instant
    sites: int
    newly_found: int
    missed: int
    opening: bool = False
    """Whether the opening of its sites was requested."""
    opened_at: Instant | None = None
    """The occasion of its sites' deadline."""
    heard_at: Instant | None = new_field(None)
    """When the engine heard of it: its sites open then, or with the deployment's approval after it."""


SURVEYS = Option(
    name="surveys",
    subject="city",
    commands={"survey_added": AddSurvey},
    events=(SurveyAdded, SurveyOpened),
    permits={"survey_added": at(RUNNING_CITY, BY_PROVINCE, BY_CITY)},
    rows_after="lift",
    command_events={"survey_added": ("survey_added",)},
)
