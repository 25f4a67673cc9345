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
from schemas.targets import CountyTarget, TargetUnit, TownshipTarget

AnyTarget = CountyTarget | TownshipTarget


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
    """A warning for each lowest unit whose sites in the register are fewer or smaller than its target asks for, and
    for each share whose stock is not that of the register.
    """
    if plan.targets is None:
        return
    unit, stocks = plan.targets.unit, _Stocks(sites)
    for city in plan.targets.cities:
        for county in city.counties:
            called = divisions.name(county.code) if plan.division_codes == "gbt2260" else None
            name = f"{county.code} {called}" if called else county.code
            if not county.townships:
                yield from _of_unit(file, unit, county, name, stocks, (city.code, county.code))
            for one in county.townships:
                place = (city.code, county.code, one.code)
                yield from _of_unit(file, unit, one, f"{name} {one.name or one.code}", stocks, place)


class _Stocks:
    """Sites, hectares and sites without an area of each county and township of a register."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self.sites: Counter[tuple[str, ...]] = Counter()
        self.areas: defaultdict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        self.unmeasured: Counter[tuple[str, ...]] = Counter()
        for site in sites:
            for place in ((site.city, site.county), (site.city, site.county, site.township or "")):
                self.sites[place] += 1
                self.areas[place] += site.area_ha or 0
                self.unmeasured[place] += site.area_ha is None


def _of_unit(
    file: str, unit: TargetUnit, part: AnyTarget, name: str, stocks: _Stocks, place: tuple[str, ...]
) -> Iterator[Fault]:
    asked = part.asked(unit)
    if unit.counts_sites:
        there = Decimal(stocks.sites[place])
        if there < asked:
            yield Fault(file, name, wording.sites_reach(written(asked), written(there)), column="county")
    else:
        there = stocks.areas[place]
        if there < asked:
            expected = wording.area_reaches(written(asked), written(there), stocks.unmeasured[place])
            yield Fault(file, name, expected, column="area_ha")
    if unit.is_share and part.stock != there:
        of = "sites" if unit.counts_sites else "ha"
        yield Fault(file, name, wording.stock_is(written(part.whole_stock), written(there), of), column="county")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one if isinstance(one, dict) else {} for one in value] if isinstance(value, list) else []
