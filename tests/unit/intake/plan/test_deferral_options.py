"""Faults of the options for extensions and the police track: each with its place."""

from pathlib import Path

from intake.plan.plan_file import read_plan
from tests.support.intake_samples import HENAN

PLAN = (HENAN / "plan.yaml").read_text(encoding="utf-8")


def faults(folder: Path, *changes: tuple[str, str]) -> list[tuple[str | None, str]]:
    text = PLAN
    for said, instead in changes:
        assert said in text
        text = text.replace(said, instead)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    _, found = read_plan(folder / "plan.yaml")
    return [(fault.path, fault.expected) for fault in found]


def test_police_agency_must_issue_plan_and_bureaus_be_its_cities(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        ("  agency: 河南省公安厅", "  agency: 河南省公安局"),
        ("    411200: 三门峡市公安局", "    411300: 三门峡市公安局"),
    )
    agencies = "an issuing agency of the plan, one of 河南省自然资源厅, 河南省公安厅"
    assert ("police_track.agency", agencies) in found
    assert any(path == "police_track.bureaus" and "411300 is no city of the plan" in said for path, said in found)
    assert len(found) == 2


def test_one_agency_does_not_lead_both_tracks(tmp_path: Path) -> None:
    found = faults(tmp_path, ("  works_agency: 河南省自然资源厅", "  works_agency: 河南省公安厅"))
    assert len(found) == 1 and found[0][0] == "police_track.works_agency"
    assert "another agency" in found[0][1]


def test_a_conclusion_has_a_deadline_only_where_it_is_awaited(tmp_path: Path) -> None:
    found = faults(tmp_path, ("  closure: both", "  conclusion: {amount: 9, unit: working_days}\n  closure: both"))
    assert len(found) == 1 and "the case is over with its decision" in found[0][1]


def test_extension_decision_needs_a_day_and_another_superior(tmp_path: Path) -> None:
    found = faults(
        tmp_path, ("  decision: {amount: 3, unit: working_days}", "  decision: {amount: 0, unit: working_days}")
    )
    assert len(found) == 1 and "one day or more" in found[0][1]
    own = PLAN[PLAN.index("extension:") : PLAN.index("police_track:")]
    found = faults(tmp_path, (own, own.replace("{name: 专项行动领导小组（示例）", "{name: 专项行动办公室（示例）")))
    assert any("own superior" in said for _, said in found)
