"""The target of a year, and the sites of its campaign."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.programme.stock import amount_of, choice_of, chosen_of, measured, target_of
from schemas.programme import Measure, Stocked
from schemas.register import Hazard

SHARE = Decimal("0.3")
SITES = st.lists(
    st.builds(
        Stocked,
        site_id=st.uuids().map(str),
        hazard=st.sampled_from(Hazard),
        area_ha=st.integers(0, 5_000_000).map(lambda square_metres: Decimal(square_metres) / 10_000),
        carried_over=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda site: site.site_id,
)


def test_thirty_percent_of_1223_ha_and_the_rest_last() -> None:
    first = target_of(Decimal(1223), SHARE, Measure.AREA, last=False)
    second = target_of(1223 - first, SHARE, Measure.AREA, last=False)
    assert (first, second) == (Decimal("366.9"), Decimal("256.83"))
    assert target_of(1223 - first - second, SHARE, Measure.AREA, last=True) == Decimal("599.27")


@given(st.decimals(0, 10**6, places=6), st.decimals("0.01", 1, places=2), st.sampled_from(Measure), st.booleans())
def test_target_is_at_least_the_share_and_at_most_stock(
    stock: Decimal, share: Decimal, measure: Measure, last: bool
) -> None:
    stock = stock if measure is Measure.AREA else stock // 1
    target = target_of(stock, share, measure, last=last)
    assert stock * share <= target <= stock
    if measure is Measure.SITES:
        assert target == target // 1, "no part of a site"


def test_last_year_takes_sites_without_area_too() -> None:
    waiting = [Stocked(site_id=one, hazard=Hazard.LOW) for one in "ab"]
    assert choice_of(waiting, Measure.AREA, SHARE, last=False).chosen == ()
    assert len(choice_of(waiting, Measure.AREA, SHARE, last=True).chosen) == 2


@given(SITES, st.sampled_from(Measure), st.decimals(0, 3000, places=4), st.randoms(use_true_random=False))
def test_year_selection_is_minimal_and_reaches_target_or_all(
    sites: list[Stocked], measure: Measure, wanted: Decimal, order: random.Random
) -> None:
    chosen = chosen_of(sites, measure, wanted)
    shuffled = list(sites)
    order.shuffle(shuffled)
    assert chosen_of(shuffled, measure, wanted) == chosen, "the order of the stock decides nothing"
    enough = measured(amount_of(chosen), measure)
    assert enough >= wanted or len(chosen) == len(sites)
    assert {s.site_id for s in sites if s.carried_over} <= {s.site_id for s in chosen}, "what was left comes first"
    new = [site for site in chosen if not site.carried_over]
    if new:
        without_last = measured(amount_of([site for site in chosen if site != new[-1]]), measure)
        assert without_last < wanted, "the last one was needed"
    left = [site for site in sites if site not in chosen]
    rank = [Hazard.HIGH, Hazard.MEDIUM, Hazard.LOW].index
    assert all(rank(a.hazard) <= rank(b.hazard) for a in new for b in left), "the dangerous ones go first"


@pytest.mark.parametrize("measure", Measure)
def test_nothing_is_wanted_and_nothing_is_chosen(measure: Measure) -> None:
    waiting = [Stocked(site_id="a", hazard=Hazard.HIGH, area_ha=3)]
    assert chosen_of(waiting, measure, Decimal()) == ()
