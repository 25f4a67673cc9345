"""A verdict comes after what it judges: levels, opinions, signatures, problems, cases and decisions in their order."""

from datetime import date, datetime
from typing import Any

from rules.site.reopening import reopen_command
from schemas import commands as cmd
from schemas.options.acceptance import ReplaceExpert
from schemas.options.modes import ModeTerms
from schemas.reopening import Cause, Reopening
from tests.support.sample_terms import (
    CITY,
    EXPERT,
    PROVINCE,
    SiteLife,
    all_work,
    extended,
    failed,
    on,
    passed,
    report,
    suspended,
)
from tests.support.signed_site import ASKING, OF_LAND, OF_WATER, UNITS, signed, to_be_signed
from tests.support.signed_site import BUILDER as SIGNED_BUILDER
from tests.unit.rules.site.options.acceptance.test_panel import awaiting_the_city, drawn, expert, thinks
from tests.unit.rules.site.options.acceptance.test_problems import adit_is_done, closing
from tests.unit.rules.site.options.acceptance.test_problems import life as by_problem
from tests.unit.rules.site.options.test_police import accepted, accepts, decides, transfers
from tests.unit.rules.site.options.test_police import site as with_a_case
from tests.unit.rules.site.test_verdicts import BUILDER as WORKER
from tests.unit.rules.site.test_verdicts import checked
from tests.unit.rules.site.test_verdicts import life as self_checked


def warned(site: SiteLife, now: datetime, command: cmd.Command) -> str:
    """The first warning of a command that is accepted now and counts as of its receipt."""
    outcome = site.at(now, command)
    result = outcome.result_of(command.command_id)
    assert result.verdict == "accepted", result.reason
    assert outcome.entries[0].at == now
    return result.warnings[0]


def about_earlier(site: SiteLife, now: datetime, command: cmd.Command) -> str:
    """The reason for which a command is refused that is about what was decided before."""
    asked = site.core.refusal(command, now)
    result = site.at(now, command).result_of(command.command_id)
    assert result.verdict == "refused"
    assert str(asked) == result.reason
    return result.reason or ""


def second_round() -> SiteLife:
    """Sent back on the 24th of July at noon, all done again on the 26th at nine."""
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 24, 12), failed(on(7, 24, 12), "county"))
    site.at(on(7, 26, 9), *all_work(on(7, 26, 9)))
    return site


# -- levels ------------------------------------------------------------------------------------------------------------


def test_verdict_of_before_the_work_counts_as_of_its_receipt() -> None:
    site = SiteLife()
    site.at(on(7, 26, 9), *all_work(on(7, 26, 9)))
    said = warned(site, on(7, 26, 12), passed(on(7, 24, 9), "county"))
    assert said == (
        "2021-07-24 09:00 is not taken as its time: it is before level 'county' was asked (2021-07-26 09:00); it "
        "counts as of its receipt, 2021-07-26 12:00"
    )
    assert '"claimed_at":"2021-07-24T01:00:00.000000Z"' in site.of("level_passed")[0].data


def test_levels_never_pass_in_reversed_order_of_time() -> None:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 25, 9), passed(on(7, 25, 9), "county"))
    assert "level 'city' was asked (2021-07-25 09:00)" in warned(site, on(7, 26, 9), passed(on(7, 24, 9), "city", CITY))
    assert site.state.settled_at == on(7, 26, 9)


def test_level_is_asked_when_the_latest_work_was_done() -> None:
    """The report that completes the work arrives last and is of an earlier hour than the other one."""
    site = SiteLife()
    site.at(on(7, 26, 9), report(on(7, 26, 9), "seal", 2, "after"))
    site.at(on(7, 26, 12), report(on(7, 24, 9), "signs", 3))
    assert site.of("verification_requested")[0].at == site.state.level_since == on(7, 26, 9)


def test_pass_is_not_of_before_work_that_was_reported_meanwhile() -> None:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 24, 9), report(on(7, 24, 9), "signs", 1))
    assert "2021-07-24 09:00" in warned(site, on(7, 25, 9), passed(on(7, 23, 9), "county"))


def test_claim_is_judged_with_what_its_batch_asked_before() -> None:
    site = SiteLife()
    verdict, work = passed(on(7, 26, 8), "county"), all_work(on(7, 26, 9))
    outcome = site.at(on(7, 26, 12), verdict, *work)
    assert outcome.result_of(verdict.command_id).verdict == "accepted"
    assert site.of("level_passed")[0].at == on(7, 26, 12)
    site = SiteLife()
    outcome = site.at(on(7, 26, 12), passed(on(7, 26, 10), "county"), passed(on(7, 26, 11), "city", CITY), *work)
    assert [entry.at for entry in site.of("level_passed") + site.of("closed")] == [on(7, 26, 10), on(7, 26, 11)]


