"""The variations of a site: which holds, and that the terms of a site stay small."""

import itertools
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.check import check
from rules.calendar import clause_end, end_of, start_of
from rules.terms.plan import opening_clause, rectification_due, site_terms
from rules.terms.variations import grade_of, sampling_of, varied, varied_grace
from schemas.calendar import Clause, DayUnit, NamedClause
from schemas.clock import Clock
from schemas.plan import FrozenPlan, Plan
from schemas.register import Hazard, Problem, Site
from tests.support.budget import examples

pytestmark = pytest.mark.unit

HENAN = Path(__file__).parents[4] / "examples" / "henan-2021"
SWEEP, ACCEPTANCE = datetime(2021, 7, 20, tzinfo=UTC), datetime(2021, 10, 8, tzinfo=UTC)
CONDITIONS = ("problem", "phase", "hazard")
VALUES = {"hazard": "high", "problem": "adit_open", "phase": "sweep"}


def days(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "calendar_days"}


def henan(variations: list[dict[str, Any]], **changes: Any) -> FrozenPlan:
    frozen = check(HENAN / "plan.yaml").frozen
    assert frozen is not None
    plan = {**frozen.plan.model_dump(mode="json"), "variations": variations, **changes}
    return frozen.model_copy(update={"plan": Plan.model_validate(plan)})


def site(hazard: Hazard = Hazard.MEDIUM, *kinds: str, **changes: Any) -> Site:
    problems = tuple(Problem(kind=kind) for kind in kinds)
    said = {"id": "410400-999", "name": "矿", "city": "410400", "county": "410402", "type": "adit"}
    return Site(**said, hazard=hazard, problems=problems, **changes)


def faults(variations: list[dict[str, Any]], **changes: Any) -> str:
    with pytest.raises(ValueError, match="variations") as found:
        henan(variations, **changes)
    return str(found.value)


SUBSETS = [set(some) for size in (1, 2, 3) for some in itertools.combinations(CONDITIONS, size)]


VARIED = st.lists(st.sampled_from(SUBSETS), min_size=1, max_size=7, unique_by=frozenset)


@settings(max_examples=examples(60), derandomize=True, deadline=None, database=None)
@given(VARIED, st.sets(st.sampled_from(CONDITIONS)))
def test_the_narrowest_variation_gives_the_value(named: list[set[str]], holding: set[str]) -> None:
    """An oracle by hand: of those that hold, the most conditions; then problem before phase before hazard."""
    rules = [{"for": {one: VALUES[one] for one in some}, "rectification": days(n + 1)} for n, some in enumerate(named)]
    place = site(
        Hazard.HIGH if "hazard" in holding else Hazard.LOW, *(["adit_open"] if "problem" in holding else ["shed"])
    )
    frozen = henan(rules, grading=None)
    at = SWEEP if "phase" in holding else ACCEPTANCE
    wins = [some for some in named if some <= holding]
    best = max(wins, key=lambda some: (len(some), "problem" in some, "phase" in some), default=None)
    clause = opening_clause(frozen, at, place).named_clause()
    expected = 30 if best is None else named.index(best) + 1
    assert clause.amount == expected
    assert clause.name == ("clauses.rectification" if best is None else f"variations[{expected - 1}].rectification")


def test_a_value_that_is_left_out_comes_from_the_next() -> None:
    rules = [
        {"for": {"hazard": "high"}, "rectification": days(20), "ladder": {3: days(2)}, "reminder_days": [4]},
        {"for": {"hazard": "high", "problem": "shaft_open"}, "rectification": days(9), "ladder": {4: days(1)}},
    ]
    terms = site_terms(henan(rules), site(Hazard.HIGH, "shaft_open"), SWEEP, Clock())
    assert varied(terms.variations, "high", SWEEP, "rectification").amount == 9
    assert varied(terms.variations, "high", SWEEP, "reminder_days") == (4,)
    assert varied(terms.variations, "high", SWEEP, "re_rectification") is None
    graces = [varied_grace(terms.variations, "high", SWEEP, rung) for rung in (2, 3, 4)]
    assert [None if one is None else one.name for one in graces] == [
        None, "variations[0].ladder.3", "variations[1].ladder.4",
    ]  # fmt: skip
    assert terms.due == clause_end(terms.calendar, SWEEP, terms.variations[0].rectification)  # type: ignore[arg-type]


def test_of_two_kinds_of_problem_the_first_in_the_plan_wins() -> None:
    rules = [{"for": {"problem": kind}, "rectification": days(n)} for n, kind in ((7, "adit_open"), (8, "shed"))]
    assert opening_clause(henan(rules), SWEEP, site(Hazard.LOW, "shed", "adit_open")).named_clause().amount == 7


