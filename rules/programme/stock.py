"""The stock of a programme: the target of a year, and the choice of the sites of its campaign."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from schemas.programme import Amount, Measure, Stocked
from schemas.register import Hazard

_URGENT = {Hazard.HIGH: 0, Hazard.MEDIUM: 1, Hazard.LOW: 2}
_SQUARE_METRE = Decimal("0.0001")


def amount_of(sites: Iterable[Stocked]) -> Amount:
    """The number of sites and their hectares."""
    areas = [site.area_ha for site in sites]
    return Amount(sites=len(areas), area_ha=sum(areas, Decimal()))


def added(*amounts: Amount) -> Amount:
    """The sum of amounts."""
    area = sum((amount.area_ha for amount in amounts), Decimal())
    return Amount(sites=sum(amount.sites for amount in amounts), area_ha=area)


def without(amount: Amount, less: Amount) -> Amount:
    """The difference of two amounts."""
    return Amount(sites=amount.sites - less.sites, area_ha=amount.area_ha - less.area_ha)


def measured(amount: Amount, measure: Measure) -> Decimal:
    """An amount in the programme's measure."""
    return amount.area_ha if measure is Measure.AREA else Decimal(amount.sites)


def target_of(stock: Decimal, share: Decimal, year: int, years: int) -> Decimal:
    """The amount to be treated by the end of this year (0 is the first), of a stock in any measure.

    It is the yearly share of the whole stock times the years so far, so that the next year makes up for a shortfall;
    the last year takes everything ("at least 30 % a year, all done by the end date").
    """
    if year + 1 >= years:
        return stock
    return min(stock, (stock * share * (year + 1)).quantize(_SQUARE_METRE, ROUND_HALF_EVEN))


def chosen_of(waiting: Iterable[Stocked], measure: Measure, wanted: Decimal) -> tuple[Stocked, ...]:
    """The sites of a year's campaign: all carried-over sites, then by hazard and id until `wanted` is reached.

    `wanted` is the amount missing to the year's target. The order of `waiting` does not matter.
    """
    found: list[Stocked] = []
    enough = Decimal()
    for site in sorted(waiting, key=lambda s: (not s.carried_over, _URGENT[s.hazard], s.site_id)):
        if not site.carried_over and enough >= wanted:
            break
        found.append(site)
        enough += measured(amount_of([site]), measure)
    return tuple(found)
