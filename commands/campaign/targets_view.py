"""Progress by area and by count as tables: of a campaign by city, of a city by county and township."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.text import Text

from commands.common.tables import table
from intake import divisions
from schemas.progress import Achieved, CampaignProgress, CityProgress, SurveyLine
from schemas.quantity import grouped
from schemas.status import CityStatus
from schemas.targets import TargetUnit
from services.common.text import counted, local

_HEADS = ("in register", "closed ha", "of target", "met", "sites", "closed", "of sites", "new", "missed")
_TARGET_HEADS = {
    TargetUnit.HA: ("target ha", "asked ha"),
    TargetUnit.SITES: ("target sites", "asked sites"),
    TargetUnit.PERCENT_OF_SITES: ("target % of sites", "asked sites"),
    TargetUnit.PERCENT_OF_HA: ("target % of ha", "asked ha"),
}


def campaign_progress(
    made: CampaignProgress | None, cities: Iterable[CityStatus], zone: ZoneInfo
) -> Iterator[RenderableType]:
    """The cities and their sum, then the surveys; nothing if the plan has neither targets nor surveys."""
    if made is None:
        return
    rows = [(city.code, city.name, *_numbers(city.progress)) for city in cities if city.progress is not None]
    yield Text()
    yield _table(("code", "city"), [*rows, ("", "together", *_numbers(made))], made.unit)
    yield from (_survey(one, zone) for one in made.surveys)


def city_progress(made: CityProgress | None, *, by_division: bool) -> Iterator[RenderableType]:
    """The counties with their townships, and their sum."""
    if made is None:
        return
    rows = []
    for county in made.counties:
        name = county.name or (divisions.name(county.code) if by_division else None) or ""
        rows.append((county.code, name, *_numbers(county)))
        rows += [(one.code, f"  {one.name or one.code}", *_numbers(one)) for one in county.townships]
    yield Text()
    yield _table(("code", "county"), [*rows, ("", "together", *_numbers(made))], made.unit)


def _table(names: tuple[str, str], rows: Sequence[Sequence[object]], unit: TargetUnit | None) -> RenderableType:
    heads = (*_TARGET_HEADS[unit or TargetUnit.HA], *_HEADS)
    return table((*names, *heads), rows, right=heads)


def _numbers(one: Achieved) -> tuple[str, ...]:
    return (
        _amount(one.target),
        _amount(one.asked),
        _amount(one.registered_ha),
        _amount(one.closed_ha),
        _percent(one.share_of_target),
        "" if one.met is None else "yes" if one.met else "no",
        f"{one.sites:,}",
        f"{one.closed:,}",
        _percent(one.share_of_sites),
        f"{one.newly_found:,}" if one.newly_found else "",
        f"{one.missed:,}" if one.missed else "",
    )


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else grouped(round(amount, 4))


def _percent(share: Decimal | None) -> str:
    """A percentage, truncated, so that 100 % means all."""
    return "" if share is None else f"{int(share * 1000) / 10:.1f}%"


def _survey(one: SurveyLine, zone: ZoneInfo) -> Text:
    cities = ", ".join(one.cities)
    return Text(
        f"survey {one.id}, {local(one.at, zone)}: {counted(one.sites, 'site')} in {cities}; "
        f"{one.newly_found:,} newly found, {one.missed:,} missed"
    )
