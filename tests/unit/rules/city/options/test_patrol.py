"""The patrol of a city after closure: its periods, findings, look-backs, and its end."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import count_working_days, last_day_of
from rules.city.aggregate import CityAggregate
from schemas.actor import ENGINE
from schemas.campaign import Stop
from schemas.documents.document import DocumentState
from tests.support.budget import examples
from tests.support.escalating_city import CREW
from tests.support.patrolled_city import DUTIES, PATROL_TEAM, PatrolledCity, plan
from tests.support.sample_terms import on

DUE = on(8, 13).date()


def city(*sites: str, **changes: Any) -> PatrolledCity:
    """Deployed on Monday 2 August; the first site is struck off on the morning of Thursday the 5th."""
    living = PatrolledCity(plan(**changes), DUE, sites or ("a", "b"))
    living.live(on(8, 5, 8))
    living.close((sites or ("a",))[0])
    living.live(on(8, 5, 12))
    return living


def days(living: PatrolledCity, kind: str) -> list[str]:
    """The last days of the deadlines of every entry of this kind."""
    return [f"{last_day_of(living.plan.calendar, event.due):%m-%d}" for event in living.events(kind)]


def test_patrol_begins_with_dispatch_of_first_closure() -> None:
    living = city()
    (began,) = [entry for entry in living.entries if entry.kind == "patrol_began"]
    assert began.at == on(8, 5, 9)
    (event,) = living.events("patrol_began")
    assert event.due == {"joint_meeting": on(8, 20), "patrol": on(8, 11)}, (
        "the midnights that end the tenth and third working day"
    )
    assert event.until == on(9, 4), "ten working days after Friday 20 August"


def test_without_a_strike_off_it_begins_when_the_city_closes() -> None:
    living = PatrolledCity(plan(), DUE, ("a",))
    living.live(on(8, 31))
    kinds = [entry.kind for entry in living.entries]
    assert kinds.index("patrol_began") + 1 == kinds.index("city_closed")


def test_before_it_has_begun_there_is_nothing_to_patrol() -> None:
    living = PatrolledCity(plan(), DUE, ("a",))
    living.live(on(8, 4, 12))
    living.patrols("patrol")
    assert "before the patrol has begun" in living.refused[-1]


def test_a_plan_without_patrol_knows_no_duties() -> None:
    living = PatrolledCity(plan(patrol=None, catalogue=[{"id": "seal", "title": "封堵", "unit": "处"}]), DUE, ("a",))
    living.live(on(8, 5, 12))
    living.patrols("patrol")
    assert "its plan has no patrol" in living.refused[-1]


def test_missed_duty_reported_once_next_period_counts_from_end() -> None:
    living = city()
    living.live(on(8, 17, 12))
    assert days(living, "duty_missed") == ["08-10", "08-13"]
    told = [d for d in living.of("patrol_overdue") if d.data["duties"]]
    assert [d.issued_at for d in told] == [on(8, 11, 9), on(8, 16, 9)]
    assert [line["due"] for d in told for line in d.data["duties"]] == ["2021-08-10", "2021-08-13"]


def test_one_performance_a_period_and_another_is_one_more() -> None:
    living = city()
    living.live(on(8, 6, 10))
    living.patrols("patrol")
    living.live(on(8, 9, 10))
    living.patrols("patrol")
    living.live(on(8, 13, 12))
    first, second = living.events("duty_performed")
    assert (first.fulfils, second.fulfils) == (True, False)
    assert days(living, "duty_missed") == [], "the period to the 13th is not over yet"
    living.live(on(8, 16, 12))
    assert days(living, "duty_missed") == ["08-13"], "what was done in the period before does not count for this one"


def test_outage_records_one_entry_for_all_missed_duties() -> None:
    living = city()
    living.outages = ((on(8, 6), on(8, 18, 12)),)
    living.live(on(8, 19, 12))
    missed = [event for event in living.events("duty_missed") if event.duty == "patrol"]
    assert [(event.periods, event.due, event.next_due) for event in missed] == [
        (2, on(8, 11), on(8, 19)),
        (1, on(8, 19), on(8, 24)),
    ]


def test_relapse_reopens_site_and_counts_for_county() -> None:
    living = city()
    living.live(on(8, 9, 10))
    living.finds("a")
    assert living.cases["a"].state.stage == "rectifying"
    (event,) = living.events("sites_reopened")
    assert (event.cause, event.sites, event.left) == ("relapse", ("a",), ())
    facts = living.desk.row().facts
    assert facts is not None and facts.patrol is not None
    assert (facts.patrol.findings, facts.patrol.relapses) == (1, {"鲁山县": 1})
    living.live(on(8, 10, 12))
    assert [d.sites for d in living.of("reopening")] == [("a",)], "its city is told with the next dispatch"


def test_a_finding_at_a_site_that_is_still_open_opens_nothing() -> None:
    living = city()
    living.live(on(8, 9, 10))
    living.finds("b")
    (event,) = living.events("sites_reopened")
    assert (event.sites, event.left) == ((), ("b",))
    facts = living.desk.row().facts
    assert facts is not None and facts.patrol is not None and facts.patrol.relapses == {}


def test_a_finding_names_what_the_plan_has() -> None:
    living = city()
    living.live(on(8, 9, 10))
    living.finds("a", failed_requirements=("moat",))
    assert "no requirement moat" in living.refused[-1]


def test_look_back_is_by_another_unit_than_one_that_worked() -> None:
    living = city()
    living.live(on(8, 6, 12))
    (due,) = living.events("look_backs_set")[0].items
    assert due.worked == (CREW.unit,)
    patrol = living.desk.state.patrol
    assert patrol is not None
    patrol.look_backs["a"] = [due.model_copy(update={"worked": ("410404", PATROL_TEAM.unit)})]
    living.looks_back("a", held=True)
    assert (
        f"rule independence: a look-back is by another unit than one that worked; {PATROL_TEAM.unit}"
        in (living.refused[-1])
    )
    patrol.look_backs["a"] = [due]
    living.looks_back("a", held=True)
    assert living.events("looked_back")


def test_reinspection_due_and_overdue_reported_once() -> None:
    living = city()
    living.live(on(8, 20))
    (due,) = living.events("look_backs_set")[0].items
    assert (due.site_id, due.requirement, due.due) == ("a", "seal", on(8, 13))
    assert days(living, "look_backs_overdue") == ["08-12"]
    told = [line for d in living.of("patrol_overdue") for line in d.data["look_backs"]]
    assert [line.pop("clauses")["due"]["name"] for line in told] == ["catalogue[0].look_back[0]"]
    assert told == [{"site": "a", "requirement": "seal", "due": "2021-08-12"}]
    living.looks_back("a", held=True)
    living.looks_back("a", held=True)
    assert "no look-back of seal is due at a" in living.refused[-1], "it is inspected once"


def test_what_did_not_hold_opens_the_site_again() -> None:
    living = city()
    living.live(on(8, 11, 10))
    living.looks_back("a", held=False)
    assert living.cases["a"].state.stage == "rectifying"
    (event,) = living.events("sites_reopened")
    assert event.cause == "look_back"
    living.live(on(8, 12, 10))
    living.close("a")
    living.live(on(8, 13, 12))
    assert len(living.events("look_backs_set")) == 2, "struck off again it is inspected again"


def test_city_reported_settled_while_patrol_continues() -> None:
    living = city()
    living.live(on(8, 26, 12))
    row = living.desk.row()
    assert living.told_campaign == ["settled"]
    assert (row.settled, living.desk.settled) == (True, False)
    assert row.facts is not None and row.facts.patrol is not None and row.facts.patrol.state == "running"


def test_after_the_end_documents_go_out_and_are_signed_as_before() -> None:
    living = city()
    living.live(on(8, 27, 10))
    living.finds("a")
    living.live(on(8, 31, 12))
    (document,) = living.of("reopening")
    assert living.states[document.key] is DocumentState.RECEIPTED
    assert [d.kind for d in living.documents if d.rung] == [] and living.cases["a"].state.due == on(9, 1)
    living.live(on(9, 2))
    living.close("a")
    living.live(on(9, 30))
    assert living.cases["a"].state.stage == "closed"


def test_patrol_end_carries_over_open_sites_and_closes_city() -> None:
    living = city()
    living.live(on(9, 1, 10))
    living.finds("a")
    living.live(on(9, 30))
    ends = [(entry.kind, entry.at) for entry in living.entries if entry.kind.startswith("patrol_")][1:]
    assert [kind for kind, _ in ends] == ["patrol_ended", "patrol_settled", "patrol_closed"]
    assert ends[0][1] == ends[1][1] == on(9, 4)
    assert living.cases["a"].state.stage == "carried_over"
    assert living.desk.settled and living.told_campaign == ["settled", "patrol"]
    assert [d.sites for d in living.of("carry_over")][-1] == ("a",)
    living.patrols("patrol")
    assert "the patrol ended on 2021-09-03" in living.refused[-1]


def test_late_finding_after_end_reopens_site_without_carry_over() -> None:
    living = city()
    living.live(on(8, 23, 10))
    living.finds("a", on(8, 20, 15))
    (reopened,) = [entry for entry in living.site_entries["a"] if entry.kind == "reopened"]
    assert reopened.at == on(8, 21)
    assert living.cases["a"].state.stage == "rectifying"


def test_city_restored_from_ledger_repeats_reopening_request() -> None:
    living = city()
    living.live(on(8, 9, 10))
    living.finds("a")
    cut = next(n for n, entry in enumerate(living.entries) if entry.kind == "sites_reopened")
    twin = CityAggregate(living.terms)
    twin.restore(living.entries[:cut])
    effects = [effect.origin for effect in twin.advance((), living.now).effects if hasattr(effect, "origin")]
    assert effects == ["city/ladder/410400:finding-1"]
    assert living.last_report is not None
    assert [entry.kind for entry in twin.observe(living.last_report, living.now).entries] == ["sites_reopened"]
    assert twin.observe(living.last_report, living.now).entries == [], "the same report again changes nothing"


def test_reinspection_failed_twice_on_one_due_day_reopens_twice() -> None:
    living = city()
    living.live(on(8, 5, 12))
    living.looks_back("a", held=False)
    living.live(on(8, 5, 13))
    assert living.cases["a"].state.stage == "rectifying"
    living.close("a")
    living.live(on(8, 6, 9))
    living.looks_back("a", held=False)
    dues = {one.due for one in living.events("looked_back")}
    assert len(dues) == 1, "it was struck off twice on one day"
    assert living.cases["a"].state.stage == "rectifying"
    assert [entry.kind for entry in living.site_entries["a"]].count("reopened") == 2


def test_a_stopped_campaign_leaves_no_patrol() -> None:
    living = city()
    living.live(on(8, 9, 10))
    living.says(Stop, ENGINE, reason="新法")
    living.live(on(8, 20))
    assert living.desk.settled and living.told_campaign == ["settled"]
    assert living.events("patrol_closed") == []


moments = st.integers(min_value=0, max_value=29 * 24).map(lambda hour: timedelta(hours=hour))
said = st.lists(
    st.tuples(moments, st.sampled_from(["patrol", "joint_meeting", "finds", "held", "failed", "close"])), max_size=25
)


@settings(max_examples=examples(60), deadline=None)
@given(said)
def test_every_duty_period_kept_or_missed_and_replay_agrees(acts: list[tuple[timedelta, str]]) -> None:
    living = city()
    for after, what in sorted(acts):
        living.live(max(living.now, on(8, 5, 12) + after))
        match what:
            case "finds":
                living.finds("a")
            case "held" | "failed":
                living.looks_back("a", held=what == "held")
            case "close" if living.cases["a"].state.stage == "rectifying":
                living.close("a")
            case "patrol" | "joint_meeting":
                living.patrols(what)
            case _:
                pass
    living.live(on(9, 30))
    assert living.desk.settled
    assert all(case.settled for case in living.cases.values())
    facts = living.desk.row().facts
    assert facts is not None and facts.patrol is not None
    calendar = living.plan.calendar
    for duty, said_of in zip(facts.patrol.duties, DUTIES, strict=True):
        every = said_of["every"]["amount"]  # type: ignore[index]
        periods = count_working_days(calendar, on(8, 6).date(), on(9, 3).date()) // every
        kept_beyond = duty.performed + duty.missed - periods
        assert kept_beyond in (0, 1), "the last period may be kept though it ends after the patrol"
    relapses = sum(facts.patrol.relapses.values())
    assert relapses == sum(entry.kind == "reopened" for entry in living.site_entries["a"])
    twin = CityAggregate(living.terms)
    twin.restore(living.entries)
    ours, its = living.desk.state, twin.state
    noted = {"settle_at", "settle_asked", "last_dispatch", "last_reconciled", "opening", "issuing", "issuing_at"}
    assert its.model_dump(exclude=noted) == ours.model_dump(exclude=noted)


def test_the_moments_are_those_of_the_calendar() -> None:
    """Computed by hand: from Thursday 5 August, every third working day."""
    living = city()
    living.live(datetime.fromisoformat("2021-09-10T00:00:00+08:00"))
    assert [day for day in days(living, "duty_missed") if day not in ("08-19", "09-02")][:4] == [
        "08-10",
        "08-13",
        "08-18",
        "08-23",
    ]
