"""The cities that a register names, as the `cities` of a plan to be completed by a person."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from intake import divisions
from intake.files.faults import shown
from intake.register import cells
from schemas.base import Identifier

_PLAIN = re.compile(r"[^\W\d_]\w*(?: \w+)*|[1-9]\d*")
_LONGEST = 1000
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)


@dataclass
class SuggestedCity:
    """A city of the register. `code` is None where neither the list of divisions nor the register has a valid one."""

    code: str | None
    name: str
    counties: Counter[str] = field(default_factory=Counter)
    """The sites of each county, by its code or else as the register writes it."""


def suggested_cities(
    places: Iterable[tuple[str, str, str]], gbt2260: bool, known: Collection[str] = ()
) -> list[SuggestedCity]:
    """The cities of these rows (city as written, as the mapping makes it, county), by code; those of `known` codes or
    names are left out.
    """
    found: dict[str, SuggestedCity] = {}
    for (written, made, its_county), sites in Counter(places).items():
        if not written:
            continue
        code = _code(written, its_county) if gbt2260 else None
        name = (divisions.name(code) if code is not None else None) or written
        code = code or _identifier(cells.code(made)) or _identifier(cells.slug(made))
        if code in known or name in known:
            continue
        city = found.setdefault(code or written, SuggestedCity(code, name))
        city.counties[_county(its_county, code) if gbt2260 else its_county] += sites
    return [found[key] for key in sorted(found)]


def cities_block(cities: Sequence[SuggestedCity]) -> str:
    """The YAML of these cities; what a person has to give is left empty, so that `check` asks for it."""
    lines = ["cities:"]
    for city in cities:
        lines += [
            f"  - code: {_scalar(city.code)}",
            f"    name: {_scalar(city.name)}",
            "    lead:   # the government that leads",
            "    recipients:",
            "      - name:   # the bureau that receives the documents",
            f"    # {city.counties.total():,} sites: {_counties(city)}",
        ]
    return "\n".join(lines)


def _code(written: str, its_county: str) -> str | None:
    """The division code of a city: as it is written, by its name, or from the code of its county."""
    code = cells.code(written)
    if divisions.name(code) is not None:
        return code
    county = cells.code(its_county)
    named = divisions.codes_named(written) or divisions.codes_shortened(written)
    above = [one for one in named if divisions.is_county_of(county, one)]
    candidates = above or named
    if len(candidates) > 1:  # 新乡 is a city and a county of it
        candidates = [one for one in candidates if one.endswith("00")]
    return candidates[0] if len(candidates) == 1 else None


def _county(written: str, city: str | None) -> str:
    return divisions.counties_by_name(city or "").get(written, cells.code(written))


def _counties(city: SuggestedCity) -> str:
    """The counties with their sites on one line; the text is the register's and must not end the comment."""
    return shown(", ".join(f"{_called(county)} {sites:,}" for county, sites in sorted(city.counties.items())), _LONGEST)


def _called(county: str) -> str:
    return " ".join(filter(None, (county, divisions.name(county)))) if county else "without a county"


def _identifier(text: str) -> str | None:
    try:
        return _IDENTIFIER.validate_python(text)
    except ValidationError:
        return None


def _scalar(text: str | None) -> str:
    """A YAML scalar that every reader takes for this text."""
    if text is None:
        return "  # letters, digits, dot, dash or underscore"
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
