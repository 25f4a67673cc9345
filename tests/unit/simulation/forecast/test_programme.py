"""A programme with simulated people: what it takes each year, carries over, and comes to."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.programme.aggregate import ProgrammeAggregate
from rules.terms.plan import programme_terms
from schemas.clock import Clock
from schemas.programme_events import ProgrammeEnded, SurveyHandedIn, YearClosed, YearStarted
from simulation.behaviour.temperament import Temperament
from simulation.forecast.programme import ProgrammeForecast, foresee
from tests.support.budget import examples
from tests.support.programme_years import SURVEYED, YEARS, programme_of, stock_of


def events(foreseen: ProgrammeForecast) -> list[Any]:
    return [ProgrammeAggregate.events[e.kind].model_validate_json(e.data) for e in foreseen.entries]


@pytest.mark.parametrize("people", [Temperament.DILIGENT, Temperament.SLACK])
def test_programme_year_takes_share_and_carries_over_rest(people: Temperament) -> None:
    frozen, stock = programme_of(YEARS), stock_of([1.5, 2, 3, 0.5, 4, 1, 2, 2.5, 3, 1], "north")
    foreseen = foresee(frozen, stock, people, 3)
    told = events(foreseen)
    started = [e for e in told if isinstance(e, YearStarted)]
    closed = [e for e in told if isinstance(e, YearClosed)]
    assert [s.campaign for s in started] == [c.campaign for c in closed]
    assert started[0].target == Decimal("6.15")
    for before, after in zip(closed, started[1:], strict=False):
        assert after.carried_over == before.carried_over
        assert after.stock == before.left
        assert after.chosen.area_ha >= after.target >= Decimal("0.3") * after.stock.area_ha
    for year in closed:
        campaign = foreseen.years[year.campaign]
        assert (campaign.closed, campaign.carried_over) == (year.closed.sites, year.carried_over.sites)
    (end,) = [e for e in told if isinstance(e, ProgrammeEnded)]
    assert end.treated.sites + end.left.sites == len(stock)
    assert end.in_time == (end.left.sites == 0)
    if people is Temperament.SLACK:
        assert any(year.carried_over.sites for year in closed), "slack people leave something"


@settings(max_examples=examples(15), deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(Temperament))
def test_no_site_is_treated_twice_and_none_is_lost(seed: int, people: Temperament) -> None:
    frozen, stock = programme_of(YEARS), stock_of([1.0] * 12, "south")
    foreseen = foresee(frozen, stock, people, seed)
    treated = [s for year in foreseen.years.values() for s, row in year.rows.items() if row.stage == "closed"]
    assert len(treated) == len(set(treated))
    (end,) = [e for e in events(foreseen) if isinstance(e, ProgrammeEnded)]
    assert end.treated.sites == len(treated)


def test_a_programme_is_built_anew_from_its_ledger() -> None:
    frozen = programme_of(YEARS)
    entries = foresee(frozen, stock_of([1, 2, 3], "north"), Temperament.TYPICAL, 1).entries
    board = ProgrammeAggregate(programme_terms(frozen, Clock()))
    board.restore(entries)
    assert board.settled
    assert board.state.head == entries[-1].hash


def test_slack_surveyors_are_late_and_their_sites_count_later() -> None:
    frozen = programme_of(YEARS, **SURVEYED)
    new = [one.model_copy(update={"id": f"new-{one.id}"}) for one in stock_of([3.0, 4.0], "north")]
    late = 0
    for seed in range(8):
        foreseen = foresee(frozen, stock_of([1.0] * 8, "north"), Temperament.SLACK, seed, {"basin-1": new})
        told = events(foreseen)
        assert (
            foreseen.entries
            == foresee(frozen, stock_of([1.0] * 8, "north"), Temperament.SLACK, seed, {"basin-1": new}).entries
        ), "the same people do the same"
        handed = {e.city: e.late for e in told if isinstance(e, SurveyHandedIn) and e.campaign == "basin-1"}
        starts = {e.campaign: e for e in told if isinstance(e, YearStarted)}
        late += handed.get("north", False)
        if "north" in starts["basin-1"].silent:
            closed = [e for e in told if isinstance(e, YearClosed)]
            assert starts["basin-1"].stock == closed[0].left, "by the stock known last"
    assert late, "half of slack surveys are late"
    assert not any(
        e.late
        for e in events(foresee(frozen, stock_of([1.0] * 8, "north"), Temperament.DILIGENT, 1))
        if isinstance(e, SurveyHandedIn)
    )
