"""Phases of a plan that contradict themselves, each other, or the rest of the plan."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.plan import Plan
from tests.support.plans import PLAN

GATE = {"conditions": [{"check": "closed", "per_cent": 50}]}


def phases(**of_the_first: Any) -> dict[str, Any]:
    first = {"id": "sweep", "title": "排查", "starts_on": "2021-07-17", "ends_on": "2021-08-06"}
    last = {"id": "works", "title": "整治", "starts_on": "2021-08-07", "ends_on": "2021-10-31"}
    return {"phases": [first | of_the_first, last]}


def read(**changes: Any) -> Plan:
    return Plan.model_validate({**PLAN, "id": "east", "document_number": "1", **changes})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (phases(holds_next=True), "phases[0].holds_next: expected a gate"),
        (phases(gate=GATE, holds_next=True, ends_on="2021-08-07"), "works begins on 2021-08-07, before sweep ends"),
        (
            {"phases": [phases()["phases"][1] | {"gate": GATE, "holds_next": True}]},
            "phases[0].holds_next: works is the last phase",
        ),
        (phases(gate={"conditions": [{"check": "sites_surveyed"}]}), "phases[0].gate: sites_surveyed needs a round"),
        (phases(gate={"conditions": [{"check": "closed"}]}), "per_cent: expected with in_work and closed"),
        (
            phases(gate={"conditions": [{"check": "deployments_approved", "per_cent": 5}]}),
            "per_cent: expected with in_work and closed",
        ),
        (phases(gate={"conditions": GATE["conditions"] * 2}), "closed of each_city stands twice"),
        (phases(gate={"conditions": []}), "at least 1 item"),
        (phases(opens=["transfers"]), "phases[0].opens: transfers needs a `police_track`"),
        (phases(opens=["works", "works"]), "works is opened twice"),
        (phases(milestones=[{"measure": "sites", "per_cent": 100.5}]), "less than or equal to 100"),
        (phases(milestones=[{"measure": "sites", "per_cent": 5}] * 2), "phases[0].milestones: sites stands twice"),
        ({"clauses": {"rectification": "end of phase spring"}}, "clauses.rectification: no phase spring"),
    ],
)
def test_contradiction_of_phases_is_a_fault(changes: dict[str, Any], fault: str) -> None:
    if "clauses" in changes:
        changes = {"clauses": PLAN["clauses"] | changes["clauses"]}
    with pytest.raises(ValidationError) as found:
        read(**changes)
    assert fault in str(found.value)


def test_later_milestone_asks_for_no_less() -> None:
    both = phases(milestones=[{"measure": "sites", "per_cent": 60}])
    both["phases"][1]["milestones"] = [{"measure": "sites", "per_cent": 50}]
    with pytest.raises(ValidationError, match="works asks for 50 % of the sites, less than sweep"):
        read(**both)


def test_plan_without_gates_keeps_its_json() -> None:
    assert set(read(**phases()).model_dump(mode="json")["phases"][0]) == {"id", "title", "starts_on", "ends_on"}
