"""The simulated people of the sweep: each patch and clue is settled at most once, a confirmed one is one site."""

from collections import Counter
from pathlib import Path

import pytest

from intake.check import check
from simulation.behaviour.temperament import Temperament
from simulation.forecast.simulator import forecast

HENAN = Path(__file__).parents[4] / "examples" / "henan-2021"


@pytest.mark.parametrize("seed", [1, 7])
def test_henan_settles_its_patches_and_clues(seed: int) -> None:
    report = check(HENAN / "plan.yaml", HENAN / "register.csv")
    assert report.frozen is not None and report.register is not None
    sites = report.register.sites
    found = forecast(report.frozen, sites, Temperament.TYPICAL, seed, keep_ledger=True, surveys=report.rounds.planned)

    kinds = Counter(entry.kind for stream in found.ledger.values() for entry in stream)
    assert kinds["patches_issued"] == 4 and kinds["clue_reported"] == 4
    assert 0 < kinds["survey_added"] <= kinds["patch_confirmed"]
    assert found.closed + found.carried_over == len(sites) + kinds["survey_added"]
    assert kinds["patch_refuted"] > 0 and kinds["patch_confirmed"] + kinds["patch_refuted"] <= 15