def test_verdict_about_an_earlier_round_is_refused() -> None:
    said = about_earlier(second_round(), on(7, 26, 12), passed(on(7, 24, 9), "county"))
    assert said == (
        "verify of 2021-07-24 09:00 is about round 1, which was over on 2021-07-24 12:00; what is about the present is "
        "given with its own day"
    )
    assert "about round 1" in about_earlier(second_round(), on(7, 30, 12), passed(on(7, 23, 9), "county"))


def test_verdict_between_failure_and_question_counts_as_of_its_receipt() -> None:
    site = second_round()
    assert "level 'county' was asked (2021-07-26 09:00)" in warned(
        site, on(7, 26, 12), passed(on(7, 25, 9), "county", EXPERT)
    )


def test_verdict_of_before_the_reopening_is_refused() -> None:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 22, 10), passed(on(7, 22, 10), "county"))
    site.at(on(7, 22, 11), passed(on(7, 22, 11), "city", CITY))
    about = Reopening(site_id="x", reason="扒开", failed_requirements=("signs",))
    site.at(on(7, 24, 9), reopen_command(about, on(7, 24, 9), Cause.RELAPSE, "finding-1"))
    site.at(on(7, 24, 12), report(on(7, 24, 12), "signs", 3))
    assert "about round 1" in about_earlier(site, on(7, 25, 9), passed(on(7, 23, 9), "county"))


def test_third_round_says_that_a_verdict_may_be_about_either() -> None:
    site = second_round()
    site.at(on(7, 26, 16), failed(on(7, 26, 16), "county"))
    site.at(on(7, 27, 9), *all_work(on(7, 27, 9)))
    assert "about round 2 or an earlier one" in about_earlier(site, on(7, 27, 12), passed(on(7, 26, 10), "county"))


def test_site_is_not_opened_again_before_it_was_struck_off() -> None:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 23, 9), passed(on(7, 23, 9), "county"))
    site.at(on(7, 24, 9), passed(on(7, 24, 9), "city", CITY))
    about = Reopening(site_id="x", reason="扒开")
    order = reopen_command(about, on(7, 23, 12), Cause.LOOK_BACK, "finding-1")
    assert site.at(on(7, 25, 9), order).entries[0].at == on(7, 25, 9)
    question = site.core.answers(order)
    assert question is None or question.since is None, "it is open again"


# -- experts, problems, signatures -------------------------------------------------------------------------------------


def test_opinion_and_replacement_come_after_the_draw() -> None:
    site = awaiting_the_city()
    first, second, _ = drawn(site)
    assert "level 'city' was asked" in warned(site, on(7, 22, 9), thinks(21, expert(first), hour=8))
    replace = ReplaceExpert(
        command_id="replace", actor=PROVINCE, effective_at=on(7, 20, 9), level="city", expert=second.id, reason="病假"
    )
    assert "level 'city' was asked" in warned(site, on(7, 22, 10), replace)


def test_verdict_comes_after_the_opinions_it_rests_on() -> None:
    site = awaiting_the_city()
    for number, member in enumerate(drawn(site)):
        site.at(on(7, 22 + number, 10), thinks(22 + number, expert(member), good=False))
    assert "opinion" in warned(site, on(7, 25, 9), failed(on(7, 23, 9), "city", by=CITY))


def test_opinion_about_an_earlier_round_is_refused() -> None:
    site = awaiting_the_city()
    for member in drawn(site):
        site.at(on(7, 22, 10), thinks(22, expert(member), good=False))
    site.at(on(7, 22, 12), failed(on(7, 22, 12), "city", by=CITY))
    site.at(on(7, 23, 9), *all_work(on(7, 23, 9)))
    site.at(on(7, 23, 10), passed(on(7, 23, 10), "county"))
    [_, again] = site._events("panel_drawn")
    assert "about round 1" in about_earlier(site, on(7, 23, 12), thinks(22, expert(again.experts[0]), hour=11))


def test_problem_is_accepted_after_the_work_that_serves_it() -> None:
    site = by_problem()
    adit_is_done(site, 22)
    site.at(on(7, 23, 9), report(on(7, 23, 9), "signs:pit", 1))
    early = closing("adit", 21)
    assert "the latest work for the problem 'adit' was done (2021-07-22 09:00)" in warned(site, on(7, 23, 10), early)
    accepted_at_noon = closing("pit", 23)
    site.at(on(7, 23, 13), accepted_at_noon)
    assert site.of("problem_closed")[-1].at == on(7, 23, 12), "what serves another problem does not matter"


