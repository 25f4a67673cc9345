"""The stock of a programme: the target of a year, and the choice of the sites of its campaign."""

from collections.abc import Collection, Iterable
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from schemas.programme import Amount, Measure, Stocked
from schemas.register import Hazard, Site

_URGENT = {Hazard.HIGH: 0, Hazard.MEDIUM: 1, Hazard.LOW: 2}
_SQUARE_METRE = Decimal("0.0001")


def stocked(site: Site, *, carried_over: bool = False) -> Stocked:
    """What a choice needs to know of a site."""
    return Stocked(site_id=site.id, hazard=site.hazard, area_ha=site.area_ha or Decimal(), carried_over=carried_over)


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


def target_of(stock: Decimal, share: Decimal, measure: Measure, *, last: bool) -> Decimal:
    """The amount to be treated in a year, of the year's stock: all that is untreated when the year begins.

    It is at least the share of the stock ("at least 30 % a year"), rounded up to whole square metres or sites, but
    never more than the stock; the last year takes everything ("all done by the end date").
    """
    if last:
        return stock
    unit = _SQUARE_METRE if measure is Measure.AREA else Decimal(1)
    return min(stock, (stock * share).quantize(unit, ROUND_CEILING))


class YearChoice(NamedTuple):
    """The year's stock and target, and the sites of its campaign."""

    stock: Amount
    target: Decimal
    chosen: tuple[Stocked, ...]


def choice_of(waiting: Collection[Stocked], measure: Measure, share: Decimal, *, last: bool) -> YearChoice:
    """What a year's campaign takes of the untreated stock."""
    stock = amount_of(waiting)
    target = target_of(measured(stock, measure), share, measure, last=last)
    # Sites may have no hectares: the last year takes them too.
    chosen = tuple(sorted(waiting, key=_by_urgency)) if last else chosen_of(waiting, measure, target)
    return YearChoice(stock, target, chosen)


def _by_urgency(site: Stocked) -> tuple[bool, int, str]:
    return not site.carried_over, _URGENT[site.hazard], site.site_id


def chosen_of(waiting: Iterable[Stocked], measure: Measure, wanted: Decimal) -> tuple[Stocked, ...]:
    """The sites of a year's campaign: all carried-over sites, then by hazard and id until `wanted` is reached.

    `wanted` is the year's target. The order of `waiting` does not matter.
    """
    found: list[Stocked] = []
    enough = Decimal()
    for site in sorted(waiting, key=_by_urgency):
        if not site.carried_over and enough >= wanted:
            break
        found.append(site)
        enough += measured(amount_of([site]), measure)
    return tuple(found)
