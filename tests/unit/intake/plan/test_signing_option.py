"""The plan's option `signing`: its default, and each contradiction with its path."""

from pathlib import Path

import pytest

from intake.plan.plan_file import read_plan
from rules.terms.options import signing_of
from tests.support.intake_samples import PLAN, plan_file, small_plan

AGENCIES = "[{name: 自然资源厅, series: 豫自然资督}, {name: 公安厅, series: 豫公督}]"
JOINT = PLAN.replace("[{name: 自然资源厅}]", AGENCIES)
SOUND = f"""{JOINT}\
ladder:
  - {{rung: 2, instrument: circular, after: {{amount: 1, unit: calendar_days}}}}
signing: {{within: {{amount: 2, unit: working_days}}, superior: {{name: 省政府}}, instruments: [circular]}}
"""


def test_joint_plan_without_the_key_is_signed_within_a_day(tmp_path: Path) -> None:
    terms = signing_of(small_plan(tmp_path, JOINT))
    assert terms is not None and (terms.agencies, terms.within.amount) == (("自然资源厅", "公安厅"), 1)
    assert signing_of(small_plan(tmp_path, PLAN)) is None


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        (AGENCIES, "[{name: 自然资源厅}]", "signing", "issues alone"),
        ("amount: 2, unit: working_days}, superior", "amount: 0, unit: calendar_days}, superior", "signing.within", ""),
        ("name: 省政府", "name: 公安厅", "signing.superior", "signs itself"),
        ("[circular]", "[circular, circular]", "signing.instruments[1]", "stands twice"),
        ("[circular]", "[interview]", "signing.instruments[0]", "no rung and no conduct has interview"),
        (
            "instrument: circular,",
            "instrument: circular, issuer: 公安厅,",
            "ladder[0].issuer",
            "issued by every agency",
        ),
    ],
)
def test_signing_that_contradicts_the_plan_is_refused(
    tmp_path: Path, old: str, new: str, path: str, expected: str
) -> None:
    assert old in SOUND and read_plan(plan_file(tmp_path, SOUND))[1] == []
    plan, faults = read_plan(plan_file(tmp_path, SOUND.replace(old, new, 1)))
    assert plan is None and str(faults[0].path).startswith(path) and expected in faults[0].expected
