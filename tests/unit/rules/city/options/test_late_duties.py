"""Patrol duties that are reported late: the missed period that they count for, if any."""

from tests.support.sample_terms import on
from tests.unit.rules.city.options.test_patrol import city, days


def test_a_duty_that_is_reported_late_is_not_a_missed_one() -> None:
    living = city()
    living.live(on(8, 11, 8))
    assert days(living, "duty_missed") == ["08-10"]
    living.patrols("patrol", on(8, 10, 15))
    living.live(on(8, 11, 12))
    facts = living.desk.row().facts
    assert facts is not None and facts.patrol is not None
    of_patrol = next(duty for duty in facts.patrol.duties if duty.duty == "patrol")
    assert (of_patrol.performed, of_patrol.missed) == (1, 0)
    assert living.of("patrol_overdue") == [], "its delay was not told yet, and is not told any more"


def test_extra_duty_in_current_period_does_not_cure_missed_one() -> None:
    living = city()
    living.live(on(8, 11, 8))
    assert days(living, "duty_missed") == ["08-10"]
    living.patrols("patrol", on(8, 11, 7))
    living.live(on(8, 12, 10))
    living.patrols("patrol")
    living.live(on(8, 12, 12))
    present, one_more = living.events("duty_performed")
    assert (present.fulfils, present.cures) == (True, False)
    assert (one_more.fulfils, one_more.cures) == (False, False)


def test_duty_performed_during_outage_counts_for_its_period() -> None:
    living = city()
    living.outages = ((on(8, 6), on(8, 16, 12)),)
    living.live(on(8, 16, 13))
    living.patrols("patrol", on(8, 13, 15))
    (event,) = living.events("duty_performed")
    assert (event.fulfils, event.cures) == (False, True)
