"""The words of documents in one language: a catalogue of sentences per kind, and how its people write dates."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, TypeAdapter

from schemas.base import InputModel
from schemas.plan import Templates

TEMPLATES = Path(__file__).parent / "templates"

_Part = TypeVar("_Part", bound=BaseModel)


class Words(InputModel):
    """The fixed words of the layout; `columns` are those before the last of the table of sites.

    `documents` and `patrol` are those before the last of such a table, `ranking` and `newly_found` all of a briefing's.
    `attached` and `left_out` are what a mail says of the PDF: a sentence each, with the file's name or the reason.
    """

    separator: str
    colon: str
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
    line_heading: str
    documents: tuple[str, str, str, str, str]
    patrol: tuple[str, str, str, str]
    ranking_title: str
    ranking: tuple[str, str, str, str, str, str, str]
    newly_found_title: str
    newly_found: tuple[str, str, str, str, str]
    total: str
    none: str
    attached: str
    left_out: str


class Dates(InputModel):
    """How a day, the deadline that ends it and a moment are written; without `months` a month is its number."""

    day: str
    deadline: str
    moment: str
    months: tuple[str, ...] = ()

    def written(self, day: date) -> str:
        """The day in the language's own words."""
        month = self.months[day.month - 1] if self.months else day.month
        return self.day.format(year=day.year, month=month, day=day.day)

    def until(self, day: date) -> str:
        """The deadline that ends the day."""
        return self.deadline.format(date=self.written(day))

    def at(self, moment: datetime) -> str:
        """A moment to the minute, in the zone that it bears."""
        return self.moment.format(date=self.written(moment.date()), time=f"{moment:%H:%M}")


class Requests(InputModel):
    """What every document asks for, each sentence where its deadline is set; `drafted` is said of a draft."""

    receipt: str
    reply: str
    publication: str
    drafted: str


class Sentences(InputModel):
    """The sentences of one kind of document, each a Jinja2 text; `line` makes it a listing of sites.

    `name` is what other documents call it, where the heading is made of facts; `act` what it does to a unit for its
    conduct; `sheet` the colour of the sheet it is printed on.
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
    """One language's catalogue; `reasons` says the engine's own reasons in it, by their beginnings."""

    words: Words
    dates: Dates
    requests: Requests
    why_no_pdf: dict[str, str]
    reasons: dict[str, str]
    kinds: dict[str, Sentences]

    def reason(self, given: str) -> str:
        """A reason in this language where the engine gave it, else as a person wrote it."""
        for beginning, said in self.reasons.items():
            if given.startswith(beginning):
                return said + given.removeprefix(beginning)
        return given


@lru_cache
def wording(language: str) -> Wording:
    """The house's catalogue of a plan's language, read once."""
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
    """The catalogue with the plan's own sentences in place of the house's; `check` has judged them."""
    house = wording(language)
    own: Mapping[str, Mapping[str, Any]] = templates.wording if templates else {}
    if not own:
        return house
    kinds = {kind: _with(house.kinds[kind], said) for kind, said in own.items() if kind in house.kinds}
    return house.model_copy(
        update={
            "words": _with(house.words, own.get("words", {})),
            "requests": _with(house.requests, own.get("requests", {})),
            "kinds": house.kinds | kinds,
        }
    )


def _with(part: _Part, said: Mapping[str, Any]) -> _Part:
    return type(part).model_validate({**part.model_dump(), **said}) if said else part
