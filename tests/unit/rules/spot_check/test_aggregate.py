"""The life of a spot check: drawn, inspected, enlarged once, returned, closed."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import clause_end
from rules.command_results import Received
from rules.effects import ReopenSites
from rules.spot_check.aggregate import SpotCheckAggregate
from schemas.actor import Actor, Role
from schemas.errors import TooEarly
from schemas.options.spot_checks import Inspectors, SampleUnit
from schemas.reopening import Cause
from schemas.stages import CheckStage
from tests.support.chain_proof import proved
from tests.support.checked_city import (
    DRAWN_AT,
    EXPERT,
    NEIGHBOUR,
    PLAN,
    PROVINCE,
    CheckLife,
    frame,
    inspection,
    taking,
    terms,
)
from tests.support.sample_terms import HENAN, deadline, on

MONDAY = on(9, 27, 16)


def all_passed(check: CheckLife, at: datetime = MONDAY) -> None:
    for site in check.pending():
        check.inspected(site, at)


def test_sample_drawn_at_its_hour_with_frame_recorded() -> None:
    check = CheckLife(frame(20))
    assert check.kinds() == ["sample_drawn"]
    drawn = check.core.events["sample_drawn"].model_validate_json(check.entries[0].data)
    assert (drawn.seed, drawn.frame_size, drawn.share, drawn.minimum) == (7, 20, "0.2", 1)  # type: ignore[attr-defined]
    assert len(check.pending()) == 4
    assert check.entries[0].at == DRAWN_AT
    assert check.core.view(MONDAY).due == deadline(9, 30), "Sunday the 26th is made up: five working days"


def test_check_with_all_sites_passed_closes_without_reopening() -> None:
    check = CheckLife(frame(20))
    sampled = check.pending()
    all_passed(check)
    assert check.core.settled
    assert check.kinds()[-1] == "spot_check_closed"
    assert not check.reopened
    told = [(notice.kind, notice.site_id, notice.city) for notice in check.notices]
    assert told == [("spot_check_result", site, "410400") for site in sampled]
    assert check.core.next_due(MONDAY) is None


def test_nothing_to_check_closes_at_once() -> None:
    check = CheckLife([])
    assert check.kinds() == ["sample_drawn", "spot_check_closed"]
    assert check.core.settled


def test_failed_site_reopened_and_sample_of_unit_enlarged() -> None:
    check = CheckLife([*frame(20), *frame(10, "叶县")])
    first = [site for site in check.pending() if site.startswith("鲁山县")]
    check.inspected(first[0], MONDAY, passed=False, failed_requirements=("seal",))
    assert [(one.site_id, one.failed_requirements) for one in check.reopened] == [(first[0], ("seal",))]
    assert check.kinds()[-2:] == ["site_inspected", "sample_enlarged"]
    added = check.core.events["sample_enlarged"].model_validate_json(check.entries[-1].data)
    assert (added.unit, added.share, len(added.sample)) == ("410400/鲁山县", "0.4", 7)  # type: ignore[attr-defined]
    assert all(site.county == "鲁山县" for site in added.sample)  # type: ignore[attr-defined]
    assert added.due == deadline(10, 9)  # type: ignore[attr-defined] # over the holiday, with Saturday 9 October made up
    check.inspected(first[1], MONDAY + timedelta(hours=1), passed=False)
    assert check.kinds().count("sample_enlarged") == 1, "once a unit"
    notices = {notice.site_id: notice.data["enlarged"] for notice in check.notices}
    assert notices == {first[0]: True, first[1]: False}


def test_failure_in_enlarged_sample_returns_whole_batch() -> None:
    check = CheckLife([*frame(20), *frame(5, "叶县")])
    first = [site for site in check.pending() if site.startswith("鲁山县")]
    check.inspected(first[0], MONDAY, passed=False)
    check.inspected(first[1], MONDAY)
    added = [site for site in check.pending() if check.state.sampled[site].enlarged]
    check.inspected(added[0], on(9, 28, 16), passed=False)
    assert check.state.returned == ["410400/鲁山县"]
    back = [one.site_id for one in check.reopened]
    assert sorted(back) == sorted(one.id for one in frame(20)), "every site of the unit, each once, passed or not"
    assert check.pending() == [site for site in check.state.sampled if site.startswith("叶县")]
    assert not check.core.settled
    assert "went back with its unit's batch" in check.refused(inspection(added[1], on(9, 28, 17)))
    all_passed(check, on(9, 29, 16))
    assert check.core.settled
    outcomes = {notice.site_id: notice.data["outcome"] for notice in check.notices}
    assert list(outcomes.values()).count("returned") == 18
    assert {notice.kind for notice in check.notices} == {"spot_check_result"}
    assert len({notice.key for notice in check.notices}) == len(check.notices)


def test_a_second_failure_of_the_first_sample_returns_no_batch() -> None:
    check = CheckLife(frame(20))
    for site in check.pending():
        check.inspected(site, MONDAY, passed=False)
    assert not check.state.returned
    all_passed(check, on(9, 28, 16))
    assert check.core.settled
    assert len(check.reopened) == 4


def test_a_unit_that_was_sampled_whole_is_enlarged_by_nothing() -> None:
    check = CheckLife(frame(1))
    check.inspected(check.pending()[0], MONDAY, passed=False)
    assert check.kinds() == ["sample_drawn", "site_inspected", "sample_enlarged", "spot_check_closed"]


def test_the_unit_may_be_the_city() -> None:
    plan = PLAN.model_copy(update={"unit": SampleUnit.CITY})
    check = CheckLife([*frame(20), *frame(10, "叶县")], plan=plan)
    check.inspected(check.pending()[0], MONDAY, passed=False)
    added = [one.site.county for one in check.state.sampled.values() if one.enlarged]
    assert set(added) == {"鲁山县", "叶县"}


def test_what_nobody_inspects_in_time_is_told_once() -> None:
    check = CheckLife(frame(20))
    late = check.pending()[1:]
    check.inspected(check.pending()[0], MONDAY)
    check.quiet_until(on(10, 20))
    told = check.of("inspection_overdue")
    assert len(told) == 1
    assert told[0].at == deadline(9, 30)
    assert check.core.events["inspection_overdue"].model_validate_json(told[0].data).sites == tuple(late)  # type: ignore[attr-defined]
    all_passed(check, on(10, 20, 16))
    assert check.core.settled, "late is better than never"


@pytest.mark.parametrize(
    ("by", "why"),
    [
        (Actor(id="a", role=Role.COUNTY, unit="鲁山县"), "other_county"),
        (Actor(id="b", role=Role.COUNTY, unit="无名县"), "other_county"),
        (Actor(id="c", role=Role.PROVINCE, unit="省教育厅"), "province"),
        (Actor(id="d", role=Role.CITY, unit="410400"), "roles"),
        (Actor(id="e", role=Role.ENTERPRISE, unit="builder"), "roles"),
        (Actor(id="verifier-鲁山县", role=Role.EXPERT, unit="省地质院"), "reported or verified"),
    ],
)
def test_who_may_not_inspect(by: Actor, why: str) -> None:
    check = CheckLife(frame(20))
    reason = check.refused(inspection(check.pending()[0], MONDAY, by=by))
    assert why in reason
    assert by.id in reason


def test_unit_that_worked_at_a_sampled_site_inspects_it_not() -> None:
    entries = [one.model_copy(update={"workers": (NEIGHBOUR.unit,)}) for one in frame(20)]
    check = CheckLife(entries)
    reason = check.refused(inspection(check.pending()[0], MONDAY, by=NEIGHBOUR))
    assert "rule independence: a sampled site is inspected by another unit than one that worked" in reason
    assert NEIGHBOUR.unit in reason
    check.inspected(check.pending()[0], MONDAY, by=PROVINCE)
    assert check.kinds()[-1] == "site_inspected"


@pytest.mark.parametrize("by", [PROVINCE, NEIGHBOUR, EXPERT])
def test_who_may_inspect(by: Actor) -> None:
    check = CheckLife(frame(20))
    check.inspected(check.pending()[0], MONDAY, by=by)
    assert check.kinds()[-1] == "site_inspected"


def test_the_plan_says_which_offices_inspect() -> None:
    plan = PLAN.model_copy(update={"inspectors": (Inspectors.OTHER_COUNTY,)})
    check = CheckLife(frame(20), plan=plan)
    assert "not foreseen by the plan, whose inspectors are: other_county" in check.refused(
        inspection(check.pending()[0], MONDAY, by=EXPERT)
    )


def test_an_inspection_is_of_a_sampled_site_and_whole() -> None:
    check = CheckLife(frame(20))
    site = check.pending()[0]
    assert "is not in the sample" in check.refused(inspection("elsewhere", MONDAY))
    assert "needs its written opinion" in check.refused(inspection(site, MONDAY, passed=False, opinion=None))
    assert "names no failed requirements" in check.refused(inspection(site, MONDAY, failed_requirements=("seal",)))
    check.inspected(site, MONDAY)
    assert "was inspected already" in check.refused(inspection(site, MONDAY + timedelta(hours=1), passed=False))


def test_inspection_refused_before_draw_and_after_close() -> None:
    early = CheckLife(frame(20), drawn=False)
    reason = early.core.refusal(inspection("鲁山县-01", DRAWN_AT), DRAWN_AT)
    assert "its sample is not drawn yet" in str(reason)
    assert isinstance(reason, TooEarly), "who asks again in a moment is heard"
    check = CheckLife(frame(5))
    all_passed(check)
    assert "everything is inspected" in check.refused(inspection("鲁山县-01", MONDAY + timedelta(hours=1)))


def test_who_took_the_list_is_on_record() -> None:
    check = CheckLife(frame(20))
    check.at(MONDAY, taking(MONDAY))
    assert check.state.takers == ["wang"]
    assert check.of("sample_taken")[0].actor.find("wang") > 0


def test_late_inspection_report_counts_at_its_own_time() -> None:
    check = CheckLife(frame(20))
    site = check.pending()[0]
    check.at(on(9, 29, 10), inspection(site, MONDAY, passed=False))
    assert check.of("site_inspected")[0].at == MONDAY
    assert check.of("sample_enlarged")[0].at == MONDAY
    before = CheckLife(frame(20))
    before.at(on(9, 29, 10), inspection(site, on(9, 23, 10)))
    assert before.of("site_inspected")[0].at == on(9, 29, 10), "not before the draw"


findings = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=30)


@given(st.integers(0, 25), st.integers(0, 12), findings, st.sampled_from(SampleUnit))
def test_spot_check_replay_agrees_and_no_site_returned_twice(
    sites: int, others: int, said: list[tuple[int, bool]], unit: SampleUnit
) -> None:
    plan = PLAN.model_copy(update={"unit": unit})
    check = CheckLife([*frame(sites), *frame(others, "叶县")], plan=plan)
    for minute, (place, passed) in enumerate(said):
        pending = check.pending()
        if pending:
            check.inspected(pending[place % len(pending)], MONDAY + timedelta(minutes=minute), passed=passed)
    back = [one.site_id for one in check.reopened]
    assert len(back) == len(set(back))
    assert sorted(back) == sorted(check.state.sent_back())
    for returned in check.state.returned:
        assert returned in check.state.enlarged
    s = check.state
    assert check.core.settled == (s.stage is CheckStage.CLOSED) == (not check.pending())
    proved(check.entries)
    again = SpotCheckAggregate(terms(plan=plan))
    again.restore(check.entries)
    assert again.state.model_copy(update={"asked": []}) == s.model_copy(update={"asked": []})
    lost = SpotCheckAggregate(terms(plan=plan))
    lost.resume(check.entries)
    orders = [order for order in lost.advance([], check.now).effects if isinstance(order, ReopenSites)]
    assert all(order.again for order in orders)
    asked = [one for order in orders for one in order.sites]
    assert sorted(asked, key=str) == sorted(check.reopened, key=str), "whatever was sent back is asked for again"
    assert not [one for one in lost.advance([], check.now).effects if isinstance(one, ReopenSites)], "once"


def test_interrupted_attempt_continues_from_recorded_ledger() -> None:
    """The worker crashes after recording the failure: the next attempt requests the same enlargement and reopening."""
    check = CheckLife(frame(20))
    site = check.pending()[0]
    before = check.core.snapshot()
    said = inspection(site, MONDAY, passed=False)
    lost = check.core.advance([Received(said, MONDAY)], MONDAY)
    again = SpotCheckAggregate(check.core.terms)
    outcome = again.rebase(before, lost.entries)
    kinds = [type(effect).__name__ for effect in outcome.effects]
    assert kinds == ["ReopenSites"]
    following = again.advance([], MONDAY + timedelta(seconds=1))
    assert [type(effect).__name__ for effect in following.effects] == ["EnlargeSample"], "asked again"
    assert outcome.effects[0].cause is Cause.SPOT_CHECK  # type: ignore[union-attr]


def test_site_of_the_enlarged_sample_is_not_inspected_before_it_was_drawn() -> None:
    check = CheckLife(frame(20))
    first = check.pending()[0]
    check.inspected(first, on(9, 27, 16), passed=False)
    added = next(site for site in check.pending() if check.state.sampled[site].enlarged)
    early = inspection(added, on(9, 26, 9))
    outcome = check.at(on(9, 28, 9), early)
    [warning] = outcome.result_of(early.command_id).warnings
    assert f"it is before {added} was drawn (2021-09-27 16:00)" in warning
    assert outcome.entries[0].at == on(9, 28, 9)


def test_inspections_are_due_counted_from_the_draw_not_from_the_order() -> None:
    """The sample is drawn two days after it was ordered, and enlarged two days after a failure that was told late."""
    check = CheckLife(frame(20), drawn=False)
    check.at(DRAWN_AT + timedelta(days=2))
    assert check.entries[0].at == DRAWN_AT
    assert check.core.view(MONDAY).due == clause_end(HENAN, DRAWN_AT + timedelta(days=2), PLAN.inspect)
    late = inspection(check.pending()[0], on(9, 27, 16), passed=False)
    check.at(on(9, 29, 9), late)
    added = [one for one in check.state.sampled.values() if one.enlarged]
    assert {one.due for one in added} == {clause_end(HENAN, on(9, 29, 9), PLAN.inspect)}
