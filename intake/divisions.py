"""Division codes of China down to the county (GB/T 2260, list of 2024); the source is named in data/README.md."""

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from schemas.identity import folded

_LAST = ("市", "县", "区")


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = json.loads(files("intake").joinpath("data/gbt2260.json").read_text(encoding="utf-8"))
    return found


@cache
def _with_counties() -> frozenset[str]:
    """The first four digits of every city that has counties."""
    return frozenset(code[:4] for code in _names() if not code.endswith("00"))


def name(code: str) -> str | None:
    """The name of a division; None when the list has no such code."""
    return _names().get(code)


def codes_named(called: str) -> tuple[str, ...]:
    """The codes of all divisions of this name, cities and counties."""
    return tuple(code for code, its_name in _names().items() if its_name == called)


def codes_shortened(called: str) -> tuple[str, ...]:
    """The codes of all divisions of this name without its last 市, 县 or 区: of `平顶山` that of 平顶山市."""
    return tuple(code for last in _LAST for code in codes_named(called + last))


def shortened(cities: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Folded name without its last 市, 县 or 区 to code, of those of these cities (code, name) that stay different."""
    short = [(folded(called[:-1]), code) for code, called in cities if called.endswith(_LAST)]
    times = Counter(called for called, _ in short)
    return {called: code for called, code in short if times[called] == 1}


def is_county_of(county: str, city: str) -> bool:
    """Whether `county` is a county under `city`, both codes of the list.

    A city without counties of its own (Gongyi 410181, a county-level city; Dongguan 441900) is its own county.
    A province as `city` (Chongqing 500000) has all counties of the province.
    """
    names = _names()
    if county not in names or city not in names:
        return False
    if city.endswith("0000"):
        return county[:2] == city[:2] and not county.endswith("00")
    if city.endswith("00") and city[:4] in _with_counties():
        return county[:4] == city[:4] and not county.endswith("00")
    return county == city


@cache
def counties_by_name(city: str) -> dict[str, str]:
    """The counties under a city, folded name to code; a name that occurs twice under it is left out."""
    found: dict[str, list[str]] = {}
    for code, its_name in _names().items():
        if is_county_of(code, city):
            found.setdefault(folded(its_name), []).append(code)
    return {its_name: codes[0] for its_name, codes in found.items() if len(codes) == 1}
