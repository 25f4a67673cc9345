"""The catalogue of one language: the sentences of each kind of document, and the notation of dates."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, TypeAdapter

from schemas.base import InputModel
from schemas.ladder import UnitLevel
from schemas.plan import Templates

TEMPLATES = Path(__file__).parent / "templates"

_Part = TypeVar("_Part", bound=BaseModel)


class PhaseWords(InputModel):
    """The words of the tables about a phase: titles and headings, and the names of checks and results.

    `asked` is written with `per_cent` of a milestone, of sites or hectares; `campaign` is the whole of the cities.
    """

    measures_title: str
    measures: tuple[str, str, str, str, str, str, str]
    milestones_title: str
    milestones: tuple[str, str, str, str]
    lacking_title: str
    lacking: tuple[str, str, str, str, str]
    campaign: str
    approved: str
    not_approved: str
    kept: str
    missed: str
    asked: dict[str, str]
    checks: dict[str, str]
    rounds: str


class Words(InputModel):
    """The fixed words of the layout, and the headings of its tables.

    Tables of sites (`columns`), `documents` and `patrol` have one more column, whose heading is that of the kind of
    document (`Sentences.line_heading`). `attached` and `left_out` are a mail's sentences about the PDF, with the
    file's name or the reason.
    """

    separator: str
    colon: str
    clause: str
    number: str
    plan_number: str
    addressee: str
    copies: str
    recipients: str
    tasks: str
    quote: str
    seal: str
    draft: str
    columns: tuple[str, str, str, str, str]
    responsible: str
    line_heading: str
    documents: tuple[str, str, str, str, str]
    patrol: tuple[str, str, str, str]
    meeting: tuple[str, str, str, str]
    overdue_of_group: tuple[str, str, str, str]
    counties: tuple[str, str, str]
    calls: tuple[str, str, str, str, str, str]
    high_hazard: tuple[str, str, str, str, str, str, str, str]
    stages: dict[str, str]
    patches: tuple[str, str, str, str, str]
    ranking_title: str
    ranking: tuple[str, str, str, str, str, str, str]
    ranking_below_title: str
    ranking_below: dict[UnitLevel, str]
    nothing_done: str
    newly_found_title: str
    newly_found: tuple[str, str, str, str, str]
    target_change_title: str
    target_change: tuple[str, str, str]
    suspensions_title: str
    suspensions: tuple[str, str, str, str, str]
    year_tasks: tuple[str, str, str, str, str, str]
    year_results: tuple[str, str, str, str, str, str]
    programme_years: tuple[str, str, str, str, str]
    kept: str
    missed: str
    total: str
    none: str
    attached: str
    left_out: str
    phases: PhaseWords


class Dates(InputModel):
    """The notation of a day, of a deadline and of a moment; without `months` a month is its number."""

    day: str
    deadline: str
    moment: str
    months: tuple[str, ...] = ()

    def written(self, day: date) -> str:
        """The day, localised."""
        month = self.months[day.month - 1] if self.months else day.month
        return self.day.format(year=day.year, month=month, day=day.day)

    def until(self, day: date) -> str:
        """The deadline that ends the day, localised."""
        return self.deadline.format(date=self.written(day))

    def at(self, moment: datetime) -> str:
        """A moment to the minute, in its own time zone."""
        return self.moment.format(date=self.written(moment.date()), time=f"{moment:%H:%M}")


class Requests(InputModel):
    """The requests of all kinds of documents; `receipt`, `reply` and `publication` need their deadline."""

    receipt: str
    reply: str
    publication: str
    drafted: str


class Sentences(InputModel):
    """The sentences of one kind of document, each a Jinja2 text; with `line` the document lists sites.

    Other documents use `name` where the heading is made from facts. `act` is what the document does to a unit for its
    conduct; `sheet` is the colour of its sheet.
    """

    heading: str
    subject: str
    paragraphs: tuple[str, ...]
    tasks: tuple[str, ...] = ()
    quote: str | None = None
    line: str | None = None
    line_heading: str | None = None
    name: str | None = None
    act: str | None = None
    sheet: Literal["blue", "yellow", "red"] | None = None


class Wording(InputModel):
    """The catalogue of one language; `reasons` maps beginnings of the engine's own reasons to their translations."""

    words: Words
    dates: Dates
    requests: Requests
    why_no_pdf: dict[str, str]
    reasons: dict[str, str]
    kinds: dict[str, Sentences]

    def reason(self, given: str) -> str:
        """A reason of the engine in this language; a reason of a person unchanged."""
        for beginning, translation in self.reasons.items():
            if given.startswith(beginning):
                return translation + given.removeprefix(beginning)
        return given


@lru_cache
def wording(language: str) -> Wording:
    """The built-in catalogue of a plan's language, cached."""
    with (TEMPLATES / f"{language}.toml").open("rb") as file:
        content = tomllib.load(file)
    return Wording(
        words=Words.model_validate(content.pop("words")),
        dates=Dates.model_validate(content.pop("dates")),
        requests=Requests.model_validate(content.pop("requests")),
        why_no_pdf=content.pop("why_no_pdf"),
        reasons=content.pop("reasons"),
        kinds=TypeAdapter(dict[str, Sentences]).validate_python(content),
    )


def wording_of(language: str, templates: Templates | None) -> Wording:
    """The catalogue with the plan's own sentences in place of the built-in ones; `check` has validated them."""
    builtin = wording(language)
    own: Mapping[str, Mapping[str, Any]] = templates.wording if templates else {}
    if not own:
        return builtin
    kinds = {kind: _overridden(builtin.kinds[kind], values) for kind, values in own.items() if kind in builtin.kinds}
    return builtin.model_copy(
        update={
            "words": _overridden(builtin.words, own.get("words", {})),
            "requests": _overridden(builtin.requests, own.get("requests", {})),
            "kinds": builtin.kinds | kinds,
        }
    )


def _overridden(part: _Part, values: Mapping[str, Any]) -> _Part:
    return type(part).model_validate({**part.model_dump(), **values}) if values else part
