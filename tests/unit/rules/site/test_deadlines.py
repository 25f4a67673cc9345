"""Reminders, the ladder, outages and late reports of one site."""

from datetime import date, datetime, timedelta

import pytest

from rules.calendar import start_of
from rules.command_results import Received
from schemas.ladder import Instrument
from schemas.site.terms import RungTerms
from tests.support.sample_terms import (
    HENAN,
    SiteLife,
    all_work,
    calendar_days,
    deadline,
    extended,
    failed,
    on,
    report,
    working,
)

# -- the ladder --------------------------------------------------------------------------------------------------------


def test_overdue_site_escalates_then_every_five_working_days() -> None:
    site = SiteLife()
    site.quiet_until(on(9, 30))
    # Due on Friday: the day after is a Saturday, so the order is issued on Monday.
    assert site.climbs() == [(2, date(2021, 8, 23)), (3, date(2021, 8, 30)), (4, date(2021, 9, 6))]
    assert [n.kind for n in site.notices] == ["supervision_order", "circular", "interview"]


def test_no_rung_in_the_golden_week() -> None:
    site = SiteLife(due=deadline(9, 30))
    site.quiet_until(on(10, 30))
    assert site.climbs() == [(2, date(2021, 10, 8)), (3, date(2021, 10, 14)), (4, date(2021, 10, 21))]


def test_the_make_up_saturday_is_a_day_to_climb() -> None:
    site = SiteLife(due=deadline(9, 17))
    site.quiet_until(on(9, 20))
    assert site.climbs() == [(2, date(2021, 9, 18))]


def test_outage_over_two_rungs_escalates_each_with_fresh_grace() -> None:
    ladder = tuple(
        RungTerms(rung=rung, instrument=Instrument.CIRCULAR, after=working(after)) for rung, after in ((2, 1), (3, 2))
    )
    site = SiteLife(ladder=ladder)
    site.at(on(8, 22, 12))
    # The site does not run from Sunday to Friday morning; rung 2 was due on Monday, rung 3 on Wednesday.
    site.at(on(8, 27, 7))
    assert site.climbs() == [(2, date(2021, 8, 27))]
    site.quiet_until(on(9, 30))
    assert site.climbs() == [(2, date(2021, 8, 27)), (3, date(2021, 8, 31))]


def test_an_outage_that_ends_on_a_sunday_is_caught_up_on_monday() -> None:
    site = SiteLife()
    site.at(on(8, 29, 12))
    assert site.climbs() == []
    assert site.core.next_due(on(8, 29, 12)) == on(8, 30)
    site.at(on(8, 30))
    assert site.climbs() == [(2, date(2021, 8, 30))]


def test_waking_before_the_dispatch_hour_is_no_outage() -> None:
    site = SiteLife()
    before = start_of(HENAN, date(2021, 8, 23), HENAN.office.opens) - timedelta(minutes=1)
    site.at(before)
    assert site.of("climbed")[0].at == on(8, 23)
    assert site.of("climbed")[0].received_at == before


def test_waking_after_the_dispatch_hour_climbs_the_next_day() -> None:
    site = SiteLife()
    site.at(start_of(HENAN, date(2021, 8, 23), HENAN.office.opens))
    assert site.climbs() == []
    site.at(on(8, 24))
    assert site.climbs() == [(2, date(2021, 8, 24))]


def test_work_during_outage_counts_before_missed_rungs() -> None:
    site = SiteLife()
    site.at(on(8, 27, 12), *all_work(on(8, 26, 15)))
    assert site.climbs() == []
    assert site.state.stage == "verifying"


def test_ladder_without_grace_still_includes_last_day() -> None:
    at_once = RungTerms(rung=1, instrument=Instrument.REMINDER_LETTER, after=calendar_days(0))
    site = SiteLife(ladder=(at_once,), due=deadline(8, 19))
    site.quiet_until(on(8, 22))
    assert site.climbs() == [(1, date(2021, 8, 20))]


