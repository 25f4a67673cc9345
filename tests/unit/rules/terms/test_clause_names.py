"""The names of a plan's clauses, and that every deadline in the ledgers of the examples has one."""

import json
from pathlib import Path

import pytest

from intake.amendment_file import amended_plan, read_amendment
from intake.check import check
from rules.terms.clause_names import with_names
from schemas.clause_paths import clauses_in
from schemas.plan import FrozenPlan, Plan
from simulation.behaviour.temperament import Temperament
from simulation.forecast.simulator import forecast
from tests.support.clause_oracle import unnamed

pytestmark = pytest.mark.unit

EXAMPLES = Path(__file__).parents[4] / "examples"
DEFAULTS = {
    "clauses.approval": (1, "working_days"),
    "signing.within": (1, "working_days"),
    "county_deployment.call": (3, "working_days"),
}
"""What holds where the plan does not say it."""
CAMPAIGNS = ("henan-2021", "hukou", "heilongjiang-market", "zhangping", "shanxi-2024")


def frozen(example: str) -> FrozenPlan:
    found = check(EXAMPLES / example / "plan.yaml").frozen
    assert found is not None
    return found


def test_each_clause_is_named_by_its_path() -> None:
    plan = with_names(frozen("henan-2021"))
    names = {clause.name: clause for _, clause in clauses_in(plan)}
    assert all(path == name for (path, _), name in zip(clauses_in(plan), names, strict=True))
    assert names["ladder[1].reply"].amount == 5
    assert names["variations[0].ladder.3"].amount == 3
    assert {"clauses.rectification", "verification.levels[1].due", "police_track.transfer"} <= names.keys()


def test_a_plan_that_names_a_clause_itself_is_faulty() -> None:
    tree = frozen("henan-2021").plan.model_dump(mode="json")
    tree["clauses"]["rectification"]["name"] = "mine"
    with pytest.raises(ValueError, match=r"clauses\.rectification\.name: a clause is named by its place"):
        Plan.model_validate(tree)


def test_a_clause_that_an_amendment_changed_says_so(tmp_path: Path) -> None:
    before = frozen("henan-2021")
    file = tmp_path / "amendment.yaml"
    file.write_text(
        "document_number: 豫〔2021〕9号\ntitle: 补充\nclauses:\n  rectification: {amount: 40, unit: calendar_days}\n",
        encoding="utf-8",
    )
    parsed, faults = read_amendment(file)
    assert parsed is not None, faults
    after, faults = amended_plan(parsed, before, 1)
    assert after is not None, faults
    assert after.amended_clauses == {"clauses.rectification": 1}
    assert with_names(after).clauses.rectification.name == "amendment 1: clauses.rectification"
    assert with_names(after).clauses.re_rectification.name == "clauses.re_rectification"


@pytest.mark.parametrize("example", CAMPAIGNS)
def test_every_deadline_in_a_ledger_names_its_clause(example: str) -> None:
    folder = EXAMPLES / example
    report = check(folder / "plan.yaml", folder / "register.csv")
    assert report.frozen is not None and report.register is not None
    surveys = report.rounds.planned
    found = forecast(report.frozen, report.register.sites, Temperament.SLACK, 3, keep_ledger=True, surveys=surveys)
    known = {path: (clause.amount, clause.unit.value) for path, clause in clauses_in(report.frozen.plan)}
    for path, clause in DEFAULTS.items():
        known.setdefault(path, clause)
    said = 0
    for stream, entries in found.ledger.items():
        for entry in entries:
            data = json.loads(entry.data)
            assert not list(unnamed(data, known)), (stream, entry.kind)
            said += len(data.get("clauses", {}))
    assert said > 200
