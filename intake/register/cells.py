"""Converts a cell's text into a value. The schema checks ranges, lengths and patterns."""

import hashlib
import re
import unicodedata
from decimal import Decimal

from pydantic import ValidationError

from intake.files.faults import InvalidCell
from intake.register import wording
from intake.register.numbers import AREA, COUNT, HECTARES, LENGTH, MU, YUAN, read_number
from intake.register.places import read_latitude, read_longitude
from schemas.identity import folded
from schemas.plan import Datum
from schemas.register import Hazard, Problem

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_PLAIN = re.compile(r"[+-]?\d{1,15}(\.\d+)?", re.ASCII)
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+\d+", re.ASCII)
_BETWEEN_PROBLEMS = re.compile(r"[;；、]|(?<![\d０-９])[,，]|[,，](?![\d０-９]{3}(?![\d０-９]))")
"""Between three digits and others a comma separates thousands."""
_BETWEEN_NAMES = re.compile(r"[;；、]")
_LATIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h"})
_COUNT = re.compile(r"[*×✕]")
_HAZARDS = {
    **{hazard.value: hazard for hazard in Hazard},
    "高": Hazard.HIGH,
    "中": Hazard.MEDIUM,
    "低": Hazard.LOW,
}
_DATUMS: dict[str, Datum] = {
    **dict.fromkeys(("wgs84", "cgcs2000", "2000国家大地", "国家2000", "大地2000"), "wgs84"),
    **dict.fromkeys(("gcj02", "gcj", "火星", "高德", "腾讯", "国测局"), "gcj02"),
    **dict.fromkeys(("bd09", "bd", "百度", "bd09ll"), "bd09"),
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


def number(text: str) -> Decimal:
    """A number as offices write it, without a unit."""
    return Decimal(text) if _PLAIN.fullmatch(text) else read_number(text)


def area(text: str, unit: str = "公顷") -> Decimal:
    """An area in hectares; one without a unit in its cell is in `unit`."""
    return read_number(text, AREA, wording.AREA if unit == "公顷" else area_in(unit), unit)


def area_in(unit: str) -> str:
    """The expectation for an area in another unit than hectares."""
    return f"an area in {unit}, or with its unit, such as 6.5, 0.43公顷 or 1200m²"


def metres(text: str) -> Decimal:
    """A length in metres; a cell may have another unit."""
    return read_number(text, LENGTH, wording.LENGTH, "米")


def yuan(text: str, unit: str = "元") -> Decimal:
    """An exact amount; one without a unit in its cell is in `unit`."""
    return read_number(text, YUAN, wording.MONEY, unit)


def hectares(text: str) -> Decimal:
    """An exact area in hectares, which may have that unit but no other."""
    return read_number(text, HECTARES)


def mu(text: str) -> Decimal:
    """An exact area in mu, which may have that unit but no other."""
    return read_number(text, MU)


def latitude(text: str) -> float:
    """Degrees north."""
    return float(text if _PLAIN.fullmatch(text) else read_latitude(text))


def longitude(text: str) -> float:
    """Degrees east."""
    return float(text if _PLAIN.fullmatch(text) else read_longitude(text))


def datum(text: str) -> Datum:
    """A datum from one of its names; CGCS2000 is WGS 84 within centimetres."""
    found = _DATUMS.get(re.sub(r"[_-]|坐标系?|\(.*\)", "", folded(text)))
    if found is None:
        raise InvalidCell(wording.DATUM)
    return found


def hazard(text: str) -> Hazard:
    """A hazard from its English or Chinese word."""
    found = _HAZARDS.get(folded(text))
    if found is None:
        raise InvalidCell(wording.HAZARD)
    return found


def yes_or_no(text: str) -> bool:
    """A yes or no from its English or Chinese word."""
    found = _ANSWERS.get(folded(text))
    if found is None:
        raise InvalidCell(wording.YES_OR_NO)
    return found


def problems(text: str) -> tuple[Problem, ...]:
    """`adit_open*2; shed` in the order written; an empty item between separators is dropped."""
    found: dict[str, Decimal] = {}
    for item in split_problems(text):
        kind, *counts = (part.strip() for part in _COUNT.split(item))
        if len(counts) > 1 or not kind:
            raise InvalidCell(wording.PROBLEMS)
        if code(kind) in found:
            raise InvalidCell(wording.PROBLEM_ONCE)
        found[code(kind)] = read_number(counts[0], COUNT, wording.PROBLEMS) if counts else Decimal(1)
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

    Accents are removed. A code has no letters of other scripts: a name that has any ends with eight hex digits of the
    SHA-256 of the whole name, which are the same on every machine (`u-` and the digits, if no other letter is left).
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    plain = plain.translate(_LATIN)
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].rstrip("-")
    if made and not any(c.isalnum() and not c.isascii() for c in plain):
        return made
    digest = hashlib.sha256(folded(text).encode()).hexdigest()[:8]
    return f"{made[:55].rstrip('-') or 'u'}-{digest}"
