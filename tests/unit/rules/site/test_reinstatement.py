"""A site that came to the old end before it heard that an amendment had moved it is opened again as it was."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import end_of
from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.actor import ENGINE
from schemas.stages import Stage
from tests.support.chain_proof import proved
from tests.support.sample_terms import (
    EXPERT,
    HENAN,
    ZONE,
    SiteLife,
    all_work,
    amended,
    calendar_days,
    deadline,
    extended,
    on,
    passed,
    refused,
    report,
    resumed,
    suspended,
    working,
)
from tests.support.signed_site import to_be_signed
from tests.unit.rules.site.options.test_extensions import RULE, asks
from tests.unit.rules.site.options.test_police import BOTH, UNITS, accepts, transfers

END, LATER = deadline(10, 31), deadline(11, 30)
IN_TIME, HEARD = END - timedelta(minutes=10), END + timedelta(hours=3)
SLOW = RULE.model_copy(update={"decision": working(5)})
FORGOTTEN = {"seq", "head", "processed", "overlay", "amendment", "reinstated", "due", "due_since", "reminded"} | {
    "climbs_from",
    "carry_overs",
}


def carried_over(*before: cmd.Command, **terms: object) -> SiteLife:
    life = SiteLife(**terms)
    for command in before:
        life.quiet_until(command.effective_at)
        life.at(command.effective_at, command)
    life.quiet_until(END)
    assert life.state.stage is Stage.CARRIED_OVER and life.core.settled
    return life


def test_site_carried_over_before_it_heard_is_open_again() -> None:
    said = report(on(8, 2, 9), "signs", 3)
    life, before = carried_over(said), SiteLife()
    before.at(on(8, 2, 9), said)
    before.quiet_until(END - timedelta(seconds=1))
    life.at(HEARD, amended(IN_TIME, ends_at=LATER))
    assert life.kinds()[-2:] == ["reinstated", "amended"]
    same = before.state.model_dump(exclude=FORGOTTEN)
    assert life.state.model_dump(exclude=FORGOTTEN) == same, "round, rung, work and reporters are unchanged"
    assert life.core.row().settled_at is None
    assert all(entry.at >= END for entry in life.entries[-2:]), "nothing is opened again before it was carried over"
    life.quiet_until(LATER)
    assert life.state.settled_at == LATER
    keys = [notice.key for notice in life.notices if notice.kind == "carry_over"]
    assert len(keys) == len(set(keys)) == 2
    proved(life.entries)


def test_level_that_was_asked_is_asked_again() -> None:
    life = carried_over(*all_work(on(10, 29, 9)), passed(on(10, 30, 9), "county"))
    assert life.core.row().level is None
    life.at(HEARD, amended(IN_TIME, ends_at=LATER))
    assert life.kinds()[-2:] == ["verification_reinstated", "amended"]
    assert (life.state.stage, life.state.level, list(life.state.verifiers)) == (Stage.VERIFYING, "city", ["county"])
    at = HEARD + timedelta(hours=6)
    life.at(at, passed(at, "city", EXPERT))
    assert life.state.stage is Stage.CLOSED
    assert "while the site is closed" in refused(life, passed(at, "city"))


def test_deadline_at_the_old_end_moves_with_its_clause() -> None:
    """110 days from the opening on 19 July are 6 November; three hours stood still, which are a day."""
    life = carried_over(extended(on(8, 2, 9), date(2021, 10, 31)))
    life.at(HEARD, amended(IN_TIME, ends_at=LATER, rectification=calendar_days(110)))
    assert life.state.due == deadline(11, 7)


@pytest.mark.parametrize(
    "moved, at",
    [(LATER, END + timedelta(minutes=1)), (LATER, END), (END, IN_TIME)],
    ids=["later", "at it", "not moved"],
)
def test_carry_over_stays_unless_end_was_moved_in_time(moved: object, at: object) -> None:
    life = carried_over()
    life.at(HEARD, amended(at, ends_at=moved))  # type: ignore[arg-type]
    assert life.state.stage is Stage.CARRIED_OVER and life.core.settled
    assert life.kinds()[-1] == "carried_over"


@pytest.mark.parametrize("reason", ["the campaign was stopped: done", "by decision"])
def test_carry_over_for_another_reason_stays(reason: str) -> None:
    life = SiteLife()
    stop = cmd.CarryOver(command_id="stop", actor=ENGINE, effective_at=on(10, 30, 9), reason=reason)
    life.at(on(10, 30, 9), stop)
    life.at(on(10, 30, 12), amended(on(10, 30, 8), ends_at=LATER))
    assert life.state.stage is Stage.CARRIED_OVER


def test_struck_off_site_stays_struck_off() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), *all_work(on(8, 2, 9)))
    life.at(on(8, 3, 9), passed(on(8, 3, 9), "county"))
    life.at(on(8, 4, 9), passed(on(8, 4, 9), "city", EXPERT))
    life.at(HEARD, amended(IN_TIME, ends_at=LATER))
    assert life.state.stage is Stage.CLOSED and life.kinds()[-1] == "closed"


# -- time that stood still ---------------------------------------------------------------------------------------------


def reinstated(life: SiteLife, at: datetime) -> SiteLife:
    """Carried over at the end, and opened again when it hears of the amendment at `at`."""
    life.quiet_until(END)
    assert life.state.stage is Stage.CARRIED_OVER
    life.at(at, amended(IN_TIME, ends_at=LATER))
    return life


def last_day(due: datetime) -> date:
    return (due - timedelta(seconds=1)).astimezone(ZONE).date()


@given(st.booleans(), st.booleans(), st.integers(0, 9 * 24), st.integers(25, 30))
def test_late_news_gives_back_the_time_before_it(done: bool, stopped: bool, hours: int, day: int) -> None:
    """Stage, round and rung are those of a site that heard before the end; its deadlines are as much later."""
    lives = SiteLife(due=LATER), SiteLife(due=LATER)
    for life in lives:
        at = on(10, day, 9)
        life.quiet_until(at)
        life.at(at, *(all_work(at) if done else ()), *((suspended(at),) if stopped else ()))
        life.quiet_until(IN_TIME)
    in_time, late = lives
    in_time.at(IN_TIME, amended(IN_TIME, ends_at=deadline(12, 31)))
    late.quiet_until(END)
    heard = END + timedelta(hours=hours)
    late.at(heard, amended(IN_TIME, ends_at=deadline(12, 31)))
    compared = {"stage", "round", "rung", "rung_on", "level", "reporters", "suspensions"}
    assert late.state.model_dump(include=compared) == in_time.state.model_dump(include=compared)
    if stopped:
        for life in lives:
            life.at(heard + timedelta(hours=1), resumed(heard + timedelta(hours=1)))
    for name in ("due", "level_due"):
        mine, other = getattr(late.state, name), getattr(in_time.state, name)
        if other is None or stopped:
            assert mine == other, "what stood still is counted once"
        else:
            notice = last_day(heard + timedelta(seconds=1)) + timedelta(days=1)
            assert last_day(mine) == max(last_day(other) + timedelta(days=-(-hours // 24)), notice)
    again = SiteAggregate(SiteLife(due=LATER).core.terms)
    again.restore(late.entries)
    assert again.state == late.state, "the ledger gives the state again"
    known = len(late.entries)
    late.at(late.now, amended(IN_TIME, ends_at=deadline(12, 31)))
    assert len(late.entries) == known, "the same news again changes nothing"


@given(st.integers(20, 35), st.integers(0, 12), st.booleans(), st.booleans(), st.integers(0, 9 * 24))
def test_nothing_is_overdue_by_days_of_the_carry_over(
    left: int, began: int, done: bool, asked: bool, hours: int
) -> None:
    """No report, reminder or climb lies between the carry-over and the news, and only reminders on the day after."""
    due = end_of(HENAN, date(2021, 10, 11) + timedelta(days=left))
    life = SiteLife(due=due, extension=SLOW, police=BOTH, units=UNITS, reminder_days=(3, 1))
    at = on(10, 18 + began, 9)
    life.quiet_until(at)
    life.at(at, *(all_work(at) if done else ()))
    if asked and not done and life.core.refusal(asks(at, date(2021, 10, 31)), at) is None:
        life.at(at, asks(at, date(2021, 10, 31)))
    heard = END + timedelta(hours=hours)
    reinstated(life, heard)
    known = len(life.entries)
    notice = end_of(HENAN, last_day(heard + timedelta(seconds=1)) + timedelta(days=1))
    life.quiet_until(notice - timedelta(seconds=1))
    for entry in life.entries[known:]:
        assert entry.kind in ("reminded", "climbed") and entry.at >= heard
        assert entry.kind == "reminded" or entry.at.astimezone(ZONE).date() > heard.astimezone(ZONE).date()
    current = life.core.current_due()
    assert current is not None and (current >= notice or current < END)


def test_work_and_level_due_at_the_old_end_leave_the_notice() -> None:
    work = reinstated(SiteLife(due=END), on(11, 3, 9))
    assert work.core.current_due() == deadline(11, 4)
    asked = SiteLife(due=END)
    asked.quiet_until(on(10, 21, 9))
    asked.at(on(10, 21, 9), *all_work(on(10, 21, 9)))
    assert asked.core.current_due() == END
    assert reinstated(asked, on(11, 3, 9)).core.current_due() == deadline(11, 4)


def test_reminder_of_the_day_of_the_news_is_sent_then() -> None:
    """The day before the new deadline is a Saturday, so that it is sent on Friday 5."""
    life = reinstated(SiteLife(due=deadline(11, 2), reminder_days=(1,)), on(11, 5, 9))
    life.quiet_until(on(11, 6))
    assert life.state.due == deadline(11, 7)
    assert [entry.at for entry in life.of("reminded")] == [on(11, 5, 9)]


def test_grace_of_an_overdue_site_is_given_back() -> None:
    """The next rung is five working days after Monday 25: three of them were left at the end, on Sunday 31."""
    life = SiteLife(due=deadline(10, 22))
    life.quiet_until(END)
    assert life.climbs() == [(2, date(2021, 10, 25))]
    reinstated(life, on(11, 4, 9))
    life.quiet_until(on(11, 20))
    assert life.state.due == deadline(10, 22), "it was over before"
    assert life.climbs()[1:2] == [(3, date(2021, 11, 5))]


@pytest.mark.parametrize(
    ("due", "since", "later"),
    [(deadline(10, 30), on(10, 25), deadline(11, 9)), (deadline(10, 24), on(10, 24, 23), deadline(11, 4))],
    ids=["six days were left", "an hour was left: the end of the day after the news"],
)
def test_suspension_to_the_end_and_the_carry_over_are_one(due: datetime, since: datetime, later: datetime) -> None:
    life = SiteLife(due=due)
    life.quiet_until(since)
    life.at(since, suspended(since).model_copy(update={"until": date(2021, 10, 31)}))
    reinstated(life, on(11, 3, 7))
    life.quiet_until(on(11, 3, 7))
    assert life.kinds()[-3:] == ["reinstated", "amended", "resumed"]
    assert life.state.due == later


def test_decision_and_case_get_the_time_back() -> None:
    life = SiteLife(due=deadline(10, 30), extension=SLOW, police=BOTH, units=UNITS)
    life.quiet_until(on(10, 26, 9))
    life.at(on(10, 26, 9), asks(on(10, 26, 9), date(2021, 10, 31)))
    life.at(on(10, 29, 9), transfers(on(10, 29, 9)))
    life.at(on(10, 29, 10), accepts(on(10, 29, 10)))
    case, asked = life.state.police.due, life.state.extension_requests.pending.decision_due
    assert (case, asked) == (deadline(11, 3), deadline(11, 2))
    reinstated(life, on(11, 5, 9))
    life.quiet_until(on(11, 9, 9))
    known = [life.of(kind)[-1].at for kind in ("case_overdue", "extension_undecided")]
    assert known == [deadline(11, 8), deadline(11, 7)]


def test_department_s_next_report_gets_the_time_back() -> None:
    life = to_be_signed(ends_at=deadline(7, 30))
    life.quiet_until(deadline(7, 30))
    assert life.state.stage is Stage.CARRIED_OVER and life.kinds().count("sign_off_overdue") == 1
    life.at(on(8, 5, 9), amended(on(7, 30, 9), ends_at=LATER))
    assert life.state.sign_off.next_due == deadline(8, 9), "Tuesday 3, and five days"
    life.quiet_until(on(8, 12))
    assert [entry.at for entry in life.of("sign_off_overdue")][1] == deadline(8, 9)
