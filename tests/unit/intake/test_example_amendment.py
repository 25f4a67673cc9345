"""The amendment of the Henan example is valid for every start of its campaign."""

import textwrap
from datetime import date
from pathlib import Path

import pytest

from intake.amendment_file import amended_plan, read_amendment
from intake.check import check
from rules.amendments.plan import SiteChanges
from tests.support.intake_samples import EXAMPLES, HENAN


@pytest.mark.parametrize("starts_on", [None, date(2026, 11, 23), date(2097, 1, 15)])
def test_it_fits_its_plan_without_a_fault(starts_on: date | None) -> None:
    report = check(
        HENAN / "plan.yaml", HENAN / "register.csv", starts_on=None if starts_on is None else lambda _: starts_on
    )
    said, faults = read_amendment(HENAN / "amendment.yaml")
    assert report.frozen is not None and report.register is not None
    assert said is not None and not faults
    assert said.amendment.effective_on is None and said.amendment.ends_on is None
    amended, faults = amended_plan(said, report.frozen, 1)
    assert amended is not None and not faults
    changes = SiteChanges([report.frozen, amended])
    moved = [changes.of(site) for site in report.register.sites]
    assert all("rectification" in one for one in moved)
    assert 0 < sum("requirements" in one for one in moved) < len(moved)
    assert len(amended.plan.city("411200").recipients) == 3


def test_amendment_of_documentation_page_applies_to_henan_plan(tmp_path: Path) -> None:
    page = (EXAMPLES.parent / "docs/amendments.md").read_text(encoding="utf-8")
    shown = page[page.index("    document_number:") :].partition("\n\n")[0]
    (tmp_path / "shown.yaml").write_text(textwrap.dedent(shown), encoding="utf-8")
    said, faults = read_amendment(tmp_path / "shown.yaml")
    frozen = check(HENAN / "plan.yaml").frozen
    assert said is not None and frozen is not None and not faults
    amended, faults = amended_plan(said, frozen, 1)
    assert not [str(fault) for fault in faults]
    assert amended is not None and amended.plan.city("411700").name == "驻马店市"
