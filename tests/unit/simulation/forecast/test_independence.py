"""No site of an example is struck off by hands of one unit, and nobody looks after a unit's own work: by its ledger."""

from functools import cache
from pathlib import Path

import pytest

from intake.check import check
from schemas.offices import City, County
from schemas.plan import Plan
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from tests.support.independence_oracle import hands_of_one_unit, looked_after_by_workers

EXAMPLES = ("closed-mines", "heilongjiang-market", "henan-2021", "hukou", "shanxi-2024", "zhangping")


@cache
def foreseen(example: str, people: Temperament) -> tuple[Plan, Forecast]:
    """The forecast of an example's first 150 sites, with its ledger."""
    folder = Path("examples") / example
    mapping = folder / "map.yaml"
    report = check(folder / "plan.yaml", folder / "register.csv", mapping if mapping.exists() else None)
    assert report.frozen is not None and report.register is not None
    return report.frozen.plan, forecast(report.frozen, report.register.sites[:150], people, 3, keep_ledger=True)


def offices(plan: Plan) -> dict[str, str]:
    """Every name of a city's or county's government to its code."""
    names: dict[str, str] = {}
    for city in plan.cities:
        places: list[City | County] = [city, *city.counties]
        for place in places:
            heads = [one.name for one in (place.government, place.deputy_head, place.head) if one is not None]
            names |= dict.fromkeys((place.name, *heads), place.code)
        names[city.lead] = city.code
    return names


@pytest.mark.parametrize("people", (Temperament.TYPICAL, Temperament.SLACK))
@pytest.mark.parametrize("example", EXAMPLES)
def test_no_site_is_struck_off_by_hands_of_one_unit(example: str, people: Temperament) -> None:
    plan, found = foreseen(example, people)
    known = offices(plan)
    exempt = {level.id for level in plan.verification.levels if level.self_check or level.same_unit is not None}
    sites = [entries for stream, entries in found.ledger.items() if stream.startswith("site/")]
    closed = sum(any(entry.kind == "closed" for entry in entries) for entries in sites)
    assert closed >= (3 if people is Temperament.TYPICAL else 1)
    assert [one for entries in sites for one in hands_of_one_unit(entries, exempt, lambda u: known.get(u, u))] == []


@pytest.mark.parametrize(("example", "looks"), [("henan-2021", 20), ("zhangping", 10)])
def test_who_worked_neither_looks_back_nor_inspects(example: str, looks: int) -> None:
    plan, found = foreseen(example, Temperament.TYPICAL)
    known = offices(plan)
    wrong, number = looked_after_by_workers(found.ledger, lambda unit: known.get(unit, unit))
    assert (wrong, number > looks) == ([], True)
