"""Phases in forecasts of the examples: measures agree with the ledgers, gates hold, surveys count."""

import json
from datetime import datetime
from functools import cache

from intake.check import check
from schemas.streams import campaign_stream, site_stream
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from tests.support.intake_samples import EXAMPLES


@cache
def foreseen(example: str) -> Forecast:
    report = check(EXAMPLES / example / "plan.yaml", EXAMPLES / example / "register.csv")
    assert report.frozen is not None and report.register is not None
    surveys = report.rounds.planned
    return forecast(
        report.frozen, list(report.register.sites), Temperament.TYPICAL, 1, keep_ledger=True, surveys=surveys
    )


def test_measures_agree_with_ledgers_of_sites() -> None:
    found = foreseen("henan-2021")
    ended = [e for e in found.ledger[campaign_stream("henan-2021")] if e.kind == "phase_ended"]
    assert len(ended) == 4
    first = json.loads(ended[0].data)
    until = datetime.fromisoformat(first["as_of"])
    heard = {  # a report that arrives later with an earlier time does not count
        site: [e.kind for e in found.ledger[site_stream("henan-2021", site)] if e.received_at <= until]
        for site in found.rows
    }
    begun = [site for site, kinds in heard.items() if "task_reported" in kinds]
    assert sum(city["in_work"] for city in first["cities"]) == len(begun) > 0
    assert sum(city["sites"] for city in first["cities"]) == 82 + 9, "those of the register, and confirmed patches"


def test_henan_gates_hold_and_are_met() -> None:
    phases = {one.id: one for one in foreseen("henan-2021").phases}
    assert [one.gate for one in phases.values()] == ["met", "met", "met", None]
    late = phases["enforcement"].began_at
    assert late is not None and late.date() > phases["enforcement"].starts_on, "it was held for some days"
    for held, holder in (("enforcement", "sweep"), ("acceptance", "restoration")):
        began, met = phases[held].began_at, phases[holder].met_at
        assert began is not None and began == met
    kinds = [(d.city, d.kind) for d in foreseen("henan-2021").documents if d.kind == "phase_summary"]
    assert len(kinds) == 20 and len([city for city, _ in kinds if not city]) == 4


def test_gate_of_shanxi_waits_for_its_survey() -> None:
    (restoration,) = [one for one in foreseen("shanxi-2024").phases if one.gate is not None]
    assert (restoration.id, restoration.gate, restoration.missing) == ("restoration", "met", [])
