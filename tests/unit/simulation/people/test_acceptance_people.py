"""Simulated self-checks, experts and part closures: they get sites closed, and break no rule on the way."""

import json
from collections import Counter
from functools import cache

import pytest

from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from schemas.clock import Clock
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from tests.support.accepted_campaign import accepted_plan, accepted_register


@cache
def foreseen(people: Temperament) -> Forecast:
    return forecast(accepted_plan(), accepted_register(), people, 7, keep_ledger=True)


@pytest.mark.parametrize("people", list(Temperament))
def test_the_campaign_runs_to_its_end(people: Temperament) -> None:
    done = foreseen(people)
    assert done.closed + done.carried_over == len(accepted_register())
    assert done.closed > {Temperament.DILIGENT: 18, Temperament.TYPICAL: 8, Temperament.SLACK: 0}[people]


def test_the_people_do_everything_that_the_plan_asks_for() -> None:
    kinds: Counter[str] = Counter()
    for people in Temperament:
        kinds.update(entry.kind for stream in foreseen(people).ledger.values() for entry in stream)
    assert kinds["panel_drawn"] and kinds["opinion_given"] and kinds["problem_closed"] and kinds["problem_returned"]
    assert kinds["expert_replaced"]
    exhausted = [
        entry
        for people in Temperament
        for stream in foreseen(people).ledger.values()
        for entry in stream
        if entry.kind == "climbed" and json.loads(entry.data).get("exhausted")
    ]
    assert exhausted


@pytest.mark.parametrize("people", list(Temperament))
def test_no_closed_site_has_a_problem_that_nobody_accepted(people: Temperament) -> None:
    done = foreseen(people)
    for row in done.rows.values():
        if row.stage == "closed":
            assert row.facts is not None
            assert row.facts.problems_closed == row.facts.problems > 0


@pytest.mark.parametrize("people", list(Temperament))
def test_levels_are_judged_by_different_units(people: Temperament) -> None:
    for stream in foreseen(people).ledger.values():
        units: set[str] = set()
        for entry in stream:
            who = json.loads(entry.actor)
            if entry.kind == "verification_requested":
                units = set()
            if entry.kind in ("level_passed", "closed") and entry.stream.startswith("site/"):
                assert who["unit"] not in units
                units.add(who["unit"])


@pytest.mark.parametrize("people", list(Temperament))
def test_a_forecast_without_a_ledger_ends_as_one_with_it(people: Temperament) -> None:
    lean = forecast(accepted_plan(), accepted_register(), people, 7)

    def ends(done: Forecast) -> dict[str, tuple[object, ...]]:
        return {site: (row.stage, row.round, row.rung, row.facts) for site, row in done.rows.items()}

    assert ends(lean) == ends(foreseen(people))


def test_simulated_acceptance_ledger_replays_to_same_state() -> None:
    frozen, register = accepted_plan(), {site.id: site for site in accepted_register()}
    done = foreseen(Temperament.TYPICAL)
    for stream, entries in done.ledger.items():
        if stream.startswith("site/") and entries[0].kind == "opened":
            site = register[stream.rsplit("/", 1)[1]]
            case = SiteAggregate(site_terms(frozen, site, entries[0].at, Clock()))
            case.restore(entries)
            assert case.row() == done.rows[site.id]
