"""Suspensions: what stands still, and what many of them give back."""

from datetime import date, datetime, timedelta

import pytest

from schemas.answers import Verdict
from schemas.deferrals import SuspensionBasis, SuspensionSums
from tests.support.sample_terms import (
    CITY,
    PROVINCE,
    SiteLife,
    all_work,
    calendar_days,
    deadline,
    extended,
    on,
    report,
    resumed,
    suspended,
)

# -- suspension --------------------------------------------------------------------------------------------------------


def test_suspension_gives_the_time_back() -> None:
    site = SiteLife()
    site.at(on(8, 2, 9), suspended(on(8, 2, 9)))
    assert site.core.next_due(on(8, 2, 9)) == deadline(10, 31), "nothing but the end happens meanwhile"
    site.at(on(8, 12, 9), resumed(on(8, 12, 9)))
    assert site.core.current_due() == deadline(8, 30), "ten days later"
    site.quiet_until(on(9, 1))
    assert site.climbs() == [(2, date(2021, 8, 31))]


def test_part_of_a_day_is_given_back_as_a_whole_one() -> None:
    site = SiteLife()
    site.at(on(8, 2, 9), suspended(on(8, 2, 9)))
    site.at(on(8, 2, 10), resumed(on(8, 2, 10)))
    assert site.core.current_due() == deadline(8, 21)


def test_a_suspended_site_does_not_climb_nor_is_it_reminded() -> None:
    site = SiteLife(reminder_days=(7, 3, 1))
    site.at(on(8, 10), suspended(on(8, 10)))
    site.quiet_until(on(9, 30))
    assert site.kinds() == ["opened", "suspended"]


def test_the_time_given_back_ends_with_the_campaign() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(10, 20), resumed(on(10, 20)))
    assert site.core.current_due() == deadline(10, 31)


def test_overdue_site_suspension_extends_grace_not_deadline() -> None:
    site = SiteLife()
    site.quiet_until(on(8, 24))
    assert site.climbs() == [(2, date(2021, 8, 23))]
    # Of the five working days after the order one had passed when the flood came.
    site.at(on(8, 25), suspended(on(8, 25)))
    site.at(on(9, 8), resumed(on(9, 8)))
    assert site.core.current_due() == deadline(8, 20)
    site.quiet_until(on(9, 30))
    assert site.climbs() == [(2, date(2021, 8, 23)), (3, date(2021, 9, 13)), (4, date(2021, 9, 18))]


def test_a_site_never_climbs_on_the_day_it_is_resumed() -> None:
    site = SiteLife()
    site.at(on(8, 21), suspended(on(8, 21)))
    site.at(on(8, 23, 1), resumed(on(8, 23, 1)))
    site.quiet_until(on(9, 1))
    assert site.climbs()[0][1] > date(2021, 8, 23)


def test_the_verdict_s_deadline_stands_still_as_well() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 5), suspended(on(8, 5)))
    site.at(on(8, 15), resumed(on(8, 15)))
    assert site.core.current_due() == deadline(8, 22)


def test_work_done_before_is_verified_after_resumption() -> None:
    site = SiteLife(late_report=calendar_days(20))
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(8, 10), *all_work(on(8, 1)))
    assert site.core.outstanding() == {} and site.state.level is None, "a suspended site is not judged"
    site.at(on(8, 12), resumed(on(8, 12)))
    assert site.state.level == "county"
    assert site.core.current_due() == deadline(8, 22), "the whole clause, from the resumption"


def test_suspension_that_was_over_does_not_move_what_was_set_after() -> None:
    site = SiteLife(late_report=calendar_days(20))
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(8, 10), resumed(on(8, 10)))
    site.at(on(8, 12, 9), *all_work(on(8, 1)))
    assert site.core.current_due() == deadline(8, 22), "counted from the day on which the engine heard of the work"
    site.at(on(8, 13, 9), suspended(on(8, 13, 9)))
    site.at(on(8, 13, 10), resumed(on(8, 13, 10)))
    assert site.core.current_due() == deadline(8, 23)


