"""The option `patrol`: valid plans, and the faults of invalid ones."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from intake.check import check
from intake.plan.freeze import freeze, redate
from rules.terms.options import patrol_until
from schemas.options.patrol import Patrol
from schemas.plan import Plan
from tests.support.plans import PLAN

EXAMPLE = Path(__file__).parents[4] / "examples" / "zhangping"


def working(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "working_days"}


def duty(name: str = "patrol", every: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"duty": name, "title": "日常巡查", "every": every or working(3)}


def plan(**patrol: Any) -> Plan:
    return Plan.model_validate({**PLAN, "id": "p", "document_number": "1", "patrol": {"duties": [duty()], **patrol}})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"duties": [duty()]}, "one of until (a day) and lasts"),
        ({"duties": [duty()], "until": "2021-12-01", "lasts": working(5)}, "one of until (a day) and lasts"),
        ({"duties": [duty(), duty()], "lasts": working(5)}, "patrol stands twice"),
        ({"duties": [duty(every={"amount": 3, "unit": "calendar_days"})], "lasts": working(5)}, "one working day"),
        ({"duties": [duty("tea_party")], "lasts": working(5)}, "joint_meeting"),
        ({"duties": [duty()], "lasts": working(0)}, "one day or more"),
    ],
)  # fmt: skip
def test_invalid_patrol_refused_with_expectation(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Patrol.model_validate(said)
    assert told in str(refused.value)


def test_a_patrol_runs_on_after_the_campaign() -> None:
    with pytest.raises(ValidationError, match="until 2021-10-31 is not after ends_on 2021-10-31"):
        plan(until="2021-10-31")
    frozen = freeze(plan(lasts=working(10)))
    assert patrol_until(frozen) == patrol_until(freeze(plan(until="2021-11-12"))), "ten working days after 31 October"


def test_a_campaign_that_is_moved_takes_its_patrol_along() -> None:
    moved = redate(plan(until="2021-11-12"), date(2021, 7, 27))
    assert moved.patrol is not None and moved.patrol.until == date(2021, 11, 12) + timedelta(days=10)


def test_a_plan_without_a_patrol_is_written_as_before() -> None:
    without = Plan.model_validate({**PLAN, "id": "p", "document_number": "1"})
    assert "patrol" not in without.model_dump(mode="json")


def test_the_example_is_sound() -> None:
    report = check(EXAMPLE / "plan.yaml", EXAMPLE / "register.csv")
    assert not report.faults
    assert report.register is not None and len(report.register.sites) == 24
