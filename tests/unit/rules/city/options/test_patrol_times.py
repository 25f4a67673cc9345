"""The event times of a patrol: not before it began, and no look-back before its site was struck off."""

from rules.calendar import clause_end
from rules.city.options.patrol.option import PatrolOption
from schemas.documents.document import Lot
from schemas.options.patrol import LookBack, LookBacksSet, PatrolBegan
from schemas.work import Gathered
from tests.support.patrolled_city import PATROL_TEAM
from tests.support.sample_terms import on
from tests.unit.rules.city.options.test_patrol import city


def test_look_back_is_not_of_before_the_strike_off() -> None:
    living = city()
    living.live(on(8, 11, 12))
    patrol = living.desk.state.patrol
    assert patrol is not None
    [site, *_] = patrol.look_backs
    [item] = patrol.look_backs[site]
    assert item.closed_at == living.cases[site].state.settled_at
    [first, *_] = living.events("look_backs_set")
    assert isinstance(first, LookBacksSet) and first.items[0].closed_at is not None
    later = on(8, 10, 9)
    patrol.look_backs[site] = [item.model_copy(update={"closed_at": later})]
    command = LookBack(
        command_id="early", actor=PATROL_TEAM, effective_at=on(8, 9, 9), site=site, requirement="seal", held=True
    )
    [warning] = living.desk.foreseen(command, living.now).warnings
    assert f"it is before {site} was struck off (2021-08-10 09:00)" in warning


def test_duty_of_before_the_patrol_counts_as_of_its_receipt() -> None:
    living = city()
    living.live(on(8, 6, 12))
    assert living.desk.state.patrol is not None
    living.patrols("patrol", living.desk.state.patrol.began_at.replace(hour=0))
    [event] = living.events("duty_performed")
    assert "before the patrol began" in event.warnings[0]


def test_patrol_that_begins_late_has_its_first_periods_from_then() -> None:
    """The dispatch that begins it on the 5th is recorded three weeks later: no duty is missed before."""
    living, at, late = city(), on(8, 5, 9), on(8, 27, 9)
    living.desk.state.patrol = None
    lots = (Lot(kind="closure", rung=0, sites=("a",)),)
    for now in (at, late):
        [began] = PatrolOption().of_dispatch(living.terms, living.desk.state, Gathered(at=at, lots=lots), now)
        assert isinstance(began, PatrolBegan)
        duties = living.terms.patrol.duties if living.terms.patrol is not None else ()
        assert began.due == {one.duty: clause_end(living.plan.calendar, now, one.every) for one in duties}