def test_work_done_before_is_verified_when_the_last_day_ends_it() -> None:
    site = SiteLife(late_report=calendar_days(20))
    to_a_day = suspended(on(8, 2)).model_copy(update={"until": date(2021, 8, 11)})
    site.at(on(8, 2), to_a_day)
    site.at(on(8, 10), *all_work(on(8, 1)))
    site.quiet_until(on(8, 13))
    assert site.kinds()[-2:] == ["resumed", "verification_requested"]
    assert site.core.current_due() == deadline(8, 22)


@pytest.mark.parametrize(("done", "heard"), [(on(8, 5), on(8, 6)), (on(8, 5), on(8, 12)), (on(8, 2), on(8, 6))])
def test_work_done_while_time_stands_still_is_refused(done: datetime, heard: datetime) -> None:
    site = SiteLife(late_report=calendar_days(20))
    site.at(on(8, 2), suspended(on(8, 2)).model_copy(update={"basis": SuspensionBasis.FLOOD}))
    if heard > on(8, 10):
        site.at(on(8, 10), resumed(on(8, 10)))
    told = report(done, "signs", 1)
    outcome = site.at(heard, told)
    reason = outcome.result_of(told.command_id).reason or ""
    assert site.state.done["signs"] == 0
    assert "2021-08-02 00:00" in reason and "(flood: flood)" in reason and "suspension.work_counts" in reason


@pytest.mark.parametrize(
    ("done", "heard", "counts"),
    [(on(7, 30), on(8, 6), 1), (on(7, 30), on(8, 12), 1), (on(8, 5), on(8, 20), 0), (on(8, 12), on(8, 20), 1)],
    ids=["before, heard during it", "before", "during it", "after"],
)
def test_time_of_work_decides_beyond_the_tolerance_too(done: datetime, heard: datetime, counts: int) -> None:
    site = SiteLife(late_report=calendar_days(1))
    site.at(on(8, 2), suspended(on(8, 2)))
    if heard > on(8, 10):
        site.at(on(8, 10), resumed(on(8, 10)))
    site.at(heard, report(done, "signs", 1))
    assert site.state.done["signs"] == counts


def test_plan_that_counts_work_takes_it_while_time_stands_still() -> None:
    site = SiteLife(work_counts_suspended=True)
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(8, 5), *all_work(on(8, 5)))
    assert site.core.outstanding() == {} and site.state.level is None
    site.at(on(8, 6), resumed(on(8, 6)))
    assert site.core.current_due() == deadline(8, 16)


def test_work_accepted_before_the_suspension_was_heard_of_stays() -> None:
    site = SiteLife(late_report=calendar_days(20))
    site.at(on(8, 5), report(on(8, 5), "signs", 1))
    site.at(on(8, 6), suspended(on(8, 2)))
    assert site.state.done["signs"] == 1
    site.at(on(8, 7), resumed(on(8, 7)))
    assert site.state.done["signs"] == 1
    site.at(on(8, 8), report(on(8, 7), "signs", 1))
    assert site.state.done["signs"] == 2


# -- many suspensions --------------------------------------------------------------------------------------------------


def paused(site: SiteLife, since: datetime, until: datetime) -> None:
    site.at(since, suspended(since, by=CITY))
    site.at(until, resumed(until, by=CITY))


def test_pauses_of_a_second_give_one_day_in_all() -> None:
    site = SiteLife()
    for minute in range(5):
        paused(site, on(8, 2, 9, minute), on(8, 2, 9, minute) + timedelta(seconds=1))
    assert site.core.current_due() == deadline(8, 21)


def test_pauses_over_midnight_do_not_hold_the_ladder() -> None:
    site = SiteLife()
    for day in range(10, 31):
        begins = on(8, day)
        site.quiet_until(begins - timedelta(seconds=2))
        paused(site, begins - timedelta(seconds=1), begins + timedelta(seconds=1))
    site.quiet_until(on(9, 1, 12))
    assert site.core.current_due() == deadline(8, 21)
    # Monday 23, and five working days after it; a day later each, however many pauses there were.
    assert site.climbs() == [(2, date(2021, 8, 24)), (3, date(2021, 9, 1))]
    assert site.of("climbed")[0].at == on(8, 24) + timedelta(seconds=1), "not while time stood still"


