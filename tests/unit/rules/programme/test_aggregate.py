"""A programme whose reports, events and state go through JSON, as they do between its years."""

import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.programme.aggregate import Observation, ProgrammeAggregate, ProgrammeState
from rules.programme.stock import amount_of, measured, target_of
from rules.terms.plan import programme_terms
from schemas.clock import Clock
from schemas.programme import Amount, ProgrammeEnded, Stocked, YearClosed, YearCountedReport, YearStartedReport
from schemas.quantity import to_six_decimals
from schemas.register import Hazard
from tests.support.budget import examples
from tests.support.plans import site
from tests.support.programme_years import YEARS, programme_of

TERMS = programme_terms(programme_of(YEARS), Clock())


def stock_of(areas: list[Decimal]) -> list[Stocked]:
    sites = [site(1).model_copy(update={"area_ha": to_six_decimals(area)}) for area in areas]
    read = [type(one).model_validate_json(one.model_dump_json()).area_ha for one in sites]
    return [Stocked(site_id=str(n), hazard=Hazard.LOW, area_ha=area) for n, area in enumerate(read)]


def observe(board: ProgrammeAggregate, report: Observation) -> tuple[ProgrammeAggregate, list[str]]:
    """Another aggregate with the same state, and the data of the entries that followed."""
    outcome = board.observe(type(report).model_validate_json(report.model_dump_json()), report.at)
    state = ProgrammeState.model_validate_json(board.state.model_dump_json())
    return ProgrammeAggregate(TERMS, state), [entry.data for entry in outcome.entries]


@settings(max_examples=examples(60), derandomize=True, deadline=None, database=None)
@given(st.randoms(use_true_random=False), st.integers(1, 200))
def test_wholly_treated_stock_is_met_after_json(dice: random.Random, count: int) -> None:
    sites = stock_of([Decimal(f"{dice.uniform(0.0001, 900):.12f}") for _ in range(count)])
    stock = amount_of(sites)
    cuts = sorted(dice.randrange(len(sites) + 1) for _ in range(2))
    parts = [sites[: cuts[0]], sites[cuts[0] : cuts[1]], sites[cuts[1] :]]
    board, closed = ProgrammeAggregate(TERMS), list[str]()
    for year, part in enumerate(parts):
        at = TERMS.years[year].ends_at
        board.advance((), TERMS.years[year].starts_at)
        target = target_of(measured(stock, TERMS.measure), TERMS.share, year, len(parts))
        assert target <= measured(stock, TERMS.measure)
        started = YearStartedReport(
            year=year, at=TERMS.years[year].starts_at, stock=stock, target=target, chosen=stock, carried_over=Amount()
        )
        board, _ = observe(board, started)
        board, closed = observe(board, YearCountedReport(year=year, at=at, over=True, closed=amount_of(part)))
        if board.settled:
            break
    last, ended = YearClosed.model_validate_json(closed[0]), ProgrammeEnded.model_validate_json(closed[1])
    assert last.met and last.share == 1 and last.treated == stock
    assert ended.left == Amount()
