"""Sign-off: a site that passed every level is struck off when each of its departments has signed."""

import pytest

from rendering.specimens import frozen_plan
from rules.site.aggregate import SiteAggregate
from rules.site.reopening import reopen_command
from rules.site.state import SiteState
from rules.terms.options import sign_off_of
from schemas.actor import Actor, Role
from schemas.offices import Recipient
from schemas.options.acceptance import AcceptanceTerms, CloseProblem
from schemas.options.sign_off import SignOffRule
from schemas.register import Site
from schemas.reopening import Cause, Reopening
from schemas.site.terms import Requirement
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    SiteLife,
    all_work,
    amended,
    calendar_days,
    deadline,
    failed,
    on,
    passed,
    refused,
    report,
    site_terms,
    suspended,
    working,
)
from tests.support.sample_terms import resumed as resumed_on
from tests.support.signed_site import (
    ASKING,
    BUILDER,
    ENTERPRISE,
    LAND,
    LEAD,
    OF_LAND,
    OF_WATER,
    UNITS,
    WATER,
    signed,
    to_be_signed,
)


def test_last_level_requests_sign_off_instead_of_closing() -> None:
    site = to_be_signed()
    assert site.kinds()[-2:] == ["level_passed", "sign_off_requested"]
    assert (site.state.stage, site.state.level, site.state.level_due) == ("verifying", "sign_off", deadline(7, 28))
    assert site.core.view(site.now).signatures == {LAND: None, WATER: None}


def test_it_is_struck_off_when_the_last_department_has_signed() -> None:
    site = to_be_signed()
    site.at(on(7, 22, 9), signed(on(7, 22, 9), OF_WATER))
    assert site.state.stage == "verifying"
    site.at(on(7, 23, 9), signed(on(7, 23, 9), OF_LAND))
    assert site.kinds()[-2:] == ["signed_off", "closed"]
    assert site.state.stage == "closed"
    signatures = {LAND: on(7, 23, 9), WATER: on(7, 22, 9)}
    assert site.core.view(site.now).signatures == signatures
    facts = site.core.row().facts
    assert facts is not None
    assert facts.signatures == signatures


def test_last_level_closes_without_option_or_departments() -> None:
    site = to_be_signed(sign_off=None)
    assert site.state.stage == "closed"
    assert "signatures" not in site.core.view(site.now).model_dump(mode="json")


def test_department_refusal_returns_site_with_opinion() -> None:
    site = to_be_signed()
    site.at(on(7, 22, 9), signed(on(7, 22, 9), OF_WATER))
    assert "opinion in writing" in refused(site, signed(on(7, 22, 10), OF_LAND, passed=False))
    refusal = signed(on(7, 22, 11), OF_LAND, passed=False, opinion="排水不畅", failed_requirements=("signs",))
    site.at(on(7, 22, 11), refusal)
    s = site.state
    assert (s.stage, s.round, s.level, s.due, s.done) == (
        "rectifying",
        2,
        None,
        deadline(8, 5),
        {"seal": 2, "signs": 0},
    )
    assert s.sign_off is None
    opinion = next(n for n in site.notices if n.kind == "rectification_opinion")
    assert (opinion.data["department"], opinion.data["level"]) == (LAND, "sign_off")
    site.at(on(7, 23, 9), report(on(7, 23, 9), "signs", 3, by=BUILDER))
    site.at(on(7, 24, 9), passed(on(7, 24, 9), "county"))
    site.at(on(7, 24, 10), passed(on(7, 24, 10), "city", by=CITY))
    assert site.core.view(site.now).signatures == {LAND: None, WATER: None}, "every department signs each round"


def test_refusal_in_last_round_reports_rounds_exhausted() -> None:
    site = to_be_signed(max_rounds=1)
    site.at(on(7, 22), signed(on(7, 22), OF_LAND, passed=False, opinion="重做"))
    assert [n.kind for n in site.notices] == ["rectification_opinion", "rounds_exhausted"]


@pytest.mark.parametrize(
    ("by", "why"),
    [
        (OF_LAND.model_copy(update={"id": BUILDER.id}), "reported work"),
        (OF_LAND.model_copy(update={"id": CITY.id}), "passed level 'city'"),
        (OF_LAND.model_copy(update={"id": OF_WATER.id}), f"signed for {WATER} already"),
        (OF_WATER.model_copy(update={"id": "another"}), f"signed already, on 2021-07-22; still to sign: {LAND}"),
        (BUILDER, "rule sign_off/*: sign_off is for the roles department"),
        (
            Actor(id="x", role=Role.DEPARTMENT, unit="县林业局"),
            "rule sign_off/department: sign_off by the role departm",
        ),
        (Actor(id="x", role=Role.DEPARTMENT, unit=ENTERPRISE), "rule sign_off/department"),
    ],
)
def test_department_signs_once_by_uninvolved_person(by: Actor, why: str) -> None:
    site = to_be_signed()
    site.at(on(7, 22, 9), signed(on(7, 22, 9), OF_WATER))
    assert why in refused(site, signed(on(7, 22, 10), by))


