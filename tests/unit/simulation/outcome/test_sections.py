"""The sections of a forecast: the same with and without a ledger, and what the ledger and the register add up to."""

import json
from collections import Counter
from decimal import Decimal
from functools import lru_cache

from commands.simulation.forecast_view import forecast_page
from commands.simulation.outcome_view import outcome_data
from intake.check import check
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from tests.support.intake_samples import EXAMPLES


@lru_cache
def foreseen(example: str, *, ledger: bool) -> Forecast:
    found = check(EXAMPLES / example / "plan.yaml", EXAMPLES / example / "register.csv")
    assert found.frozen is not None and found.register is not None
    return forecast(
        found.frozen, found.register.sites, Temperament.TYPICAL, 1, keep_ledger=ledger, surveys=found.rounds.planned
    )


def test_sections_are_the_same_without_a_ledger() -> None:
    assert outcome_data(foreseen("shanxi-2024", ledger=True).outcome) == outcome_data(
        foreseen("shanxi-2024", ledger=False).outcome
    )


def test_targets_section_sums_the_closed_hectares_of_the_rows() -> None:
    made = foreseen("shanxi-2024", ledger=False)
    whole, cities = made.outcome.progress
    assert (whole.asked, whole.sites, whole.closed) == (Decimal(1223), made.closed + made.carried_over, made.closed)
    assert whole.closed_ha == sum(city.closed_ha for city in cities.values())
    assert whole.met is (whole.closed_ha >= 1223)


def test_load_section_has_every_act_of_people_in_the_ledger() -> None:
    made = foreseen("shanxi-2024", ledger=True)
    acts = Counter[str]()
    for stream in made.ledger.values():
        for entry in stream:
            actor = json.loads(entry.actor)
            if actor["role"] != "system" and entry.kind != "refused":
                acts[actor["unit"]] += 1
    data = outcome_data(made.outcome)["load"]
    assert {one["office"]: one["total"] for one in data} == acts
    assert all(sum(sum(done.values()) for done in one["days"].values()) == one["total"] for one in data)


def test_signatures_section_counts_receipts_and_departments() -> None:
    data = outcome_data(foreseen("hukou", ledger=False).outcome)["signatures"]
    (city,) = data
    assert city["receipts"] >= city["receipts_given"] >= city["receipts_on_time"] > 0
    assert city["departments_asked"] >= city["departments_given"] > 0


def test_money_section_has_booked_amounts_of_every_site() -> None:
    made = foreseen("heilongjiang-market", ledger=False)
    booked = [row.facts.realised for row in made.rows.values() if row.facts is not None]
    total = outcome_data(made.outcome)["money_and_land"]["total"]
    cny = sum(amount for one in booked for account, amount in one.items() if account.endswith(":cny"))
    assert Decimal(total["realised_cny"]) == cny > 0


def test_forecast_json_has_the_sections_under_outcome() -> None:
    data = json.loads(json.dumps(forecast_page(foreseen("hukou", ledger=False)).data))
    assert list(data["outcome"]) == ["targets", "signatures", "load"]
