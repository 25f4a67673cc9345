"""Crews report what there is to do: never more, and each photo once."""

import json
from pathlib import Path

import pytest

from intake.check import check
from simulation.behaviour.temperament import Temperament
from simulation.forecast.simulator import forecast

EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.mark.parametrize(
    ("example", "people", "seed"),
    [
        ("henan-2021", Temperament.TYPICAL, 1),
        ("heilongjiang-market", Temperament.DILIGENT, 1),
        ("heilongjiang-market", Temperament.SLACK, 7),
    ],
)
def test_no_report_of_an_example_is_warned_of(example: str, people: Temperament, seed: int) -> None:
    read = check(EXAMPLES / example / "plan.yaml", EXAMPLES / example / "register.csv")
    assert read.frozen is not None and read.register is not None
    foreseen = forecast(read.frozen, read.register.sites, people, seed, keep_ledger=True)
    reports = [e for entries in foreseen.ledger.values() for e in entries if e.kind == "task_reported"]
    assert reports and not [warnings for e in reports if (warnings := json.loads(e.data).get("warnings"))]
