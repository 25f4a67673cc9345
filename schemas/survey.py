"""Surveys (补充排查): rounds that find further sites while a campaign runs, and what a city's desk hears of them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from schemas.base import Identifier, Instant, Kept
from schemas.command import Command
from schemas.event import Event
from schemas.site import Site
from schemas.survey_option import Found

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FoundCounts(Kept):
    """The sites of a survey, of one city or of all."""

    sites: int
    newly_found: int
    missed: int


class Survey(Kept):
    """One survey: sites that bear its id, marked newly found or missed. `digest` is that of its sites as a register."""

    id: Identifier
    digest: Digest
    sites: tuple[Site, ...] = Field(min_length=1)

    def cities(self) -> dict[str, FoundCounts]:
        """City to what was found there, by code."""
        codes = sorted({site.city for site in self.sites})
        return {code: counted([site for site in self.sites if site.city == code]) for code in codes}


class PlannedSurvey(NamedTuple):
    """A survey whose day is known beforehand: what rehearsals and forecasts play."""

    on: date
    survey: Survey


class SurveyRecord(Kept):
    """A survey as Postgres has it; `at` is campaign time, `cities` as `Survey.cities` gives them."""

    id: Identifier
    digest: Digest
    at: Instant
    actor: str
    """Id, role and unit of who added it, as canonical JSON."""
    cities: dict[str, FoundCounts]


def counted(sites: Sequence[Site]) -> FoundCounts:
    """The counts of sites that are marked."""
    newly = sum(site.newly_found for site in sites)
    return FoundCounts(sites=len(sites), newly_found=newly, missed=sum(site.missed for site in sites))


def marked(site: Site, survey: str, found: Found) -> Site:
    """The site as one of this survey."""
    newly = found is Found.NEWLY
    return site.model_copy(update={"survey": survey, "newly_found": newly, "missed": not newly})


class AddSurvey(Command):
    """The sites of a survey stand in the city's register; the desk opens them, with their own deadline."""

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
    newly_found: int = 0
    missed: int = 0


class SurveyOpened(Event):
    """The survey's sites of the city run; `due` is the end of their rectification clause."""

    kind: Literal["survey_opened"] = "survey_opened"
    survey: str
    sites: int
    due: Instant | None = None


SURVEY_EVENTS: tuple[type[Event], ...] = (SurveyAdded, SurveyOpened)
