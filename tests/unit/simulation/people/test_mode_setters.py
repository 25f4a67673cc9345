"""Simulated people under a plan with modes: cities set and switch them, the province confirms, counties book."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from intake.check import CheckReport, check
from schemas.ledger import LedgerEntry
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast

EXAMPLE = Path(__file__).parents[4] / "examples/heilongjiang-market"


@pytest.fixture(scope="module")
def checked() -> CheckReport:
    return check(EXAMPLE / "plan.yaml", EXAMPLE / "register.csv")


def lived(checked: CheckReport, seed: int) -> tuple[Forecast, dict[str, list[LedgerEntry]]]:
    assert checked.frozen is not None and checked.register is not None
    result = forecast(checked.frozen, checked.register.sites, Temperament.TYPICAL, seed, keep_ledger=True)
    return result, result.ledger


def test_the_example_is_sound_and_illustrative(checked: CheckReport) -> None:
    assert not checked.faults and checked.register is not None and not checked.register.warnings
    assert checked.summary is not None and checked.summary.calendar_days <= 60
    assert [str(day) for day in checked.summary.work_days] == ["2024-05-11"]
    assert checked.sites_by_city == (("230400", 7), ("230300", 7), ("230500", 7), ("230900", 7))
    assert all("示例" in site.name for site in checked.register.sites)
    modes = {site.restoration_mode for site in checked.register.sites}
    assert modes == {None, "natural", "engineering", "market", "industry"}


def test_sites_with_modes_progress_and_ledger_shows_it(checked: CheckReport) -> None:
    _, ledger = lived(checked, 1)
    kinds = Counter(entry.kind for stream in ledger.values() for entry in stream)
    assert kinds["mode_proposed"] > 0 and kinds["mode_set"] > 0 and kinds["booked"] > 0
    assert kinds["closed"] > kinds["carried_over"]
    assert checked.register is not None
    for site in checked.register.sites:
        stream = ledger[f"site/heilongjiang-market/{site.id}"]
        of_site = [entry.kind for entry in stream]
        if site.restoration_mode is None and "verification_requested" in of_site:
            assert of_site.index("mode_set") < of_site.index("verification_requested")


def test_nothing_is_reported_that_the_modes_do_not_ask_for(checked: CheckReport) -> None:
    for seed in (1, 2, 3):
        _, ledger = lived(checked, seed)
        refused = [
            json.loads(entry.data)["reason"]
            for stream in ledger.values()
            for entry in stream
            if entry.kind == "refused" and entry.stream.startswith("site/")
        ]
        assert not [reason for reason in refused if "has no requirement" in reason]


def test_what_is_booked_is_what_the_last_row_of_the_site_says(checked: CheckReport) -> None:
    result, ledger = lived(checked, 5)
    booked = {"cny": Decimal(), "mu": Decimal(), "t": Decimal()}
    for stream in ledger.values():
        for entry in stream:
            if entry.kind == "booked":
                said = json.loads(entry.data)
                times = 15 if said["unit"] == "ha" else 1
                booked["mu" if said["unit"] == "ha" else said["unit"]] += Decimal(said["amount"]) * times
                booked["cny"] += Decimal(said.get("proceeds") or 0)
    kept = {"cny": Decimal(), "mu": Decimal(), "t": Decimal()}
    for row in result.rows.values():
        for account, amount in (row.facts.realised if row.facts is not None else {}).items():
            kept[account.partition(":")[2]] += amount
    assert booked == kept and min(booked.values()) > 0
