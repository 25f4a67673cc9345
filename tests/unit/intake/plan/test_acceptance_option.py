"""Faults of the option `acceptance`: each with its path, line and expectation."""

from pathlib import Path

import pytest

from intake.plan.plan_file import read_plan
from rules.terms.options import acceptance_of
from rules.terms.plan import requirements_of
from schemas.register import Problem, Site
from tests.support.intake_samples import PLAN, plan_file, small_plan

VERIFICATION = """\
verification:
  max_rounds: 2
  exhausted_rung: 2
  closure: {by: problem, level: county}
  levels:
    - {id: self, title: 自查, by: enterprise, self_check: true}
    - {id: county, title: 县级验收, by: county}
    - {id: city, title: 市级验收, by: city, experts: 3}
  pool:
    - {id: 专家01（示例）, unit: 示例地质院, city: 410400}
    - {id: 专家02（示例）, unit: 示例大学}
    - {id: 专家03（示例）, unit: 示例学会}
    - {id: 专家04（示例）, unit: 示例协会}
ladder:
  - {rung: 2, instrument: supervision_order, after: {amount: 1, unit: calendar_days}}
patrol:
  lasts: {amount: 40, unit: calendar_days}
  duties: [{duty: patrol, title: 巡查, every: {amount: 5, unit: working_days}}]
"""
SOUND = (
    PLAN.replace("verification:\n  levels: [{id: county, title: 县级验收, by: county}]\n", VERIFICATION)
    .replace("problems: [shed]}", "problems: [shed, adit_open], evidence: [before, after], evidence_gate: in_order}")
    .replace("site_types: [adit]", "look_back: {amount: 30, unit: calendar_days}")
)  # fmt: skip


def test_plan_acceptance_options_included_in_site_terms(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, SOUND)
    problems = (Problem(kind="adit_open", count=2), Problem(kind="shed"))
    place = Site(id="P1", name="一号井", city="410400", county="x", type="adit", problems=problems)
    terms = acceptance_of(plan, place)
    assert terms is not None
    assert (terms.problems_level, terms.problems, terms.exhausted_rung) == ("county", ("adit_open", "shed"), 2)
    assert len(terms.pool) == 4
    elsewhere = acceptance_of(plan, place.model_copy(update={"city": "410181"}))
    assert elsewhere is not None
    assert [one.id for one in elsewhere.pool] == ["专家02（示例）", "专家03（示例）", "专家04（示例）"]
    requirements = {r.id: r for r in requirements_of(plan.catalogue, place, True)}
    assert list(requirements) == ["seal", "dismantle:adit_open", "dismantle:shed"]
    assert requirements["dismantle:shed"].in_order
    assert [clause.amount for clause in requirements["seal"].look_back] == [30]


def test_a_plan_that_asks_for_nothing_is_written_as_before(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    assert set(plan.verification.model_dump()) == {"levels", "max_rounds"}
    assert set(plan.verification.levels[0].model_dump()) == {"id", "title", "by", "due"}
    assert "look_back" not in plan.catalogue[0].model_dump()


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ("exhausted_rung: 2", "exhausted_rung: 4", "verification.exhausted_rung", "of the ladder, which has: 2"),
        ("level: county}\n", "level: self}\n", "verification.closure.level", "one of county, city"),
        ("by: problem", "by: site", "verification.closure.by", "problem"),
        ("experts: 3", "experts: 4", "verification.levels[2].experts", "an odd number from 1 to 9"),
        ("experts: 3", "experts: 3, self_check: true", "verification.levels[2].experts", "expected one of the two"),
        ("by: county}", "by: supervisor}", "verification.levels[1].by", "judges no level"),
        ("by: county}", "by: enterprise}", "verification.levels[1].by", "expected self_check: true with it"),
        ("by: county}", "by: county, self_check: true}", "verification.levels[1].self_check", "comes first"),
        ("experts: 3}", "experts: 5}", "verification.pool", "5 experts are drawn, and 3 may judge in the city 410181"),
        (", experts: 3}", "}", "verification.pool", "nobody is drawn from it"),
        ("专家02", "专家03", "verification.pool", "专家03（示例） stands twice"),
        ("示例地质院, city: 410400", "示例地质院, city: 410500", "verification.pool[0].city", "no city 410500"),
        ("[before, after]", "[after]", "catalogue[1].evidence_gate", "without `before` or `during`"),
    ],
)  # fmt: skip
def test_acceptance_that_contradicts_itself_is_refused(
    tmp_path: Path, old: str, new: str, path: str, expected: str
) -> None:
    assert old in SOUND
    plan, faults = read_plan(plan_file(tmp_path, SOUND.replace(old, new, 1)))
    assert plan is None
    assert path in [fault.path for fault in faults]
    assert any(expected in fault.expected for fault in faults), [str(fault) for fault in faults]


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = SOUND.replace("exhausted_rung: 2", "exhausted_rung: 4").replace("level: county}\n", "level: none}\n")
    _, faults = read_plan(plan_file(tmp_path, text))
    assert {"verification.exhausted_rung", "verification.closure.level"} <= {fault.path for fault in faults}
