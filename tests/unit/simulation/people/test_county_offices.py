"""Forecasts of the examples whose counties deploy: who acts, when sites open, to whom documents go."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from intake.plan.freeze import freeze
from intake.plan.plan_file import read_plan
from intake.register.register_file import read_register
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast

EXAMPLES = Path(__file__).parents[4] / "examples"


@cache
def foreseen(name: str, people: str = "typical", seed: int = 1) -> Forecast:
    plan, _ = read_plan(EXAMPLES / name / "plan.yaml")
    assert plan is not None
    sites = read_register(EXAMPLES / name / "register.csv", plan).sites
    return forecast(freeze(plan), sites, Temperament(people), seed, keep_ledger=True)


def city_entries(found: Forecast, city: str) -> list[Any]:
    return list(found.ledger[f"city/{found.campaign_id}/{city}"])


def test_hukou_leads_calls_and_is_answered() -> None:
    entries = city_entries(foreseen("hukou"), "360400")
    kinds = Counter(entry.kind for entry in entries)
    assert kinds["county_deployment_approved"] == kinds["county_sites_opened"] == 1
    assert kinds["department_called"] == 5 and kinds["call_answered"] >= 4
    opened = next(json.loads(entry.data) for entry in entries if entry.kind == "county_sites_opened")
    assert opened["sites"] == 24


def test_no_site_of_hukou_opens_before_both_approvals() -> None:
    found = foreseen("hukou", "slack", 3)
    entries = city_entries(found, "360400")
    approved = [e.at for e in entries if e.kind in ("deployment_approved", "county_deployment_approved")]
    opened = [
        e.at for stream, some in found.ledger.items() if stream.startswith("site/") for e in some if e.kind == "opened"
    ]
    assert (len(approved) == 2) == bool(opened)
    assert all(at == max(approved) for at in opened)


def test_ladder_of_hukou_is_addressed_to_the_county() -> None:
    issued = [json.loads(e.data) for e in city_entries(foreseen("hukou"), "360400") if e.kind == "document_issued"]
    rungs = [one for one in issued if one["document"] in ("reminder_letter", "supervision_order", "circular")]
    assert rungs and {one.get("county") for one in rungs} == {"360429"}
    assert {unit for one in rungs for unit in one["units"]} <= {"湖口县自然资源局（示例）", "湖口县人民政府（示例）"}


@pytest.mark.parametrize(("city", "counties"), [("230400", 5), ("230500", 5), ("230300", 0)])
def test_counties_of_two_cities_write_opinions(city: str, counties: int) -> None:
    entries = city_entries(foreseen("heilongjiang-market", "diligent"), city)
    approved = [e for e in entries if e.kind == "county_deployment_approved"]
    submitted = [json.loads(e.data) for e in entries if e.kind == "county_deployment_submitted"]
    assert len(approved) == counties
    assert all([c["title"] for c in one["chapters"]] == ["修复任务", "资金来源"] for one in submitted)


def test_same_seed_gives_the_same_ledger() -> None:
    again = foreseen.__wrapped__("hukou")
    assert [e.hash for e in city_entries(again, "360400")] == [
        e.hash for e in city_entries(foreseen("hukou"), "360400")
    ]
