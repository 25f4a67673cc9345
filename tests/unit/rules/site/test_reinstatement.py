"""A site that came to the old end before it heard that an amendment had moved it goes on where it stood."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.actor import ENGINE
from schemas.stages import Stage
from tests.support.chain_proof import proved
from tests.support.sample_terms import (
    EXPERT,
    SiteLife,
    all_work,
    amended,
    calendar_days,
    deadline,
    extended,
    on,
    passed,
    report,
    suspended,
)

END, LATER = deadline(10, 31), deadline(11, 30)
IN_TIME, HEARD = END - timedelta(minutes=10), END + timedelta(hours=3)
FORGOTTEN = {"seq", "head", "processed", "overlay", "amendment", "reinstated", "due", "due_since", "reminded"}


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


def test_its_verification_goes_on_where_it_stood() -> None:
    life = carried_over(*all_work(on(10, 29, 9)), passed(on(10, 30, 9), "county"))
    assert life.core.row().level is None
    life.at(HEARD, amended(IN_TIME, ends_at=LATER))
    assert life.kinds()[-2:] == ["verification_reinstated", "amended"]
    assert (life.state.stage, life.state.level, list(life.state.verifiers)) == (Stage.VERIFYING, "city", ["county"])
    at = HEARD + timedelta(hours=6)
    life.at(at, passed(at, "city", EXPERT))
    assert life.state.stage is Stage.CLOSED
    life.at(HEARD + timedelta(hours=6), passed(HEARD + timedelta(hours=6), "city"))
    assert life.state.stage is Stage.CLOSED


def test_deadline_at_the_old_end_moves_with_its_clause() -> None:
    """110 days from the opening on 19 July are 6 November."""
    life = carried_over(extended(on(8, 2, 9), date(2021, 10, 31)))
    life.at(HEARD, amended(IN_TIME, ends_at=LATER, rectification=calendar_days(110)))
    assert life.state.due == deadline(11, 6)


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


@given(st.booleans(), st.booleans(), st.integers(0, 5))
def test_late_news_gives_what_news_in_time_gives(done: bool, stopped: bool, hours: int) -> None:
    """Stage, round, rung and deadline are those of a site that heard before the end, while nothing fell between."""
    lives = SiteLife(), SiteLife()
    for life in lives:
        at = on(10, 27, 9)
        life.quiet_until(at)
        life.at(at, *(all_work(at) if done else ()), *((suspended(at),) if stopped else ()))
        life.quiet_until(IN_TIME)
    in_time, late = lives
    in_time.at(IN_TIME, amended(IN_TIME, ends_at=LATER))
    late.quiet_until(END)
    heard = END + timedelta(hours=hours)  # before the next morning, when something may be due
    late.at(heard, amended(IN_TIME, ends_at=LATER))
    in_time.quiet_until(heard)
    compared = {"stage", "round", "rung", "rung_on", "level", "level_due", "due", "reporters", "suspensions"}
    assert late.state.model_dump(include=compared) == in_time.state.model_dump(include=compared)
    again = SiteAggregate(SiteLife().core.terms)
    again.restore(late.entries)
    assert again.state == late.state, "the ledger gives the state again"
    known = len(late.entries)
    late.at(heard, amended(IN_TIME, ends_at=LATER))
    assert len(late.entries) == known, "the same news again changes nothing"
