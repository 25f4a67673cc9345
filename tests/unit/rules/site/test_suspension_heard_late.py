"""A suspension that the engine hears of later changes nothing that was sent, and takes its grace from nobody."""

from datetime import date

from schemas.options.acceptance import AcceptanceTerms
from tests.support.sample_terms import (
    LADDER,
    SiteLife,
    all_work,
    calendar_days,
    deadline,
    failed,
    on,
    resumed,
    suspended,
)


def heard_late(*, approval: bool = False) -> SiteLife:
    """Due on 20 August, on a rung since Monday 23, suspended since Saturday 21: the engine hears of it on the 25th."""
    ladder = tuple(one.model_copy(update={"approval": approval}) for one in LADDER)
    site = SiteLife(late_report=calendar_days(20), ladder=ladder)
    site.quiet_until(on(8, 24))
    site.at(on(8, 25), suspended(on(8, 21)))
    return site


def test_rung_that_fell_meanwhile_stays_with_a_full_grace() -> None:
    site = heard_late()
    assert site.climbs() == [(2, date(2021, 8, 23))]
    site.at(on(9, 15), resumed(on(9, 15)))
    site.quiet_until(on(9, 28))
    # Five working days after Wednesday 15: Thursday, Friday, Saturday (make-up), Wednesday, Thursday.
    assert site.climbs() == [(2, date(2021, 8, 23)), (3, date(2021, 9, 23))]


def test_rung_proposed_meanwhile_is_dropped_and_proposed_anew() -> None:
    site = heard_late(approval=True)
    assert site.climbs() == [(2, date(2021, 8, 23))]
    assert (site.state.rung, site.state.rung_waits) == (0, False)
    site.at(on(9, 15), resumed(on(9, 15)))
    site.quiet_until(on(9, 29))
    # Two days of the grace were left, from Saturday 21 to Monday 23.
    assert site.climbs() == [(2, date(2021, 8, 23)), (2, date(2021, 9, 17))]
    assert site.state.proposals == {"2": 2} and site.state.rung_waits


def test_rung_that_fell_before_the_deadline_moved_counts_from_it() -> None:
    site = SiteLife(late_report=calendar_days(20))
    site.quiet_until(on(8, 24))
    site.at(on(8, 25), suspended(on(8, 10)))
    site.at(on(9, 10), resumed(on(9, 10)))
    assert site.core.current_due() == deadline(9, 20), "31 days later"
    site.quiet_until(on(10, 8))
    # Five working days after Monday 20: Wednesday to Friday, Sunday (make-up), Monday.
    assert site.climbs() == [(2, date(2021, 8, 23)), (3, date(2021, 9, 27))]


def test_lower_rung_that_fell_meanwhile_gets_its_grace_too() -> None:
    first, *rest = LADDER
    ladder = (first, *(one.model_copy(update={"approval": True}) for one in rest))
    site = SiteLife(late_report=calendar_days(20), ladder=ladder)
    site.quiet_until(on(9, 1))
    assert site.climbs() == [(2, date(2021, 8, 23)), (3, date(2021, 8, 30))] and site.state.rung_waits
    site.at(on(9, 1, 1), suspended(on(8, 21)))
    assert (site.state.rung, site.state.rung_waits) == (2, False)
    site.at(on(9, 15), resumed(on(9, 15)))
    site.quiet_until(on(9, 29))
    assert site.climbs()[-1] == (3, date(2021, 9, 23))


def test_rung_of_used_up_rounds_is_not_dropped() -> None:
    """It is proposed for the failures, ahead of the deadline: no time that stood still brought it about."""
    ladder = tuple(one.model_copy(update={"approval": True}) for one in LADDER)
    asks = AcceptanceTerms(exhausted_rung=4)
    site = SiteLife(late_report=calendar_days(20), ladder=ladder, acceptance=asks, max_rounds=1)
    site.at(on(7, 26, 9), *all_work(on(7, 26, 9)))
    site.at(on(7, 27, 9), failed(on(7, 27, 9), "county"))
    site.quiet_until(on(7, 29))
    assert (site.state.rung, site.state.rung_waits) == (4, True)
    site.at(on(7, 29, 9), suspended(on(7, 27, 12)))
    assert (site.state.rung, site.state.rung_waits) == (4, True)


def test_reminder_that_fell_meanwhile_is_sent_before_the_new_day() -> None:
    site = SiteLife(late_report=calendar_days(20), reminder_days=(3,))
    site.quiet_until(on(8, 18))
    assert site.reminders() == [(3, date(2021, 8, 17))]
    site.at(on(8, 18, 1), suspended(on(8, 16)))
    site.at(on(8, 26), resumed(on(8, 26)))
    site.quiet_until(on(8, 31))
    assert site.core.current_due() == deadline(8, 30)
    assert site.reminders() == [(3, date(2021, 8, 17)), (3, date(2021, 8, 27))]


def test_overdue_verdict_that_fell_meanwhile_may_be_overdue_again() -> None:
    site = SiteLife(late_report=calendar_days(20))
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.quiet_until(on(8, 14))
    assert site.kinds().count("acceptance_overdue") == 1
    site.at(on(8, 15), suspended(on(8, 10)))
    site.at(on(8, 20), resumed(on(8, 20)))
    assert not site.state.level_overdue
    site.quiet_until(on(8, 25))
    assert site.kinds().count("acceptance_overdue") == 2
