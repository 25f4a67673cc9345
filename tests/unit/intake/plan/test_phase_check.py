"""Phases in a plan's file: faults at their line, and milestones that the register can not measure."""

from decimal import Decimal
from pathlib import Path

import pytest

from intake.check import check
from intake.plan.freeze import freeze
from intake.plan.phase_check import unmeasured_cities
from intake.plan.plan_file import read_plan
from rules.terms.plan import rectification_due, site_terms
from schemas.clock import Clock
from schemas.phase_end import PhaseEndTerms
from schemas.register import Site
from tests.support.intake_samples import PLAN, csv_file, plan_file, row, small_plan
from tests.support.sample_terms import deadline, on

PHASES = """\
phases:
  - id: sweep
    title: 排查
    starts_on: 2021-07-17
    ends_on: 2021-08-06
    gate: {conditions: [{check: in_work, per_cent: 66.6}]}
    holds_next: true
    milestones: [{measure: hectares, per_cent: 33.3}]
  - {id: works, title: 整治, starts_on: 2021-08-07, ends_on: 2021-10-01}
clauses:
"""
WITH_PHASES = PLAN.replace("clauses:\n", PHASES)


@pytest.mark.parametrize(
    ("old", "new", "path", "line", "expected"),
    [
        ("per_cent: 66.6", "per_cent: 101", "phases[0].gate.conditions[0].per_cent", 13, "100 or less"),
        ("check: in_work", "check: begun", "phases[0].gate.conditions[0].check", 13, "sites_surveyed"),
        ("starts_on: 2021-08-07", "starts_on: 2021-08-06", "phases[0].holds_next", 14, "works begins on 2021-08-06"),
        ("{amount: 30, unit: calendar_days}", "end of phase spring", "clauses.rectification", 19, "no phase spring"),
        ("{amount: 30, unit: calendar_days}", "{amount: many}", "clauses.rectification.amount", 19, "whole number"),
    ],
)
def test_fault_of_phases_is_told_at_its_line(
    tmp_path: Path, old: str, new: str, path: str, line: int, expected: str
) -> None:
    assert old in WITH_PHASES
    plan, faults = read_plan(plan_file(tmp_path, WITH_PHASES.replace(old, new, 1)))
    assert plan is None
    found = {fault.path: (fault.line, fault.expected) for fault in faults}
    assert found[path][0] == line and expected in found[path][1]


def test_milestone_in_hectares_needs_areas_in_the_register(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, WITH_PHASES)
    assert not check(plan, csv_file(tmp_path, [row(), row(id="P2", area_ha="")])).faults
    (fault,) = check(plan, csv_file(tmp_path, [row(area_ha=""), row(id="P2", area_ha="")])).faults
    assert "410400" in fault.value and "milestone of phase sweep" in fault.expected


def test_what_a_phase_opens_is_no_time_of_day(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, WITH_PHASES.replace("    holds_next: true\n", "    opens: [works]\n"))
    assert plan.phases[0].opens == ("works",)


def test_city_without_sites_needs_no_area(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, WITH_PHASES)
    site = Site(id="P1", name="一号井", city="410400", county="410421", type="adit", area_ha=Decimal(1))
    assert list(unmeasured_cities("f", plan, [site])) == []


def test_deadline_of_site_counts_to_end_of_phase(tmp_path: Path) -> None:
    text = WITH_PHASES.replace("{amount: 30, unit: calendar_days}", "end of phase works")
    frozen = freeze(small_plan(tmp_path, text))
    assert rectification_due(frozen, on(7, 28, 9)) == deadline(10, 1)
    assert rectification_due(frozen, on(10, 28, 9)) == deadline(10, 31)  # never after the campaign
    site = Site(id="P1", name="一号井", city="410400", county="410421", type="adit")
    terms = site_terms(frozen, site, on(7, 28, 9), Clock())
    assert isinstance(terms.rectification, PhaseEndTerms) and terms.due == deadline(10, 1)
    assert type(terms).model_validate_json(terms.model_dump_json()) == terms