def test_acceptance_of_before_a_problem_was_returned_is_refused() -> None:
    site = by_problem()
    adit_is_done(site, 20)
    site.at(on(7, 21, 12), closing("adit", 21, good=False, opinion="松动"))
    site.at(on(7, 22, 9), report(on(7, 21, 9), "seal", 2, "after"))
    assert site.state.done["seal"] == 0, "work of before it was returned is no rework"
    assert site.state.reports and site.state.round == 1
    adit_is_done(site, 22)
    early = closing("adit", 20, by=EXPERT)
    assert "work for 'adit' that was sent back" in about_earlier(site, on(7, 22, 12), early)


def test_signature_comes_after_the_sign_off_was_asked() -> None:
    site = to_be_signed()
    assert "level 'sign_off' was asked" in warned(site, on(7, 22, 9), signed(on(7, 20, 9), OF_WATER))


def test_site_is_struck_off_when_the_last_department_signed_by_date() -> None:
    """The signature that arrives last is of an earlier day than the other: both keep theirs."""
    site = to_be_signed()
    site.at(on(7, 23, 9), signed(on(7, 23, 9), OF_WATER))
    site.at(on(7, 24, 9), signed(on(7, 22, 9), OF_LAND))
    assert [entry.at for entry in site.of("signed_off")] == [on(7, 23, 9), on(7, 22, 9)]
    assert site.state.settled_at == on(7, 23, 9)


def test_signature_about_an_earlier_round_is_refused() -> None:
    site = to_be_signed(sign_off=ASKING, units=UNITS)
    refusal = signed(on(7, 22, 9), OF_LAND, passed=False, opinion="排水不畅")
    site.at(on(7, 22, 9), refusal)
    site.at(on(7, 23, 9), *all_work(on(7, 23, 9), by=SIGNED_BUILDER))
    site.at(on(7, 23, 10), passed(on(7, 23, 10), "county"))
    site.at(on(7, 23, 11), passed(on(7, 23, 11), "city", CITY))
    assert "about round 1" in about_earlier(site, on(7, 23, 12), signed(on(7, 21, 15), OF_WATER))


def test_self_check_comes_after_the_work() -> None:
    site = self_checked()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9), by=WORKER))
    assert "level 'self' was asked" in warned(site, on(7, 22, 12), checked(21))


# -- the deadline, the case, the modes ---------------------------------------------------------------------------------


def test_extension_of_an_earlier_round_is_refused() -> None:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 24, 12), failed(on(7, 24, 12), "county"))
    assert "about round 1" in about_earlier(site, on(7, 25, 9), extended(on(7, 23, 9), date(2021, 9, 30)))


def test_site_stands_still_from_the_receipt_if_its_round_began_later() -> None:
    site = second_round()
    assert "round 2 began" in warned(site, on(7, 26, 12), suspended(on(7, 23, 15)))


def test_steps_of_a_case_follow_each_other() -> None:
    site = with_a_case()
    site.at(on(8, 10, 9), transfers(on(8, 10, 9)))
    assert "the case was transferred (2021-08-10 09:00)" in warned(site, on(8, 11, 9), accepts(on(8, 9, 9)))
    assert "the case was accepted" in warned(site, on(8, 12, 9), decides(on(8, 10, 9), "filed"))


def test_site_that_waits_for_its_case_closes_after_its_levels() -> None:
    site = with_a_case()
    site.at(on(8, 9, 9), transfers(on(8, 9, 9)))
    accepted(site)
    site.at(on(8, 11, 9), decides(on(8, 9, 12), "filed"))
    assert site.of("case_decided")[0].at == on(8, 9, 12)
    assert site.state.settled_at == on(8, 10, 11)


def test_mode_is_decided_after_it_was_proposed() -> None:
    site = SiteLife(modes=ModeTerms(confirmed_by_province=True))

    def said(kind: str, by: Any, at: datetime, **content: Any) -> cmd.Command:
        return cmd.SITE_COMMANDS[kind].model_validate(
            {"kind": kind, "command_id": f"{kind}-{at}", "actor": by, "effective_at": at, **content}
        )

    site.at(on(7, 22, 9), said("set_mode", CITY, on(7, 22, 9), restoration_mode="market", funding_mode="fiscal"))
    decision = said("decide_mode", PROVINCE, on(7, 21, 9), confirmed=True)
    assert "the mode was proposed (2021-07-22 09:00)" in warned(site, on(7, 22, 12), decision)