def test_who_accepted_a_problem_of_the_site_does_not_sign_it_off() -> None:
    by_problem = AcceptanceTerms(problems_level="county", problems=("open_adit",))
    site = SiteLife(sign_off=ASKING, units=UNITS, acceptance=by_problem)
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9), by=BUILDER))
    inspector = COUNTY.model_copy(update={"id": OF_LAND.id})
    at = on(7, 20, 10)
    closing = CloseProblem(
        command_id="part", actor=inspector, effective_at=at, level="county", problem="open_adit", passed=True
    )
    site.at(at, closing)
    site.at(on(7, 21, 9), passed(on(7, 21, 9), "county"))
    site.at(on(7, 21, 10), passed(on(7, 21, 10), "city", by=CITY))
    assert "accepted the problem 'open_adit'" in refused(site, signed(on(7, 22, 9), OF_LAND))
    site.at(on(7, 22, 10), signed(on(7, 22, 10), OF_LAND.model_copy(update={"id": "a colleague"})))


def test_signer_reports_no_work_enterprise_only_its_own() -> None:
    site = SiteLife(sign_off=ASKING, units=UNITS)
    reserved = "is only where no enterprise is named; here it is for the enterprise"
    for by, why in (
        (OF_LAND, "rule complete_task/*"),
        (CITY, f"rule complete_task/city: complete_task by the role city {reserved} {ENTERPRISE}"),
        (Actor(id="rival", role=Role.ENTERPRISE, unit="别家企业"), "rule complete_task/builder"),
    ):
        assert why in refused(site, report(on(7, 20), "signs", 1, by=by))
    site.at(on(7, 20, 1), report(on(7, 20, 1), "signs", 1, by=BUILDER))
    unnamed = SiteLife(sign_off=ASKING, units=UNITS.model_copy(update={"enterprise": ()}))
    for by in (CITY, Actor(id="any", role=Role.ENTERPRISE, unit="别家企业")):
        unnamed.at(on(7, 20, 2), report(on(7, 20, 2), "signs", 1, by=by))
    assert unnamed.kinds().count("task_reported") == 2


def test_sign_off_level_not_verified_and_not_signed_early() -> None:
    site = to_be_signed()
    for verdict in (passed(on(7, 22), "sign_off"), failed(on(7, 22), "sign_off")):
        assert f"{LAND}, {WATER} sign for themselves" in refused(site, verdict)
    fresh = SiteLife(sign_off=ASKING, units=UNITS)
    assert "sign_off is not allowed while the site is rectifying" in refused(fresh, signed(on(7, 20), OF_LAND))
    fresh.at(on(7, 20, 1), *all_work(on(7, 20, 1), by=BUILDER))
    assert "it awaits level 'county'" in refused(fresh, signed(on(7, 20, 2), OF_LAND))


def test_where_nothing_is_signed_off_a_signature_is_refused() -> None:
    site = SiteLife(units=UNITS)
    site.at(on(7, 20, 1), *all_work(on(7, 20, 1), by=BUILDER))
    assert "this site has no sign-off" in refused(site, signed(on(7, 20, 2), OF_LAND))


def test_overdue_sign_off_escalates_with_fresh_grace() -> None:
    site = to_be_signed()
    site.at(on(7, 26, 9), signed(on(7, 26, 9), OF_WATER))
    site.quiet_until(on(9, 1))
    told = [(n.at, n.rung, n.data["departments"], n.data["lead_government"]) for n in site.notices]
    assert told == [
        (deadline(7, 28), 0, [LAND], LEAD),
        (deadline(8, 3), 1, [LAND], LEAD),  # reported on Thursday 29 July, plus three working days
        (deadline(8, 9), 3, [LAND], LEAD),  # reported on Wednesday 4 August
    ]
    assert site.kinds().count("sign_off_overdue") == 3
    assert site.core.is_overdue(site.now)
    site.at(on(9, 1, 9), signed(on(9, 1, 9), OF_LAND))
    assert site.state.stage == "closed"


def test_after_an_outage_each_step_is_told_with_its_own_grace() -> None:
    site = to_be_signed()
    site.at(on(8, 20, 12))
    assert site.kinds().count("sign_off_overdue") == 1
    assert site.core.next_due(site.now) == deadline(8, 25)  # counted from the day of the report


def test_suspended_site_not_signed_off_and_time_restored() -> None:
    site = to_be_signed()
    site.at(on(7, 29, 9))  # the lead government was notified; the next step is due at the end of 3 August
    assert site.core.next_due(site.now) == deadline(8, 3)
    site.at(on(7, 30), suspended(on(7, 30)))
    assert "suspended" in refused(site, signed(on(7, 30, 1), OF_LAND))
    site.at(on(8, 9), resumed_on(on(8, 9)))
    assert site.core.next_due(site.now) == deadline(8, 13)


