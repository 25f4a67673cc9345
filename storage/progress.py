"""Progress by area and by count, from the state tables and the plan's targets. SQL sums hectares exactly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

from schemas.options.surveys import SurveyRecord
from schemas.plan import Plan
from schemas.progress import CampaignProgress, CityProgress, CountyProgress, SurveyLine, TownshipProgress
from schemas.targets import CityTarget, CountyTarget, TargetUnit, TownshipTarget
from storage.connections import Borrowed, Pool, query
from storage.surveys import list_surveys

_COUNTS = ("sites", "closed", "newly_found", "missed")
_AREAS = ("registered_ha", "closed_ha")
_PLACES = Decimal("0.0001")

AnyTarget = CityTarget | CountyTarget | TownshipTarget

Sums = Mapping[str, Any]
"""A row of `status/progress.sql`: counts, and hectares as decimals."""


class ProgressMade(NamedTuple):
    """The progress of the whole campaign, and that of each city by code."""

    campaign: CampaignProgress
    cities: dict[str, CityProgress]


async def read_progress(source: "Pool | Borrowed", plan: Plan, city: str | None = None) -> ProgressMade | None:
    """The progress of a campaign, or of one city; None if the plan has neither targets nor surveys."""
    if plan.targets is None and plan.survey is None:
        return None
    return await read_all_progress(source, plan, city)


async def read_all_progress(source: "Pool | Borrowed", plan: Plan, city: str | None = None) -> ProgressMade:
    """The same of any plan: without targets, the sites and hectares there are, and those that are closed."""
    rows = await source.fetch(query("status/progress"), plan.id, city)
    surveys = await list_surveys(source, plan.id, city) if plan.survey is not None else []
    return progress_of(plan, [dict(row) for row in rows], surveys)


def progress_of(plan: Plan, rows: Iterable[Sums], surveys: Iterable[SurveyRecord]) -> ProgressMade:
    """The progress from one row per township: these add up to their county, counties to their city, and so on."""
    by_city: dict[str, dict[str, list[Sums]]] = {one.code: defaultdict(list) for one in plan.cities}
    everything = list(rows)
    for row in everything:
        by_city.setdefault(row["city"], defaultdict(list))[row["county"]].append(row)
    unit = plan.targets.unit if plan.targets is not None else None
    targets = {one.code: one for one in plan.targets.cities} if plan.targets is not None else {}
    cities = {code: _city(unit, targets.get(code), counties) for code, counties in by_city.items()}
    whole = _Asked(plan.targets.total, plan.targets.asked) if plan.targets is not None else None
    lines = [_line(one) for one in surveys]
    return ProgressMade(CampaignProgress(**_achieved(unit, whole, everything), surveys=lines), cities)


class _Asked(NamedTuple):
    target: Decimal
    asked: Decimal


def _asked(unit: TargetUnit | None, part: AnyTarget | None) -> _Asked | None:
    return _Asked(part.target, part.asked(unit)) if part is not None and unit is not None else None


def _city(unit: TargetUnit | None, target: CityTarget | None, rows: Mapping[str, list[Sums]]) -> CityProgress:
    asked = {one.code: one for one in target.counties} if target is not None else {}
    codes = dict.fromkeys((*asked, *sorted(rows)))
    counties = [_county(unit, code, asked.get(code), rows.get(code, [])) for code in codes]
    together = [row for listed in rows.values() for row in listed]
    return CityProgress(**_achieved(unit, _asked(unit, target), together), counties=counties)


def _county(unit: TargetUnit | None, code: str, target: CountyTarget | None, rows: list[Sums]) -> CountyProgress:
    asked = {one.code: one for one in target.townships} if target is not None else {}
    by_code = {row["township"]: row for row in rows if row["township"] is not None} if asked else {}
    townships = [
        TownshipProgress(
            code=one,
            name=asked[one].name if one in asked else None,
            **_achieved(unit, _asked(unit, asked.get(one)), [by_code[one]] if one in by_code else []),
        )
        for one in dict.fromkeys((*asked, *sorted(by_code)))
    ]
    name = target.name if target is not None else None
    return CountyProgress(code=code, name=name, townships=townships, **_achieved(unit, _asked(unit, target), rows))


def _achieved(unit: TargetUnit | None, asked: _Asked | None, rows: Iterable[Sums]) -> dict[str, Any]:
    counts, area = dict.fromkeys(_COUNTS, 0), dict.fromkeys(_AREAS, Decimal())
    for row in rows:
        for name in _COUNTS:
            counts[name] += row[name]
        for name in _AREAS:
            area[name] += row[name]
    done = Decimal(counts["closed"]) if unit is not None and unit.counts_sites else area["closed_ha"]
    return {
        **counts,
        **area,
        "unit": unit,
        "target": asked.target if asked is not None else None,
        "asked": asked.asked if asked is not None else None,
        "met": done >= asked.asked if asked is not None else None,
        "share_of_target": _share(done, asked.asked if asked is not None else None),
        "share_of_sites": _share(Decimal(counts["closed"]), Decimal(counts["sites"])),
    }


def _share(part: Decimal, whole: Decimal | None) -> Decimal | None:
    return (part / whole).quantize(_PLACES, ROUND_FLOOR) if whole else None


def _line(one: SurveyRecord) -> SurveyLine:
    counts = one.cities.values()
    return SurveyLine(
        id=one.id,
        at=one.at,
        digest=one.digest,
        sites=sum(count.sites for count in counts),
        newly_found=sum(count.newly_found for count in counts),
        missed=sum(count.missed for count in counts),
        cities=sorted(one.cities),
    )
