"""The stock of a programme: the target of a year, and the choice of the sites of its campaign."""

import math
from collections.abc import Iterable

from schemas.programme import Amount, Measure, Stocked
from schemas.register import Hazard

_URGENT = {Hazard.HIGH: 0, Hazard.MEDIUM: 1, Hazard.LOW: 2}
_EPSILON = 1e-6
"""Tolerance of sums of hectares with four decimals."""


def amount_of(sites: Iterable[Stocked]) -> Amount:
    """The number of sites and their hectares (four decimals)."""
    areas = [site.area_ha for site in sites]
    return Amount(sites=len(areas), area_ha=round(math.fsum(areas), 4))


def added(*amounts: Amount) -> Amount:
    """The sum of amounts."""
    area = math.fsum(amount.area_ha for amount in amounts)
    return Amount(sites=sum(amount.sites for amount in amounts), area_ha=round(area, 4))


def without(amount: Amount, less: Amount) -> Amount:
    """The difference of two amounts."""
    return Amount(sites=amount.sites - less.sites, area_ha=round(amount.area_ha - less.area_ha, 4))


def measured(amount: Amount, measure: Measure) -> float:
    """An amount in the programme's measure."""
    return amount.area_ha if measure is Measure.AREA else float(amount.sites)


def target_of(stock: float, share: float, year: int, years: int) -> float:
    """The amount to be treated by the end of this year (0 is the first), of a stock in any measure.

    It is the yearly share of the whole stock times the years so far, so that the next year makes up for a shortfall;
    the last year takes everything ("at least 30 % a year, all done by the end date").
    """
    return stock if year + 1 >= years else round(min(stock, stock * share * (year + 1)), 4)


def reaches(treated: float, target: float) -> bool:
    """Whether the target is reached, within the tolerance."""
    return treated >= target - _EPSILON


def chosen_of(waiting: Iterable[Stocked], measure: Measure, wanted: float) -> tuple[Stocked, ...]:
    """The sites of a year's campaign: all carried-over sites, then by hazard and id until `wanted` is reached.

    `wanted` is the amount missing to the year's target. The order of `waiting` does not matter.
    """
    found: list[Stocked] = []
    enough = 0.0
    for site in sorted(waiting, key=lambda s: (not s.carried_over, _URGENT[s.hazard], s.site_id)):
        if not site.carried_over and reaches(enough, wanted):
            break
        found.append(site)
        enough += measured(amount_of([site]), measure)
    return tuple(found)
