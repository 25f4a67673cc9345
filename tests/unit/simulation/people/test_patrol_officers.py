"""The example with a patrol, foreseen: it lives to the end of its patrol and leaves nothing open."""

from collections import Counter
from pathlib import Path

import pytest

from intake.check import check
from rules.terms.options import patrol_until
from rules.terms.plan import ends_at
from schemas.plan import FrozenPlan
from schemas.register import Site
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast

EXAMPLE = Path(__file__).parents[4] / "examples" / "zhangping"


@pytest.fixture(scope="module")
def sound() -> tuple[FrozenPlan, list[Site]]:
    report = check(EXAMPLE / "plan.yaml", EXAMPLE / "register.csv")
    assert report.frozen is not None and report.register is not None
    return report.frozen, list(report.register.sites)


@pytest.fixture(scope="module")
def foreseen(sound: tuple[FrozenPlan, list[Site]]) -> Forecast:
    return forecast(*sound, Temperament.TYPICAL, 2, keep_ledger=True)


def test_patrols_find_and_miss_what_there_is_to_find_and_miss(foreseen: Forecast) -> None:
    kinds = Counter(entry.kind for stream in foreseen.ledger.values() for entry in stream)
    assert kinds.keys() >= {"duty_performed", "finding_reported", "looked_back", "look_backs_overdue", "sites_reopened"}
    assert kinds["reopened"] == 8
    slack = {"duty_missed", "carried_over"}
    assert kinds.keys() & slack


def test_every_site_is_settled_when_the_last_patrol_is_over(foreseen: Forecast) -> None:
    assert sum(city.closed + city.carried_over for city in foreseen.cities) == 24
    assert {row.stage for row in foreseen.rows.values()} == {"closed", "carried_over"}


def test_sites_reopened_and_settled_after_campaign_by_patrol_end(
    sound: tuple[FrozenPlan, list[Site]], foreseen: Forecast
) -> None:
    frozen, ends = sound[0], ends_at(sound[0])
    after = [entry for stream in foreseen.ledger.values() for entry in stream if entry.at > ends]
    kinds = Counter(entry.kind for entry in after if entry.stream.startswith("site/"))
    assert kinds["reopened"] >= 1
    last = max(entry.at for entry in after if entry.stream.startswith("site/"))
    until = patrol_until(frozen)
    assert until is not None and last <= until


def test_the_same_people_do_the_same(sound: tuple[FrozenPlan, list[Site]], foreseen: Forecast) -> None:
    again = forecast(*sound, Temperament.TYPICAL, 2, keep_ledger=True)
    assert again.ledger == foreseen.ledger
    lean = forecast(*sound, Temperament.TYPICAL, 2)
    assert lean.rows == foreseen.rows and lean.entries == foreseen.entries
