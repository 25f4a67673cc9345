"""The examples live with responsible persons, replaced enterprises and floods by one order."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from intake.check import check
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast

EXAMPLES = Path(__file__).parents[4] / "examples"


def lived(example: str, temperament: Temperament, seed: int) -> tuple[Forecast, Counter[str]]:
    report = check(EXAMPLES / example / "plan.yaml", EXAMPLES / example / "register.csv")
    assert report.frozen is not None and report.register is not None
    found = forecast(report.frozen, report.register.sites, temperament, seed, keep_ledger=True)
    assert found.ledger is not None
    return found, Counter(entry.kind for stream in found.ledger.values() for entry in stream)


def said(found: Forecast, kind: str) -> list[dict[str, Any]]:
    assert found.ledger is not None
    return [json.loads(one.data) for stream in found.ledger.values() for one in stream if one.kind == kind]


@pytest.fixture(scope="module")
def henan() -> tuple[Forecast, Counter[str]]:
    return lived("henan-2021", Temperament.TYPICAL, 2)


def test_hukou_replaces_an_enterprise_and_charges_another() -> None:
    found, kinds = lived("hukou", Temperament.TYPICAL, 1)
    assert (kinds["enterprise_replaced"], kinds["works_taken_over"]) == (1, 1)
    assert kinds["cost_charged"] >= 1
    (taken,), charged = said(found, "works_taken_over"), said(found, "cost_charged")
    assert {one["enterprise"] for one in charged} == {taken["old"]}


def test_henan_persons_are_assigned_and_silence_is_told(henan: tuple[Forecast, Counter[str]]) -> None:
    _, kinds = henan
    assert kinds["responsible_assigned"] > 20 and kinds["responsible_missing"] > 0
    assert kinds["hand_over_begun"] >= kinds["taken_over"] > 0


def test_henan_flood_is_one_order_and_one_document(henan: tuple[Forecast, Counter[str]]) -> None:
    found, kinds = henan
    orders = said(found, "suspension_ordered")
    assert orders and kinds["resumption_ordered"] == len(orders)
    names = {one["order"]["name"] for one in orders}
    assert {one["document"] for one in said(found, "suspended")} == names
    told = sum(one["told"] for one in said(found, "sites_suspended"))
    assert told == kinds["suspended"] == kinds["resumed"] > len(orders)
    issued = [one for one in said(found, "document_issued") if one["document"] == "suspension_order"]
    assert sum(len(one["sites"]) for one in issued) == told
