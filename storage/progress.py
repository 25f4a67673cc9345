"""Progress by area and by count, from the state tables and the plan's targets. SQL sums hectares exactly."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

from schemas.options.surveys import SurveyRecord
from schemas.plan import Plan
from schemas.progress import CampaignProgress, CityProgress, CountyProgress, SurveyLine
from schemas.targets import CityTarget
from storage.connections import Borrowed, Pool, query
from storage.surveys import list_surveys

_COUNTS = ("sites", "closed", "newly_found", "missed")
_AREAS = ("registered_ha", "closed_ha")
_PLACES = Decimal("0.0001")

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
    rows = await source.fetch(query("status/progress"), plan.id, city)
    surveys = await list_surveys(source, plan.id, city) if plan.survey is not None else []
    return progress_of(plan, [dict(row) for row in rows], surveys)


def progress_of(plan: Plan, rows: Iterable[Sums], surveys: Iterable[SurveyRecord]) -> ProgressMade:
    """The progress from one row per county: counties add up to their city, and cities to the campaign."""
    by_city: dict[str, dict[str, Sums]] = {one.code: {} for one in plan.cities}
    for row in rows:
        by_city.setdefault(row["city"], {})[row["county"]] = row
    targets = {one.code: one for one in plan.targets.cities} if plan.targets is not None else {}
    cities = {code: _city(targets.get(code), counties) for code, counties in by_city.items()}
    everything = [row for counties in by_city.values() for row in counties.values()]
    whole = plan.targets.total if plan.targets is not None else None
    lines = [_line(one) for one in surveys]
    return ProgressMade(CampaignProgress(**_achieved(whole, everything), surveys=lines), cities)


def _city(target: CityTarget | None, rows: Mapping[str, Sums]) -> CityProgress:
    asked = {one.code: one for one in target.counties} if target is not None else {}
    counties = [
        CountyProgress(
            code=code,
            name=asked[code].name if code in asked else None,
            **_achieved(asked[code].target if code in asked else None, [rows[code]] if code in rows else []),
        )
        for code in dict.fromkeys((*asked, *sorted(rows)))
    ]
    return CityProgress(**_achieved(target.target if target is not None else None, rows.values()), counties=counties)


def _achieved(target: Decimal | None, rows: Iterable[Sums]) -> dict[str, Any]:
    counts, area = dict.fromkeys(_COUNTS, 0), dict.fromkeys(_AREAS, Decimal())
    for row in rows:
        for name in _COUNTS:
            counts[name] += row[name]
        for name in _AREAS:
            area[name] += row[name]
    return {
        **counts,
        **area,
        "target_ha": target,
        "share_of_target": _share(area["closed_ha"], target),
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