def test_pauses_give_the_next_step_one_day_in_all() -> None:
    site = to_be_signed()
    site.at(on(7, 29, 9))
    for hour in (10, 11, 12):
        site.at(on(7, 30, hour), suspended(on(7, 30, hour)))
        site.at(on(7, 30, hour, 1), resumed_on(on(7, 30, hour, 1)))
    assert site.core.next_due(site.now) == deadline(8, 4)


def test_step_that_fell_meanwhile_gives_the_next_a_fresh_grace() -> None:
    site = to_be_signed(late_report=calendar_days(20))
    site.quiet_until(on(8, 5))  # told on 29 July and on 4 August
    assert site.state.sign_off.steps == 2
    site.at(on(8, 5, 9), suspended(on(8, 2)))
    site.at(on(8, 20, 9), resumed_on(on(8, 20, 9)))
    assert site.state.sign_off.steps == 2
    assert site.core.next_due(site.now) == deadline(8, 25), "three working days from Friday 20 August"


def test_step_that_fell_before_the_deadline_moved_is_made_again() -> None:
    site = to_be_signed(late_report=calendar_days(20))
    site.quiet_until(on(7, 30))
    site.at(on(7, 30, 9), suspended(on(7, 26)))
    site.at(on(8, 5), resumed_on(on(8, 5)))
    assert (site.state.sign_off.steps, site.state.level_due) == (0, deadline(8, 7))
    site.quiet_until(on(8, 8))
    assert [notice.data["due"] for notice in site.notices] == ["2021-07-28", "2021-08-07"]
    assert len({notice.key for notice in site.notices}) == 2


def test_recalled_site_needs_new_signatures_and_new_notice() -> None:
    site = to_be_signed()
    site.at(on(7, 26, 9), signed(on(7, 26, 9), OF_WATER))
    site.at(on(7, 29, 9))  # the other was reported as overdue
    more = (*site_terms().requirements, Requirement(id="fence", quantity=1, unit="m"))
    site.at(on(7, 29, 10), amended(on(7, 29, 10), requirements=more))
    assert site.state.stage == "rectifying"
    facts = site.core.row().facts
    assert facts is None or facts.signatures == {}, "nobody is asked at the moment"
    site.at(on(7, 30, 9), report(on(7, 30, 9), "fence", 1, by=BUILDER))
    site.at(on(7, 30, 10), passed(on(7, 30, 10), "county"))
    site.at(on(7, 30, 11), passed(on(7, 30, 11), "city", by=CITY))
    assert site.core.view(site.now).signatures == {LAND: None, WATER: None}
    site.quiet_until(on(8, 7))
    told = [n.key for n in site.notices if n.kind == "sign_off_overdue"]
    assert len(told) == 2
    assert len(set(told)) == 2, "the second is another notice, not the first one again"


def test_reopened_site_shows_no_earlier_signatures() -> None:
    site = to_be_signed()
    for by, day in ((OF_WATER, 22), (OF_LAND, 23)):
        site.at(on(7, day, 9), signed(on(7, day, 9), by))
    about = Reopening(site_id=site.core.terms.site_id, reason="反弹")
    site.at(on(8, 2, 9), reopen_command(about, on(8, 2, 9), Cause.RELAPSE, "finding-1"))
    assert site.state.stage == "rectifying"
    assert site.core.view(site.now).signatures == {}


def test_the_ledger_alone_gives_back_who_has_signed() -> None:
    site = to_be_signed()
    site.at(on(7, 22, 9), signed(on(7, 22, 9), OF_WATER))
    site.at(on(8, 2, 9))
    again = SiteAggregate(site.core.terms)
    again.restore(site.entries)
    assert again.state == site.state
    assert SiteState.model_validate_json(site.core.snapshot()) == site.state


def test_a_plan_asks_each_higher_office_once() -> None:
    rule = SignOffRule(due=working(5))
    site = Site(id="s", name="n", city="410400", county="410423", type="t", departments=(LAND,), lead_government=LEAD)
    plan = frozen_plan(sign_off=rule).plan
    asked = sign_off_of(plan, site)
    assert asked is not None
    assert (asked.upward, asked.rungs) == (working(5), (0, 1))
    headed = plan.cities[0].model_copy(update={"head": Recipient(name="市长（示例）")})
    with_head = sign_off_of(plan.model_copy(update={"cities": (headed,)}), site)
    assert with_head is not None
    assert with_head.rungs == (0, 1, 3)
    led_by_the_city = sign_off_of(plan, site.model_copy(update={"lead_government": plan.cities[0].lead}))
    assert led_by_the_city is not None
    assert led_by_the_city.rungs == (0,)
    led_by_nobody = sign_off_of(plan, site.model_copy(update={"lead_government": None}))
    assert led_by_nobody is not None
    assert led_by_nobody.rungs == (1,)
    assert sign_off_of(plan, site.model_copy(update={"departments": ()})) is None
    assert sign_off_of(frozen_plan().plan, site) is None