def test_a_varied_clause_may_count_to_the_end_of_a_phase() -> None:
    frozen = henan([{"for": {"hazard": "high"}, "rectification": "end of phase sweep"}])
    phase = next(phase for phase in frozen.plan.phases if phase.id == "sweep")
    high = site_terms(frozen, site(Hazard.HIGH, "shed"), SWEEP, Clock())
    assert high.due == end_of(high.calendar, phase.ends_on)
    clause = opening_clause(frozen, SWEEP, site(Hazard.HIGH, "shed")).named_clause()
    assert clause == NamedClause(name="variations[0].rectification", phase="sweep")
    assert type(high).model_validate_json(high.model_dump_json()) == high
    text = faults([{"for": {"hazard": "high"}, "rectification": "end of phase spring"}])
    assert "variations[0].rectification: no phase spring" in text


def test_a_phase_that_opens_the_works_is_that_of_their_deadline() -> None:
    phases = [phase.model_dump(mode="json") for phase in henan([]).plan.phases]
    phases[1]["opens"] = ["works"]
    rules = [{"for": {"phase": name}, "rectification": days(n)} for name, n in (("sweep", 3), (phases[1]["id"], 4))]
    frozen = henan(rules, phases=phases)
    clause = opening_clause(frozen, SWEEP, site(Hazard.LOW, "shed"))
    assert clause.named_clause().name == "variations[1].rectification"
    terms = site_terms(frozen, site(Hazard.LOW, "shed"), SWEEP, Clock())
    begins = start_of(terms.calendar, frozen.plan.phases[1].starts_on)
    assert terms.due == clause_end(terms.calendar, begins, Clause(amount=4, unit=DayUnit.CALENDAR_DAYS))


def test_contradictions_of_variations_are_told() -> None:
    assert "variations[1].for: the same conditions as variations[0]" in faults(
        [{"for": {"hazard": "high"}, "rectification": days(n)} for n in (1, 2)]
    )
    one = {"rectification": days(1)}
    assert "variations[0].for.phase: night is none of the plan's" in faults([{"for": {"phase": "night"}, **one}])
    assert "variations[0].for.problem: roof is none of the plan's" in faults([{"for": {"problem": "roof"}, **one}])
    assert "there is no rung 9" in faults([{"for": {"hazard": "low"}, "ladder": {9: days(1)}}])
    share = {"for": {"hazard": "low", "problem": "shed"}, "sampling_share": 0.5}
    assert "samples are drawn by hazard" in faults([share])
    alone = {"for": {"hazard": "low"}, "sampling_share": 0.5}
    assert "nothing is drawn without `spot_check`" in faults([alone], spot_check=None)
    assert "expected hazard, problem, phase" in faults([{"for": {}, **one}])
    assert "at least one value that differs" in faults([{"for": {"hazard": "low"}}])


def test_contradictions_of_grading_are_told() -> None:
    def told(*rules: dict[str, Any]) -> str:
        with pytest.raises(ValueError, match="grading") as found:
            henan([], grading={"rules": list(rules)})
        return str(found.value)

    whole = {"hazard": "low", "title": "其余"}
    assert "grading.rules[0]: it has no condition" in told(whole, {**whole, "area_ha": {"below": 1}})
    assert "grading.rules[0].problems: roof is not in the catalogue" in told({**whole, "problems": ["roof"]})


def test_first_rule_that_matches_grades_a_site() -> None:
    frozen = henan([])
    by = {
        row: (found.hazard, found.by)
        for row, place in {
            "deep": site(Hazard.LOW, "shed", depth_m=20, distance_m=5),
            "near": site(Hazard.LOW, "adit_open", distance_m=99),
            "small": site(Hazard.MEDIUM, "shed", area_ha=0.2),
            "none": site(Hazard.MEDIUM, "shed", area_ha=2),
        }.items()
        if (found := grade_of(frozen.plan, place)) is not None
    }
    assert by == {
        "deep": (Hazard.HIGH, "grading.rules[0]"),
        "near": (Hazard.HIGH, "grading.rules[1]"),
        "small": (Hazard.LOW, "grading.rules[3]"),
        "none": (Hazard.MEDIUM, "register"),
    }


def test_shares_of_a_sample_come_from_the_variations() -> None:
    checks = sampling_of(henan([{"for": {"hazard": "high"}, "sampling_share": 0.5}]).plan)
    assert checks is not None and checks.shares == {"high": 0.5}
    plain = sampling_of(henan([]).plan)
    assert plain is not None and not plain.shares


def test_terms_of_each_henan_site_stay_under_eight_kib() -> None:
    report = check(HENAN / "plan.yaml", HENAN / "register.csv")
    assert report.frozen is not None and report.register is not None
    sizes = [
        len(site_terms(report.frozen, one, SWEEP, Clock()).model_dump_json().encode()) for one in report.register.sites
    ]
    assert max(sizes) < 8 * 1024
    assert rectification_due(report.frozen, SWEEP) > SWEEP