def test_a_city_that_stops_its_own_clock_is_reported() -> None:
    site = SiteLife()
    for day in (2, 4):
        paused(site, on(8, day, 9), on(8, day, 15))
    site.at(on(8, 10), suspended(on(8, 10)))
    told = [notice for notice in site.notices if notice.kind == "city_suspension"]
    assert [(notice.data["suspended_on"], notice.data["times"]) for notice in told] == [
        ("2021-08-02", 1),
        ("2021-08-04", 2),
    ]
    assert len({notice.key for notice in told}) == 2
    shown = site.core.view(on(8, 10)).deferrals
    assert shown is not None
    assert (shown.suspensions, shown.suspensions_by_city, shown.days_suspended_by_city) == (3, 2, 0.5)
    assert (shown.suspended_by, shown.suspended_by_city) == (PROVINCE.unit, False)
    assert SuspensionSums.of([shown], on(8, 12)) == SuspensionSums(
        sites_by_city=1, days_by_city=0.5, sites_by_province=1, days_by_province=2.0
    )


def test_extension_and_verdict_get_one_day_for_all_pauses() -> None:
    site = SiteLife()
    site.at(on(8, 2), extended(on(8, 2), date(2021, 9, 1)))
    for hour in (9, 10, 11):
        paused(site, on(8, 3, hour), on(8, 3, hour, 1))
    assert site.core.current_due() == deadline(9, 2)
    site.at(on(8, 4), *all_work(on(8, 4)))
    for hour in (9, 10, 11):
        paused(site, on(8, 5, hour), on(8, 5, hour, 1))
    assert site.core.current_due() == deadline(8, 15)


def test_extension_during_suspension_gets_only_its_rest_back() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(8, 30), extended(on(8, 30), date(2021, 9, 15)))
    site.at(on(9, 1), resumed(on(9, 1)))
    assert site.core.current_due() == deadline(9, 17)


def test_a_late_resumption_from_before_the_suspension_is_refused() -> None:
    site = SiteLife()
    site.at(on(8, 10, 12), suspended(on(8, 10, 12)))
    wrong = resumed(on(8, 9, 12))
    outcome = site.at(on(8, 10, 13), wrong)
    assert outcome.result_of(wrong.command_id).verdict is Verdict.REFUSED
    assert site.core.current_due() == deadline(8, 20)


def test_no_time_is_given_back_twice() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(8, 5), resumed(on(8, 5)))
    overlapping = suspended(on(8, 4))
    outcome = site.at(on(8, 5, 1), overlapping)
    assert outcome.result_of(overlapping.command_id).verdict is Verdict.REFUSED
    site.at(on(8, 6), suspended(on(8, 6)))
    site.at(on(8, 7), resumed(on(8, 7)))
    assert site.core.current_due() == deadline(8, 24)


def test_a_suspended_site_is_not_verified_nor_suspended_again() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    assert "suspended already" in str(site.core.refusal(suspended(on(8, 3)), on(8, 3)))
    site.at(on(8, 4), resumed(on(8, 4)))
    assert "not suspended" in str(site.core.refusal(resumed(on(8, 5)), on(8, 5)))


def test_refused_suspension_names_days_of_the_campaign() -> None:
    site = SiteLife()
    # Early in the morning: in UTC it is still the day before.
    site.at(on(8, 2, 5), suspended(on(8, 2, 5)))
    assert "suspended already, since 2021-08-02" in str(site.core.refusal(suspended(on(8, 3)), on(8, 3)))
    refusal = site.core.refusal(resumed(on(8, 1, 9)), on(8, 2, 6))
    assert "suspended on 2021-08-02 05:00; it" in str(refusal)
    site.at(on(8, 4, 6), resumed(on(8, 4, 6)))
    refusal = site.core.refusal(suspended(on(8, 3, 9)), on(8, 4, 7))
    assert "resumed on 2021-08-04 06:00; it" in str(refusal)
