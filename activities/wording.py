"""The words of documents in one language: a catalogue of sentences per kind, and how its people write dates."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import Field, TypeAdapter

from schemas.base import Said

TEMPLATES = Path(__file__).parent / "templates"

LAYOUT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(enabled_extensions=("html.j2",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
"""Lays documents out; escapes what stands in HTML."""

_SENTENCES = Environment(autoescape=False, undefined=StrictUndefined)  # plain text: the layout escapes it


class Words(Said):
    """The fixed words of the layout; `columns` are those before the last of the table of sites."""

    separator: str
    colon: str
    number: str
    addressee: str
    recipients: str
    tasks: str
    quote: str
    columns: tuple[str, str, str, str, str]
    line_heading: str
    none: str


class Dates(Said):
    """How a day and the deadline that ends it are written; without `months` a month is its number."""

    day: str
    deadline: str
    months: tuple[str, ...] = ()

    def written(self, day: date) -> str:
        """The day in the language's own words."""
        month = self.months[day.month - 1] if self.months else day.month
        return self.day.format(year=day.year, month=month, day=day.day)

    def until(self, day: date) -> str:
        """The deadline that ends the day."""
        return self.deadline.format(date=self.written(day))


class Sentences(Said):
    """The sentences of one kind of document, each a Jinja2 text; `line` makes it a listing of sites."""

    heading: str
    subject: str
    paragraphs: tuple[str, ...]
    tasks: tuple[str, ...] = Field(min_length=1)
    quote: str | None = None
    line: str | None = None
    line_heading: str | None = None


class Wording(Said):
    """One language's catalogue; `reasons` says the engine's own reasons in it, by their beginnings."""

    words: Words
    dates: Dates
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
    """The catalogue of a plan's language, read once."""
    with (TEMPLATES / f"{language}.toml").open("rb") as file:
        content = tomllib.load(file)
    return Wording(
        words=Words.model_validate(content.pop("words")),
        dates=Dates.model_validate(content.pop("dates")),
        reasons=content.pop("reasons"),
        kinds=TypeAdapter(dict[str, Sentences]).validate_python(content),
    )


def number_of(amount: int, noun: str) -> str:
    """`1 site`, `3 sites`: for languages that tell them apart."""
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


_SENTENCES.globals["number_of"] = number_of


@lru_cache(maxsize=512)
def _compiled(sentence: str) -> Any:
    return _SENTENCES.from_string(sentence)


def say(sentence: str, facts: Mapping[str, object]) -> str:
    """A sentence of the catalogue with its facts filled in; a missing fact raises `jinja2.UndefinedError`."""
    return str(_compiled(sentence).render(facts)).strip()