def test_the_next_round_begins_at_the_foot_of_the_ladder() -> None:
    site = SiteLife()
    site.quiet_until(on(8, 31))
    assert site.state.rung == 3
    site.at(on(9, 1), *all_work(on(9, 1)))
    site.at(on(9, 2), failed(on(9, 2), "county"))
    assert site.state.rung == 0
    site.quiet_until(on(9, 24))
    assert site.climbs()[-1] == (2, date(2021, 9, 17)), "due on the 16th, ten working days after the opinion"
    keys = [n.key for n in site.notices]
    assert len(keys) == len(set(keys))


# -- late reports ------------------------------------------------------------------------------------------------------


def test_late_report_of_evening_counts_before_morning_rung() -> None:
    site = SiteLife()
    site.at(on(8, 23, 7), *all_work(on(8, 22, 22)))
    assert site.climbs() == []
    assert site.of("task_reported")[0].at == on(8, 22, 22)
    assert site.of("task_reported")[0].received_at == on(8, 23, 7)


def test_unordered_reports_judged_in_order_of_events() -> None:
    site = SiteLife()
    later, earlier = report(on(7, 21, 9), "signs", 1), report(on(7, 20, 9), "signs", 1)
    outcome = site.at(on(7, 21, 12), later, earlier)
    assert [e.at for e in outcome.entries] == [on(7, 20, 9), on(7, 21, 9)]


def test_a_report_at_the_very_instant_of_a_rung_comes_after_it() -> None:
    site = SiteLife()
    site.at(on(8, 23, 7), *all_work(on(8, 23)))
    assert site.climbs() == [(2, date(2021, 8, 23))]


@pytest.mark.parametrize(("received", "counts_then"), [(on(7, 24), False), (on(7, 24) + timedelta(seconds=1), True)])
def test_report_beyond_tolerance_counts_at_receipt(received: object, counts_then: bool) -> None:
    # Three days after Tuesday the 20th end with Friday the 23rd.
    site = SiteLife()
    outcome = site.at(received, report(on(7, 20, 9), "signs", 1))  # type: ignore[arg-type]
    entry = outcome.entries[0]
    assert (entry.at == received) is counts_then
    assert ('"claimed_at":"2021-07-20T01:00:00.000000Z"' in entry.data) is counts_then


def test_a_report_from_the_future_counts_when_it_was_received() -> None:
    site = SiteLife()
    outcome = site.at(on(7, 21, 9), report(on(12, 24), "signs", 1))
    assert outcome.entries[0].at == on(7, 21, 9)
    assert '"claimed_at":"2021-12-23T16:00:00.000000Z"' in outcome.entries[0].data


def test_report_before_opening_counts_at_receipt() -> None:
    site = SiteLife()
    outcome = site.at(on(7, 19, 12), report(on(7, 18, 12), "signs", 1))
    assert outcome.entries[0].at == on(7, 19, 12)
    assert '"claimed_at"' in outcome.entries[0].data


def test_report_of_last_evening_counts_after_campaign_end() -> None:
    site = SiteLife(ladder=())
    site.at(on(11, 1, 8), report(on(10, 31, 22), "signs", 1))
    assert site.kinds() == ["opened", "task_reported", "carried_over"]


# -- reminders ---------------------------------------------------------------------------------------------------------


def test_reminders_sent_on_working_days_not_nearer_to_deadline() -> None:
    # Due on Monday 23 August: three days before is a Friday, one day before a Sunday.
    site = SiteLife(due=deadline(8, 23), reminder_days=(7, 3, 1), ladder=())
    site.quiet_until(on(8, 31))
    assert site.reminders() == [(7, date(2021, 8, 16)), (1, date(2021, 8, 20))], (
        "both fall on Friday: the nearer one stands for both"
    )


def test_after_an_outage_only_the_nearest_reminder_goes_out() -> None:
    site = SiteLife(reminder_days=(7, 3, 1), ladder=())
    site.at(on(8, 18, 12))
    assert site.reminders() == [(3, date(2021, 8, 18))]
    site.quiet_until(on(8, 31))
    assert site.reminders() == [(3, date(2021, 8, 18)), (1, date(2021, 8, 19))]


