"""An amendment at a site: its deadlines, requirements and rungs, and what stays unchanged."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import end_of, local_date
from rules.previews.amendment import impact_on_site
from rules.site.aggregate import SiteAggregate
from schemas.evidence import EvidencePhase
from schemas.options.acceptance import AcceptanceTerms
from schemas.phase_end import PhaseEndTerms
from schemas.site.terms import LevelTerms, Requirement
from schemas.stages import Stage
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    HENAN,
    LADDER,
    SiteLife,
    all_work,
    amended,
    calendar_days,
    deadline,
    extended,
    failed,
    on,
    passed,
    report,
    resumed,
    suspended,
    working,
)

SEAL = Requirement(id="seal", quantity=2, unit="处", evidence=(EvidencePhase.AFTER,))
SIGNS = Requirement(id="signs", quantity=3, unit="块")
FENCE = Requirement(id="fence", quantity=40, unit="m")


def dues(life: SiteLife) -> list[dict[str, object]]:
    return [json.loads(entry.data) for entry in life.of("amended")]


def test_longer_clause_counts_from_opening() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), amended(on(8, 2, 9), rectification=calendar_days(42)))
    assert life.state.due == deadline(8, 30)


def test_shorter_clause_leaves_at_least_the_following_day() -> None:
    life = SiteLife()
    life.at(on(8, 10, 9), amended(on(8, 10, 9), rectification=calendar_days(15)))
    assert life.state.due == deadline(8, 11)
    life.quiet_until(on(8, 11, 23))
    assert not life.of("climbed")


def test_overdue_site_gains_nothing_from_expired_new_clause() -> None:
    life = SiteLife()
    life.quiet_until(on(8, 25, 9))
    before = life.state.rung, life.state.rung_on
    life.at(on(8, 25, 9), amended(on(8, 25, 9), rectification=calendar_days(20)))
    assert (life.state.rung, life.state.rung_on) == before
    assert life.state.due == deadline(8, 20)


def test_a_clause_that_did_not_change_moves_nothing() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), amended(on(8, 2, 9), reminder_days=(3,)))
    assert life.state.due == deadline(8, 20)
    assert "due" not in dues(life)[0]


def test_a_later_round_counts_from_its_failure() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), *all_work(on(8, 2, 9)))
    life.at(on(8, 4, 9), failed(on(8, 4, 9), "county"))
    assert life.state.due == deadline(8, 18)
    life.at(on(8, 5, 9), amended(on(8, 5, 9), re_rectification=working(12), rectification=calendar_days(10)))
    assert life.state.due == deadline(8, 20)


def test_later_extension_kept_and_earlier_one_not_binding() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), extended(on(8, 2, 9), date(2021, 9, 1)))
    life.at(on(8, 3, 9), amended(on(8, 3, 9), rectification=calendar_days(40)))
    assert life.state.due == deadline(9, 1)
    life.at(on(8, 4, 9), amended(on(8, 4, 9), 2, rectification=calendar_days(60)))
    assert life.state.due == deadline(9, 17)


def test_suspended_time_restored_under_new_clause() -> None:
    life = SiteLife()
    life.at(on(8, 2), suspended(on(8, 2)))
    life.at(on(8, 7), resumed(on(8, 7)))
    assert life.state.due == deadline(8, 25)
    life.at(on(8, 8, 9), amended(on(8, 8, 9), rectification=calendar_days(42)))
    assert life.state.due == deadline(9, 4)


def test_suspended_site_gets_full_time_when_resumed() -> None:
    life = SiteLife()
    life.at(on(8, 2), suspended(on(8, 2)))
    life.at(on(8, 5), amended(on(8, 5), rectification=calendar_days(42)))
    life.at(on(8, 7), resumed(on(8, 7)))
    assert life.state.due == deadline(9, 4)


def test_amended_deadline_counts_pauses_once_as_others_do() -> None:
    """A deadline that an amendment recomputes is that of a site which had the clause from the beginning."""
    old, new = SiteLife(), SiteLife(rectification=calendar_days(42), due=deadline(8, 30))
    for life in (old, new):
        life.at(on(8, 2, 9), suspended(on(8, 2, 9)))
        life.at(on(8, 2, 10), resumed(on(8, 2, 10)))
    for life in (old, new):
        life.at(on(8, 3, 9), amended(on(8, 3, 9), rectification=calendar_days(42)))
        life.at(on(8, 4, 9), suspended(on(8, 4, 9)))
        life.at(on(8, 4, 10), resumed(on(8, 4, 10)))
    assert old.state.due == new.state.due == deadline(8, 31)


def test_amendment_takes_an_option_away_as_it_adds_one() -> None:
    life = SiteLife()
    for number, counts in enumerate((True, False), 1):
        life.at(on(8, 1 + number), amended(on(8, 1 + number), number, work_counts_suspended=counts))
        assert life.core.terms.work_counts_suspended is counts
    asks = AcceptanceTerms()
    life = SiteLife(acceptance=asks)
    life.at(on(8, 2), amended(on(8, 2), acceptance=None))
    assert life.core.terms.acceptance is None


def test_amended_verdict_counts_pauses_once() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), *all_work(on(8, 2, 9)))
    longer = (LevelTerms(id="county", due=calendar_days(20)), LevelTerms(id="city", due=calendar_days(10)))
    for day in (3, 5):
        life.at(on(8, day, 9), suspended(on(8, day, 9)))
        life.at(on(8, day, 10), resumed(on(8, day, 10)))
        life.at(on(8, day + 1), amended(on(8, day + 1), day, levels=longer))
    assert life.state.level_due == deadline(8, 23)


def test_campaign_end_bounds_and_moves_new_deadline() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), amended(on(8, 2, 9), rectification=calendar_days(200), ends_at=deadline(11, 30)))
    assert life.state.due == deadline(11, 30)
    life.quiet_until(on(12, 2))
    assert life.state.settled_at == deadline(11, 30)


def test_new_work_is_asked_for_and_done_work_stands() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), report(on(8, 2, 9), "seal", 1, "after"), report(on(8, 2, 9), "signs", 3))
    life.at(on(8, 3, 9), amended(on(8, 3, 9), requirements=(SEAL.model_copy(update={"quantity": 3}), SIGNS, FENCE)))
    assert life.core.outstanding() == {"seal": 2, "fence": 40}
    life.at(on(8, 4, 9), report(on(8, 4, 9), "fence", 40), report(on(8, 4, 9), "seal", 2))
    assert life.state.stage is Stage.VERIFYING


def test_removed_requirement_dropped_and_site_verified_if_done() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), report(on(8, 2, 9), "seal", 2, "after"))
    life.at(on(8, 3, 9), amended(on(8, 3, 9), requirements=(SEAL,)))
    assert life.kinds()[-2:] == ["amended", "verification_requested"]
    assert "signs" not in life.core.outstanding()


def test_verifying_site_returns_to_new_work_in_same_round() -> None:
    life = SiteLife()
    life.at(on(8, 16, 9), *all_work(on(8, 16, 9)))
    life.at(on(8, 17, 9), passed(on(8, 17, 9), "county"))
    life.at(on(8, 24, 9), amended(on(8, 24, 9), requirements=(SEAL, SIGNS, FENCE)))
    assert (life.state.stage, life.state.round, life.state.level) == (Stage.RECTIFYING, 1, None)
    assert life.state.due == deadline(9, 7)
    assert not life.core.is_overdue(on(8, 24, 9))
    life.at(on(8, 25, 9), report(on(8, 25, 9), "fence", 40))
    life.at(on(8, 26, 9), passed(on(8, 26, 9), "county"))
    life.at(on(8, 27, 9), passed(on(8, 27, 9), "city", CITY))
    assert life.state.stage is Stage.CLOSED


def test_verifying_site_without_new_work_stays_with_new_due() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), *all_work(on(8, 2, 9)))
    levels = life.core.terms.levels
    longer = tuple(level.model_copy(update={"due": calendar_days(14)}) for level in levels)
    life.at(on(8, 3, 9), amended(on(8, 3, 9), levels=longer))
    assert life.state.stage is Stage.VERIFYING
    assert life.state.level_due == deadline(8, 16)


def test_reached_rungs_stay_and_next_grace_is_of_new_ladder() -> None:
    life = SiteLife()
    life.quiet_until(on(8, 24, 9))
    assert life.climbs() == [(2, date(2021, 8, 23))]
    sooner = tuple(rung.model_copy(update={"after": working(2)}) for rung in LADDER)
    life.at(on(8, 24, 9), amended(on(8, 24, 9), ladder=sooner))
    life.quiet_until(on(8, 25, 9))
    assert life.climbs() == [(2, date(2021, 8, 23)), (3, date(2021, 8, 25))]


def test_no_longer_overdue_site_escalates_from_new_deadline() -> None:
    life = SiteLife()
    life.quiet_until(on(8, 24, 9))
    life.at(on(8, 24, 9), amended(on(8, 24, 9), rectification=calendar_days(50)))
    assert (life.state.rung, life.state.due) == (2, deadline(9, 7))
    life.quiet_until(on(9, 20))
    assert life.climbs()[1:] == [(3, date(2021, 9, 14))]


def test_published_holidays_correct_provisional_deadline() -> None:
    life = SiteLife(rectification=working(24))  # 19 July and 24 working days: 20 August
    off = HENAN.model_copy(update={"off_days": HENAN.off_days | {date(2021, 8, 16), date(2021, 8, 17)}})
    life.at(on(8, 2, 9), amended(on(8, 2, 9), rectification=working(24), calendar=off))
    assert life.state.due == deadline(8, 24)
    assert life.core.terms.calendar.off_days >= {date(2021, 8, 16)}


def test_repeated_and_older_amendments_change_nothing() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), amended(on(8, 2, 9), 2, rectification=calendar_days(42)))
    entries = len(life.entries)
    again = amended(on(8, 2, 9), 2, rectification=calendar_days(42)).model_copy(update={"command_id": "again"})
    life.at(on(8, 3, 9), again, amended(on(8, 3, 9), 1, rectification=calendar_days(90)))
    assert len(life.entries) == entries
    assert life.state.due == deadline(8, 30)


def test_a_struck_off_site_keeps_its_old_clauses() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), *all_work(on(8, 2, 9)))
    life.at(on(8, 3, 9), passed(on(8, 3, 9), "county"))
    life.at(on(8, 4, 9), passed(on(8, 4, 9), "city", CITY))
    life.at(on(8, 5, 9), amended(on(8, 5, 9), requirements=(SEAL, FENCE)))
    assert life.state.stage is Stage.CLOSED
    assert not life.of("amended")


def test_people_do_not_amend_a_site() -> None:
    life = SiteLife()
    by_hand = amended(on(8, 2, 9), rectification=calendar_days(90)).model_copy(update={"actor": COUNTY})
    life.at(on(8, 2, 9), by_hand)
    assert life.kinds()[-1] == "refused"
    assert life.state.due == deadline(8, 20)


MOMENTS = st.integers(0, 60).map(lambda day: on(7, 20, 9) + timedelta(days=day))


@given(MOMENTS, st.integers(0, 120), st.booleans(), st.sets(st.sampled_from(["seal", "signs", "fence"])))
def test_amendment_never_makes_overdue_and_replay_gives_state(
    at: datetime, days: int, stopped: bool, asked: set[str]
) -> None:
    life = SiteLife()
    if stopped:
        life.at(on(7, 20, 8), suspended(on(7, 20, 8)))
    life.quiet_until(at)
    was_overdue, done = life.core.is_overdue(at), dict(life.state.done)
    requirements = tuple(r for r in (SEAL, SIGNS, FENCE) if r.id in asked)
    life.at(at, amended(at, rectification=calendar_days(days), requirements=requirements))
    assert {one: quantity for one, quantity in life.state.done.items() if one in done} == done
    due = life.core.current_due()
    assert due is not None
    if not was_overdue:
        assert due >= min(deadline(8, 20), end_of(HENAN, local_date(HENAN, at) + timedelta(days=1)))
        assert not life.core.is_overdue(at)
    assert due <= life.core.terms.ends_at
    retold = SiteAggregate(SiteLife(rectification=calendar_days(32)).core.terms)
    retold.restore(life.entries)
    assert retold.state == life.state
    assert retold.terms == life.core.terms
    retold.advance((), at + timedelta(days=30))
    life.core.advance((), at + timedelta(days=30))
    assert retold.state == life.state


@given(MOMENTS, st.integers(0, 120), st.booleans())
def test_what_the_preview_says_is_what_happens(at: datetime, days: int, done: bool) -> None:
    life = SiteLife()
    if done:
        life.at(on(7, 20, 8), *all_work(on(7, 20, 8)))
    life.quiet_until(at)
    ladder = tuple(rung.model_copy(update={"after": working(3)}) for rung in LADDER)
    command = amended(at, rectification=calendar_days(days), requirements=(SEAL, FENCE), ladder=ladder)
    copy = SiteAggregate(SiteLife().core.terms)
    copy.restore(life.entries)
    impact = impact_on_site(copy, command, at)
    before = life.core.current_due()
    life.at(at, command)
    climbed = len(life.climbs())
    assert impact is not None
    assert (impact.due.before, impact.due.after) == (before, life.core.current_due())
    assert (impact.stage_after, impact.rung_after) == (life.state.stage, life.state.rung)
    assert (impact.added, impact.removed) == ({"fence": Decimal(40)}, {"signs": Decimal(3)})
    if impact.climb_after is not None and impact.climb_after.on < date(2021, 10, 30):
        life.quiet_until(on(10, 30))
        assert life.climbs()[climbed] == (impact.climb_after.rung, impact.climb_after.on)


RESTORED = PhaseEndTerms(phase="restoration", ends_at=deadline(10, 8), or_at_least=working(5))


def test_moved_phase_moves_the_deadline_that_counts_to_its_end() -> None:
    life = SiteLife(rectification=RESTORED, due=deadline(10, 8))
    later = RESTORED.model_copy(update={"ends_at": deadline(10, 20)})
    before = SiteAggregate(life.core.terms, life.state.model_copy(deep=True))
    command = amended(on(8, 2, 9), rectification=later)
    impact = impact_on_site(before, command, on(8, 2, 9))
    assert impact is not None and (impact.due.before, impact.due.after) == (deadline(10, 8), deadline(10, 20))
    life.at(on(8, 2, 9), command)
    assert life.state.due == deadline(10, 20)


def test_phase_moved_into_the_past_leaves_at_least_a_day() -> None:
    life = SiteLife(rectification=RESTORED, due=deadline(10, 8))
    past = RESTORED.model_copy(update={"ends_at": deadline(7, 31)})
    life.at(on(8, 30, 9), amended(on(8, 30, 9), rectification=past))
    assert life.state.due == deadline(8, 31)
