"""Checks a plan's targets against division codes and against its register."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from intake import divisions
from intake.files.faults import Fault
from intake.files.wording import validator_said
from intake.files.yaml_text import YamlText
from intake.plan import wording
from intake.register.wording import county_of
from schemas.plan import Plan
from schemas.quantity import written
from schemas.register import Site


def target_faults(text: YamlText) -> Iterator[Fault]:
    """Target cities that the plan does not have, and counties that are not in their city (GB/T 2260)."""
    codes = {city["code"] for city in _dicts(text.at(("cities",))) if isinstance(city.get("code"), str)}
    by_code = str(text.at(("division_codes",)) or "gbt2260") == "gbt2260"
    for place, city in enumerate(_dicts(text.at(("targets", "cities")))):
        code = city.get("code")
        if not isinstance(code, str):
            continue
        if code not in codes:
            expected = validator_said(f"{code} is not one of the plan's cities")
            yield text.fault(("targets", "cities", place, "code"), code, expected)
        elif by_code and divisions.name(code) is not None:
            for at, county in enumerate(_dicts(city.get("counties"))):
                its = county.get("code")
                if isinstance(its, str) and not divisions.is_county_of(its, code):
                    expected = county_of(code, divisions.name(code) or code)
                    yield text.fault(("targets", "cities", place, "counties", at, "code"), its, expected)


def unreachable_targets(file: str, plan: Plan, sites: Iterable[Site]) -> Iterator[Fault]:
    """A warning for each county whose sites together have less area than its target."""
    areas: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    unmeasured: Counter[tuple[str, str]] = Counter()
    for site in sites:
        if site.area_ha is None:
            unmeasured[site.city, site.county] += 1
        else:
            areas[site.city, site.county] += site.area_ha
    for city in plan.targets.cities if plan.targets is not None else ():
        for county in city.counties:
            place = city.code, county.code
            if areas[place] < county.target:
                called = divisions.name(county.code) if plan.division_codes == "gbt2260" else None
                name = f"{county.code} {called}" if called else county.code
                expected = wording.area_reaches(written(county.target), written(areas[place]), unmeasured[place])
                yield Fault(file, name, expected, column="area_ha")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one if isinstance(one, dict) else {} for one in value] if isinstance(value, list) else []