def test_days_from_before_the_deadline_was_set_do_not_remind() -> None:
    site = SiteLife(due=deadline(7, 23), reminder_days=(7, 5, 3), ladder=())
    site.quiet_until(on(7, 31))
    assert site.reminders() == [(3, date(2021, 7, 20))]


def test_no_reminder_after_the_deadline() -> None:
    site = SiteLife(reminder_days=(1,), ladder=())
    site.at(on(8, 21, 12))
    site.quiet_until(on(9, 10))
    assert site.reminders() == []


def test_an_extended_site_is_reminded_of_its_new_deadline() -> None:
    site = SiteLife(reminder_days=(3,), ladder=())
    site.quiet_until(on(8, 18))
    site.at(on(8, 19), extended(on(8, 19), date(2021, 9, 17)))
    site.quiet_until(on(9, 30))
    assert site.reminders() == [(3, date(2021, 8, 17)), (3, date(2021, 9, 14))]


def test_berlin_site_keeps_midnights_across_clock_change() -> None:
    berlin = HENAN.model_copy(update={"time_zone": "Europe/Berlin"})
    site = SiteLife(calendar=berlin)
    moment = site.core.terms.ends_at - timedelta(hours=30)
    site.at(moment)
    for climbed in site.of("climbed"):
        assert (climbed.at.hour, climbed.at.minute) in {(22, 0), (23, 0)}


def test_tolerance_counts_from_the_arrival_while_nobody_worked() -> None:
    site = SiteLife()
    commands = [Received(one, on(8, 30), on(8, 22, 23)) for one in all_work(on(8, 20, 12))]
    assert all(site.core.loses_event_time(one._replace(arrived_at=None)) for one in commands)
    site.keep(site.core.advance(commands, on(8, 30)))
    reported = site.of("task_reported")
    assert {(entry.at, entry.received_at) for entry in reported} == {(on(8, 20, 12), on(8, 30))}
    assert not any("claimed_at" in entry.data for entry in reported)
    assert site.climbs() == [], "done in time, whenever the worker came back"


def test_claim_too_old_at_its_arrival_counts_as_of_the_arrival() -> None:
    site = SiteLife()
    said = report(on(7, 20, 9), "signs", 1)
    site.keep(site.core.advance([Received(said, on(8, 30), on(7, 28))], on(8, 30)))
    assert site.of("task_reported")[0].at == on(7, 28)


def slices(site: SiteLife, received: list[Received], now: datetime, at_most: int) -> int:
    """Judges all of them, no more than `at_most` at a time; returns in how many turns."""
    turns = 0
    while received or not turns:
        outcome = site.core.advance(received, now, at_most=at_most)
        assert len(outcome.left) == max(0, len(received) - at_most)
        site.keep(outcome)
        received, turns = list(outcome.left), turns + 1
    return turns


def test_deadlines_wait_while_earlier_commands_wait() -> None:
    site = SiteLife()
    now = on(8, 23, 7)
    assert slices(site, [Received(one, now) for one in all_work(on(8, 20, 12))], now, 1) == 2
    assert site.climbs() == [] and site.of("verification_requested")


@pytest.mark.parametrize("claimed", [on(7, 20, 12), on(7, 1), on(8, 30), on(8, 20, 11)], ids=str)
def test_a_slice_is_chosen_by_the_time_that_counts(claimed: datetime) -> None:
    """Too old, before the opening, in the future, and taken."""
    now = on(8, 23, 7)
    strange = [report(claimed, "roof", 1) for _ in range(3)]
    whole, sliced = SiteLife(), SiteLife()
    commands = [*strange, *all_work(on(8, 20, 15)), report(claimed, "signs", 1)]
    whole.at(now, *commands)
    assert slices(sliced, [Received(one, now) for one in commands], now, 2) == 3
    assert sliced.entries == whole.entries
    assert sliced.climbs() == [], "the work was done on the day before the deadline"
