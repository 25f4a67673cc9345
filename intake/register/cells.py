"""Converts a cell's text into a value. The schema checks ranges, lengths and patterns."""

import re
import unicodedata

from pydantic import ValidationError

from intake.files import wording
from intake.files.faults import InvalidCell
from schemas.register import Hazard, Problem

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+\d+", re.ASCII)
_BETWEEN_PROBLEMS = re.compile(r"[;；、,，]")
_BETWEEN_NAMES = re.compile(r"[;；、]")
_COUNT = re.compile(r"[*×✕]")
_HAZARDS = {
    **{hazard.value: hazard for hazard in Hazard},
    "高": Hazard.HIGH,
    "中": Hazard.MEDIUM,
    "低": Hazard.LOW,
}
_ANSWERS = {"yes": True, "no": False, "是": True, "否": False}


def identifier(text: str) -> str:
    """An id or a name, unchanged; a number that a spreadsheet has rounded is invalid."""
    if _ROUNDED.fullmatch(text):
        raise InvalidCell(wording.ROUNDED_ID)
    return text


def code(text: str) -> str:
    """A code, with full-width digits and letters converted to ASCII."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def words(text: str) -> str:
    """A text, unchanged."""
    return text


def number(text: str, expected: str = wording.NUMBER) -> float:
    """A decimal number with a point; a comma, a unit or a degree sign is invalid."""
    narrow = code(text)
    if not _NUMBER.fullmatch(narrow):
        raise InvalidCell(expected)
    return float(narrow)


def degrees(text: str) -> float:
    """Decimal degrees."""
    return number(text, wording.DEGREES)


def hazard(text: str) -> Hazard:
    """A hazard from its English or Chinese word."""
    found = _HAZARDS.get(text.casefold())
    if found is None:
        raise InvalidCell(wording.HAZARD)
    return found


def yes_or_no(text: str) -> bool:
    """A yes or no from its English or Chinese word."""
    found = _ANSWERS.get(text.casefold())
    if found is None:
        raise InvalidCell(wording.YES_OR_NO)
    return found


def problems(text: str) -> tuple[Problem, ...]:
    """`adit_open*2; shed` in the order written; an empty item between separators is dropped."""
    found: dict[str, float] = {}
    for item in split_problems(text):
        kind, *counts = (part.strip() for part in _COUNT.split(item))
        if len(counts) > 1 or not kind:
            raise InvalidCell(wording.PROBLEMS)
        if code(kind) in found:
            raise InvalidCell(wording.PROBLEM_ONCE)
        found[code(kind)] = number(counts[0], wording.PROBLEMS) if counts else 1.0
    try:
        return tuple(Problem(kind=kind, count=count) for kind, count in found.items())
    except ValidationError as error:
        raise InvalidCell(wording.SITE_FIELDS["problems"]) from error


def split_problems(text: str) -> list[str]:
    """The items of a problems cell, each with its count if it has one."""
    return [item for part in _BETWEEN_PROBLEMS.split(text) if (item := part.strip())]


def names(text: str) -> tuple[str, ...]:
    """Responsible parties, separated by semicolons or 、."""
    return tuple(item for part in _BETWEEN_NAMES.split(text) if (item := part.strip()))


def slug(text: str) -> str:
    """A foreign name as a code: `Świętokrzyskie` is `swietokrzyskie`, `New South Wales` is `new-south-wales`.

    Accents are removed. A text without a Latin letter or digit has no slug and is returned unchanged.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    made = re.sub(r"[^a-z0-9]+", "-", plain.replace("ł", "l").replace("ø", "o").replace("đ", "d")).strip("-")
    return made[:64].rstrip("-") or text
