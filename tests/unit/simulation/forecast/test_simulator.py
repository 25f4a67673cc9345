"""The simulator: whatever the people are like, the campaign ends and its books balance."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.plan.freeze import freeze
from intake.plan.plan_file import read_plan
from intake.register.register_file import read_register
from rules.calendar import is_working_day, local_date, start_of
from rules.terms.plan import ends_at, requirements_of
from schemas.plan import FrozenPlan
from schemas.register import Site
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from tests.support.budget import examples
from tests.support.short_campaign import short_plan, short_register

FROZEN, SITES = short_plan(), short_register()
HENAN = Path(__file__).parents[4] / "examples" / "henan-2021"


@given(seed=st.integers(0, 2**32), temperament=st.sampled_from(Temperament))
@settings(max_examples=examples(15), deadline=None)
def test_simulated_campaign_settles_sites_and_counts_add_up(seed: int, temperament: Temperament) -> None:
    found = forecast(FROZEN, SITES, temperament, seed, keep_ledger=True)
    every_site_is_settled(found)
    closed_sites_passed_every_level_with_every_requirement(found)
    documents_leave_at_dispatch_hours_only(found)
    the_burn_down_adds_up(found)


def every_site_is_settled(found: Forecast) -> None:
    assert found.rows.keys() == {site.id for site in SITES}
    assert {row.stage for row in found.rows.values()} <= {"closed", "carried_over"}
    assert all(city.closed + city.carried_over == city.sites for city in found.cities)
    assert found.closed + found.carried_over == len(SITES)


def closed_sites_passed_every_level_with_every_requirement(found: Forecast) -> None:
    levels = [level.id for level in FROZEN.plan.verification.levels]
    for site in SITES:
        if found.rows[site.id].stage != "closed":
            continue
        entries = found.ledger[f"site/{FROZEN.plan.id}/{site.id}"]
        asked = max(place for place, entry in enumerate(entries) if entry.kind == "verification_requested")
        passed = [entry for entry in entries[asked:] if entry.kind in ("level_passed", "closed")]
        assert [json.loads(entry.data)["level"] for entry in passed] == levels
        assert len({entry.actor for entry in passed}) == len(levels)
        row = found.rows[site.id]
        assert row.requirements_done == row.requirements == len(requirements_of(FROZEN.plan.catalogue, site))


def documents_leave_at_dispatch_hours_only(found: Forecast) -> None:
    calendar = FROZEN.calendar
    # The request to sign the plan goes out with the start, the plan at its first office hour, and the closing report
    # when the last city has dispatched.
    others = ("plan_issue", "closing_report")
    for document in found.documents:
        if document.kind in others or (document.kind == "signature_request" and not document.city):
            continue
        day = local_date(calendar, document.issued_at)
        assert is_working_day(calendar, day)
        assert document.issued_at == start_of(calendar, day, calendar.office.opens)
    assert len({document.key for document in found.documents}) == len(found.documents)


def the_burn_down_adds_up(found: Forecast) -> None:
    assert all(sum(day.by_stage.values()) == len(SITES) for day in found.days)
    assert all(min(day.by_stage.values()) >= 0 for day in found.days)
    closed = [day.by_stage["closed"] for day in found.days]
    assert closed == sorted(closed)
    last = found.days[-1].by_stage
    assert (last["closed"], last["carried_over"]) == (found.closed, found.carried_over)
    assert sum(day.documents for day in found.days) == len(found.documents)
    climbed = [entry for stream in found.ledger.values() for entry in stream if entry.kind == "climbed"]
    assert sum(day.climbed for day in found.days) == len(climbed)


def test_forecast_same_seed_independent_of_register_order() -> None:
    one = forecast(FROZEN, SITES, Temperament.SLACK, 7, keep_ledger=True)
    other = forecast(FROZEN, SITES[::-1], Temperament.SLACK, 7, keep_ledger=True)
    assert one.ledger == other.ledger
    assert one.documents == other.documents
    assert one.days == other.days
    assert forecast(FROZEN, SITES, Temperament.SLACK, 8, keep_ledger=True).ledger != one.ledger


def test_a_forecast_without_its_ledger_decides_the_same() -> None:
    kept = forecast(FROZEN, SITES, Temperament.TYPICAL, 5, keep_ledger=True)
    lean = forecast(FROZEN, SITES, Temperament.TYPICAL, 5)
    assert lean.ledger == {}
    assert (lean.rows, lean.documents, lean.days, lean.cities) == (kept.rows, kept.documents, kept.days, kept.cities)
    assert lean.entries == kept.entries == sum(map(len, kept.ledger.values()))


def test_progress_goes_through_every_day_of_the_campaign() -> None:
    days: list[tuple[int, int]] = []
    forecast(FROZEN, SITES, Temperament.DILIGENT, 1, lambda day, last: days.append((day, last)))
    assert [day for day, _ in days][:25] == list(range(1, 26))
    assert {last for _, last in days} == {25}


def test_city_without_deployment_has_all_sites_carried_over() -> None:
    for seed in range(60):
        found = forecast(FROZEN, SITES, Temperament.SLACK, seed)
        silent = [city for city in found.cities if not city.opened]
        if silent:
            assert all(city.closed == 0 and city.carried_over == city.sites for city in silent)
            return
    pytest.fail("no slack city stayed silent under sixty seeds")


def test_henan_forecast_closes_most_sites_some_carried_over(henan: tuple[FrozenPlan, list[Site]]) -> None:
    diligent, typical, slack = (forecast(*henan, temperament, 1) for temperament in Temperament)
    assert diligent.closed >= 0.95 * len(henan[1])
    assert 0.65 * len(henan[1]) < typical.closed < 0.95 * len(henan[1])
    assert all(city.closed and city.carried_over for city in typical.cities)
    assert slack.carried_over > len(henan[1]) / 2
    rungs = Counter(row.rung for row in slack.rows.values())
    assert {2, 3, 5} <= rungs.keys()
    assert ends_at(henan[0]) <= typical.documents[-1].issued_at


@pytest.fixture(scope="module")
def henan() -> tuple[FrozenPlan, list[Site]]:
    plan, faults = read_plan(HENAN / "plan.yaml")
    assert plan is not None, faults
    register = read_register(HENAN / "register.csv", plan)
    assert not register.faults
    return freeze(plan), list(register.sites)
