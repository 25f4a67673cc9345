"""The enterprise that builds a site: replaced with an approval, or by the county, which charges the cost to it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import local_date
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.evidence import EvidencePhase
from schemas.options.acceptance import AcceptanceTerms
from schemas.options.builders import BuilderTerms
from tests.support.budget import examples
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    HENAN,
    PROVINCE,
    UNITS,
    SiteLife,
    all_work,
    on,
    passed,
    refused,
    working,
)
from tests.support.sample_terms import report as report_by

OLD, NEW, THIRD = (Actor(id=f"crew of {one}", role=Role.ENTERPRISE, unit=one) for one in ("old", "new", "third"))
TOWN = Actor(id="town", role=Role.TOWNSHIP, unit="示例乡")
RULE = BuilderTerms(enterprise="old", decision=working(2))


def site(rule: BuilderTerms = RULE, **changes: Any) -> SiteLife:
    units = UNITS.model_copy(update={"enterprise": ("old",), "township": (TOWN.unit,)})
    return SiteLife(builder=rule, units=units, **changes)


def said(kind: str, at: datetime, by: Actor = COUNTY, **content: Any) -> cmd.Command:
    content |= {"command_id": f"{kind}-{by.id}-{at}", "actor": by, "effective_at": at}
    return cmd.SITE_COMMANDS[kind].model_validate(content)


def asks(at: datetime, new: str | None = "new") -> cmd.Command:
    return said("replace_enterprise", at, new=new, reason="bankrupt", words="法院受理破产")


def decides(at: datetime, approved: bool = True, by: Actor = PROVINCE) -> cmd.Command:
    return said("decide_replacement", at, by, approved=approved, words="尚在履约")


def takes_over(at: datetime) -> cmd.Command:
    return said("take_over_works", at, reason="withdrawn", words="撤场")


def charges(at: datetime, amount: str, enterprise: str = "old") -> cmd.Command:
    return said("charge_cost", at, enterprise=enterprise, amount=amount, reference="发票1")


def reports(at: datetime, by: Actor) -> cmd.CompleteTask:
    return report_by(at, "signs", 1, by=by)


def replaced() -> SiteLife:
    """By the new one, approved on the 22nd at noon."""
    life = site()
    life.at(on(7, 20), asks(on(7, 20)))
    life.at(on(7, 22, 12), decides(on(7, 22, 12)))
    return life


def test_until_the_approval_the_old_one_builds() -> None:
    life = site()
    life.at(on(7, 20), asks(on(7, 20)))
    life.at(on(7, 21), reports(on(7, 21), OLD))
    assert refused(life, reports(on(7, 21, 15), NEW)).startswith("rule complete_task/")
    life.at(on(7, 22), decides(on(7, 22), approved=False))
    assert life.state.builders.pending is None
    assert refused(life, reports(on(7, 23), NEW)).startswith("rule complete_task/")


def test_after_the_approval_only_the_new_one_reports() -> None:
    life = replaced()
    assert refused(life, reports(on(7, 23), OLD)).startswith("rule complete_task/builder")
    life.at(on(7, 23, 15), reports(on(7, 23, 15), NEW))
    assert life.state.done["signs"] == 1


def test_late_report_of_the_old_one_counts_by_event_time() -> None:
    life = replaced()
    late, now = reports(on(7, 22, 11), OLD), on(7, 23)
    assert life.at(now, late).result_of(late.command_id).verdict == "accepted"
    after = reports(on(7, 22, 13), OLD)
    assert life.at(now, after).result_of(after.command_id).verdict == "refused"
    too_late = reports(on(7, 22, 10), OLD)
    assert life.at(on(8, 10), too_late).result_of(too_late.command_id).verdict == "refused"
    before = reports(on(7, 22, 10), NEW)
    assert life.at(now, before).result_of(before.command_id).verdict == "refused", "it did not build then"


def test_undecided_replacement_is_told_again_and_again() -> None:
    life = site()
    life.at(on(7, 20), asks(on(7, 20)))
    life.quiet_until(on(8, 3))
    days = [local_date(HENAN, n.at) for n in life.notices if n.kind == "replacement_undecided"]
    assert days[0] == date(2021, 7, 23) and len(days) > 2 and days == sorted(set(days))


def test_only_the_named_decider_decides() -> None:
    office = Actor(id="o", role=Role.PROVINCE, unit="office")
    rule = RULE.model_copy(update={"decider": "office", "superior": "group"})
    life = site(rule)
    life.core.terms.units = life.core.terms.units.model_copy(update={"province": (PROVINCE.unit, "office")})
    life.at(on(7, 20), asks(on(7, 20)))
    assert "decided by office" in refused(life, decides(on(7, 21)))
    life.at(on(7, 21, 15), decides(on(7, 21, 15), by=office))
    assert life.core.units().enterprise == ("new",)


def test_replacements_that_make_no_sense_are_refused() -> None:
    life = replaced()
    assert "builds this site already" in refused(life, asks(on(7, 23), "new"))
    assert "does not come back" in refused(life, asks(on(7, 23, 15), "old"))
    nobody = SiteLife(builder=BuilderTerms(decision=working(2)))
    assert "names no building enterprise" in refused(nobody, asks(on(7, 20)))
    assert "nothing to decide" in refused(nobody, decides(on(7, 20)))


def test_without_a_new_one_any_but_the_old_one_reports() -> None:
    life = site()
    life.at(on(7, 20), asks(on(7, 20), None))
    life.at(on(7, 21), decides(on(7, 21)))
    assert "was replaced by" in refused(life, reports(on(7, 22), OLD))
    for hour, by in enumerate((THIRD, COUNTY, TOWN), 15):
        life.at(on(7, 22, hour), reports(on(7, 22, hour), by))
    assert life.state.done["signs"] == 3


def test_county_that_takes_over_reports_and_charges() -> None:
    life = site()
    life.at(on(7, 21), takes_over(on(7, 21)))
    assert "has taken the work over" in refused(life, reports(on(7, 22), OLD))
    assert "has taken the work over" in refused(life, reports(on(7, 22, 14), CITY))
    life.at(on(7, 22, 15), reports(on(7, 22, 15), TOWN), reports(on(7, 22, 15), COUNTY))
    assert life.state.done["signs"] == 2
    life.at(on(7, 23), charges(on(7, 23), "1200.50"))
    life.at(on(7, 24), charges(on(7, 24), "-200.5"))
    assert life.state.builders.owed == {"old": Decimal(1000)}
    assert "below 0" in refused(life, charges(on(7, 25), "-1000.01"))
    assert "costs are charged to: old" in refused(life, charges(on(7, 25, 15), "1", "third"))
    notice = [n.data for n in life.notices if n.kind == "cost_notice"]
    assert [(n["enterprise"], n["amount"], n["total"]) for n in notice][-1] == ("old", "-200.5", "1000")


def test_county_that_worked_does_not_judge() -> None:
    life = site(acceptance=AcceptanceTerms(separate_units=True))
    life.at(on(7, 20), takes_over(on(7, 20)))
    worker = COUNTY.model_copy(update={"id": "county worker"})
    life.at(on(7, 21), *all_work(on(7, 21), by=worker))
    assert life.state.stage == "verifying"
    assert "judged by another unit" in refused(life, passed(on(7, 22), "county"))


def test_charge_without_a_take_over_is_refused() -> None:
    assert "costs are charged to: nobody" in refused(replaced(), charges(on(7, 23), "1"))


def _may_report(life: SiteLife, at: datetime) -> list[Actor]:
    """Who of all these people may report work at this moment."""
    found = []
    for by in (OLD, NEW, THIRD, COUNTY, CITY, TOWN):
        photo = [{"phase": EvidencePhase.AFTER, "ref": f"{by.id}-{at}.jpg"}]
        command = said("complete_task", at, by, requirement="seal", quantity=0, evidence=photo)
        if life.core.refusal(command, at) is None:
            found.append(by)
    return found


@settings(max_examples=examples(60), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_somebody_may_report_whatever_was_replaced(seed: int) -> None:
    draw, life, at = Random(seed), site(), on(7, 20)
    for _ in range(draw.randint(2, 12)):
        at += timedelta(hours=draw.choice([1, 5, 30]))
        new = draw.choice([None, "old", "new", "third"])
        life.at(
            at,
            draw.choice(
                [asks(at, new), decides(at, True), decides(at, False), takes_over(at), charges(at, draw.choice("19"))]
            ),
        )
        may = _may_report(life, at + timedelta(minutes=1))
        assert may, "the site is never locked"
        kept = life.state.builders
        if kept is not None and kept.builders:
            gone = {"old", *(one.enterprise for one in kept.builders[:-1])} - {kept.builders[-1].enterprise}
            assert not {by.unit for by in may} & gone, "who was replaced reports nothing of after that"
            if kept.builders[-1].by_county:
                assert may == [COUNTY, TOWN]


def test_enterprise_is_corrected_only_before_any_report() -> None:
    life = site()
    record = {"enterprise": "new", "township": "另一乡"}
    life.at(on(7, 20), said("correct", on(7, 20), record=record))
    assert life.core.units().enterprise == ("new",) and life.core.units().township == ("另一乡",)
    life.at(on(7, 21), reports(on(7, 21), NEW))
    assert "is not corrected but replaced" in refused(life, said("correct", on(7, 22), record=record))
    asked = site()
    asked.at(on(7, 20), asks(on(7, 20)))
    assert "was asked for" in refused(asked, said("correct", on(7, 22), record=record))
