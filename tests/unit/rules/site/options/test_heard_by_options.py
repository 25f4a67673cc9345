"""Deadlines that late requests, refusals, signatures and reopenings set count from when the engine heard of them."""

from datetime import date

from rules.calendar import clause_end
from schemas.actor import ENGINE
from schemas.reopening import Cause, Reopen
from tests.support.sample_terms import CITY, HENAN, SiteLife, all_work, calendar_days, deadline, on, passed
from tests.support.signed_site import ASKING, BUILDER, OF_LAND, UNITS, signed, to_be_signed
from tests.unit.rules.site.options.test_extensions import RULE, asks, refuses, site


def test_decision_on_a_request_heard_late_is_due_from_then() -> None:
    life = site()
    life.at(on(8, 12, 9), asks(on(8, 10, 9)))
    assert life.state.extension_requests is not None and life.state.extension_requests.pending is not None
    assert life.state.extension_requests.pending.decision_due == clause_end(HENAN, on(8, 12, 9), RULE.decision)


def test_nobody_climbs_on_the_day_on_which_a_refusal_is_heard() -> None:
    life = site()
    life.at(on(8, 17, 9), asks(on(8, 17, 9)))
    life.at(on(8, 23, 9), refuses(on(8, 20, 9)))
    assert life.state.climbs_from == date(2021, 8, 24)


def test_site_opened_again_is_due_counted_from_the_receipt() -> None:
    life = SiteLife(re_rectification=calendar_days(1), late_report=calendar_days(20))
    life.at(on(7, 20, 9), *all_work(on(7, 20, 9)))
    life.at(on(7, 21, 9), passed(on(7, 21, 9), "county"))
    life.at(on(7, 21, 10), passed(on(7, 21, 10), "city", by=CITY))
    order = Reopen(
        command_id="again", actor=ENGINE, effective_at=on(7, 22, 9), cause=Cause.LOOK_BACK, origin="f", reason="r"
    )
    life.at(on(7, 28, 9), order)
    assert life.state.due == deadline(7, 29)


def test_departments_asked_by_a_late_verdict_have_their_clause_from_its_receipt() -> None:
    life = SiteLife(sign_off=ASKING, units=UNITS, late_report=calendar_days(20))
    life.at(on(7, 20, 9), *all_work(on(7, 20, 9), by=BUILDER))
    life.at(on(7, 21, 9), passed(on(7, 21, 9), "county"))
    life.at(on(7, 28, 9), passed(on(7, 21, 10), "city", by=CITY))
    assert life.state.level_due == clause_end(HENAN, on(7, 28, 9), ASKING.due)


def test_work_after_a_refused_signature_is_due_counted_from_the_receipt() -> None:
    life = to_be_signed(re_rectification=calendar_days(1), late_report=calendar_days(20))
    life.at(on(7, 27, 9), signed(on(7, 22, 9), OF_LAND, passed=False, opinion="重做"))
    assert life.state.due == deadline(7, 28)
