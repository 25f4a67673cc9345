"""Suspensions with a basis and a last day: they end automatically, and are counted."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.deferrals import SuspensionBasis
from tests.support.event_time_oracle import EventTimeOracle
from tests.support.sample_terms import (
    PROVINCE,
    SiteLife,
    all_work,
    calendar_days,
    deadline,
    on,
    refused,
    resumed,
    site_terms,
    suspended,
)


def suspended_to(at: datetime, until: date, basis: SuspensionBasis = SuspensionBasis.STOP_WORK_ORDER) -> cmd.Suspend:
    return cmd.Suspend(
        command_id=f"suspend-{at}", actor=PROVINCE, effective_at=at, reason="order of the day", basis=basis, until=until
    )


def test_dated_suspension_ends_itself_and_restores_time() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), suspended_to(on(8, 2, 9), date(2021, 8, 11)))
    assert life.core.next_due(on(8, 2, 10)) == deadline(8, 11)
    life.quiet_until(on(8, 12, 9))
    assert not life.state.suspended and life.kinds()[-1] == "resumed"
    assert life.of("resumed")[0].at == deadline(8, 11)
    assert life.state.due == deadline(8, 30), "nine days and fifteen hours, rounded up to a whole day"


def test_dated_suspension_resumed_early_is_not_resumed_again() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), suspended_to(on(8, 2, 9), date(2021, 8, 11)))
    life.at(on(8, 5, 9), resumed(on(8, 5, 9)))
    life.quiet_until(on(8, 15))
    assert life.kinds().count("resumed") == 1


def test_suspension_end_refused_in_past_or_after_campaign() -> None:
    life = SiteLife()
    assert "must end in the future" in refused(life, suspended_to(on(8, 3, 9), date(2021, 8, 2)))
    assert "can not end after that" in refused(life, suspended_to(on(8, 3, 10), date(2021, 11, 1)))


@pytest.mark.parametrize(
    ("heard", "due"),
    [(on(8, 19, 9), deadline(8, 21)), (on(8, 20, 9), deadline(8, 21)), (on(8, 24, 9), deadline(8, 25))],
    ids=["on its last day", "on the next", "later"],
)
def test_suspension_heard_of_after_its_last_day_leaves_notice(heard: datetime, due: datetime) -> None:
    """It stood still on Thursday 19; the work is due on Friday 20 August."""
    life = SiteLife(late_report=calendar_days(20), ladder=())
    life.quiet_until(heard - timedelta(hours=1))
    life.at(heard, suspended_to(on(8, 19, 8), date(2021, 8, 19)))
    life.quiet_until(on(8, 24, 9))
    assert life.kinds()[-1] == "resumed"
    assert life.state.due == due
    again = SiteAggregate(life.core.terms)
    again.restore(life.entries)
    assert again.state == life.state


def test_level_and_rung_leave_notice_of_a_suspension_heard_of_late() -> None:
    life = SiteLife(late_report=calendar_days(20))
    life.at(on(8, 2, 9), *all_work(on(8, 2, 9)))
    life.at(on(8, 16, 9), suspended_to(on(8, 11, 9), date(2021, 8, 12)))
    assert life.state.level_due == deadline(8, 17), "not Saturday 14, which was over"
    assert not life.state.level_overdue
    rectifying = SiteLife(late_report=calendar_days(20), due=deadline(8, 6))
    rectifying.at(on(8, 16, 9), suspended_to(on(8, 5, 9), date(2021, 8, 6)))
    rectifying.quiet_until(on(8, 17))
    assert rectifying.state.due == deadline(8, 17) and rectifying.climbs() == []


@given(st.booleans(), st.integers(0, 9 * 24), st.integers(0, 5), st.integers(0, 9 * 24))
def test_no_deadline_is_past_when_a_dated_suspension_is_heard_of(done: bool, since: int, days: int, heard: int) -> None:
    life = SiteLife(late_report=calendar_days(20), due=deadline(8, 8))
    life.at(on(8, 1, 9), *(all_work(on(8, 1, 9)) if done else ()))
    at = on(8, 2) + timedelta(hours=since)
    life.quiet_until(at + timedelta(hours=heard))
    life.at(life.now, suspended_to(at, date(2021, 8, 2) + timedelta(days=since // 24 + days)))
    life.quiet_until(on(8, 31))
    EventTimeOracle(life.core.terms.ends_at).read(life.entries)
    assert not life.state.suspended


def test_one_without_a_last_day_stands_still_until_it_is_resumed() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), suspended(on(8, 2, 9)))
    assert life.core.next_due(on(8, 2, 10)) == life.core.terms.ends_at
    assert '"basis"' not in life.entries[-1].data and '"until"' not in life.entries[-1].data


def test_the_days_that_stood_still_and_the_basis_are_shown() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), suspended_to(on(8, 2, 9), date(2021, 8, 11), SuspensionBasis.FLOOD))
    shown = life.core.view(on(8, 3)).deferrals
    assert shown is not None
    assert (shown.suspensions, shown.basis, shown.suspended_until) == (1, "flood", date(2021, 8, 11))
    assert shown.suspended_since == on(8, 2, 9) and shown.days_suspended == 0
    life.quiet_until(on(8, 12, 9))
    life.at(on(8, 16, 9), suspended(on(8, 16, 9)))
    life.at(on(8, 18, 9), resumed(on(8, 18, 9)))
    facts = life.core.row().facts
    assert facts is not None and facts.deferrals is not None
    assert (facts.deferrals.suspensions, facts.deferrals.days_suspended) == (2, 11.6)
    again = SiteAggregate(site_terms())
    again.restore(life.entries)
    assert again.state == life.state
