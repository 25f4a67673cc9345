"""Simulated people: the same whoever is asked first, in office hours, and reacting to what they were told."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rules.calendar import is_working_day, start_of
from rules.terms.plan import ends_at
from schemas.actor import Actor, Role
from schemas.city import ApproveDeployment
from schemas.register import Site
from schemas.site.commands import CompleteTask, Verify
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import OfficeHours
from simulation.behaviour.temperament import HABITS, Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from simulation.people.crews import Crews
from simulation.people.everybody import People
from simulation.people.verifiers import Verifiers
from tests.support.short_campaign import short_plan, short_register

FROZEN = short_plan()
ISSUED = datetime(2021, 8, 31, 1, tzinfo=UTC)
ACCEPTED = Reply(ReplyStatus.ACCEPTED)
PAPERWORK = {
    "document_signed",
    "document_replied",
    "document_lifted",
    "document_approved",
    "document_rejected",
    "refused",
}
"""Documents of the last days are answered after the campaign."""


HOURS = OfficeHours(FROZEN.calendar)


def a_builder(site: Site) -> Actor:
    return Actor(id="builder", role=Role.ENTERPRISE, unit=site.county)


def people(seed: int = 3) -> People:
    return People(FROZEN, short_register(), Temperament.TYPICAL, seed)


def test_site_done_while_suspended_is_verified_after_resumption() -> None:
    """The last report, of work before the suspension, comes while the site stands still."""
    crowd = people()
    site = short_register()[0]
    state: dict[str, Any] = {"stage": "rectifying", "level": None, "round": 1, "outstanding": {}}
    told = Action(Step.LAST_REPORT, "stream", site.id, report_of(site), ISSUED, waits=True)
    assert crowd.on_reply(told, Reply(ReplyStatus.ACCEPTED, state=state)) == []
    resumed = replace(told, step=Step.RESUMPTION, subject=site.city, sent_at=ISSUED + timedelta(days=3))
    asked = {**state, "stage": "verifying", "level": FROZEN.plan.verification.levels[0].id}
    (verdict,) = crowd.on_reply(resumed, Reply(ReplyStatus.ACCEPTED, state=asked))
    assert verdict.step is Step.VERDICT and verdict.sent_at > resumed.sent_at
    assert people().on_reply(resumed, Reply(ReplyStatus.ACCEPTED, state=asked)) == [], "others were asked before"


def report_of(site: Site) -> CompleteTask:
    return CompleteTask(
        command_id="last", actor=a_builder(site), effective_at=ISSUED, requirement="seal-adit", quantity=1
    )


def approvals(crowd: People) -> list[Action]:
    """Every city's approval, asked for as the province would."""
    found: list[Action] = []
    waiting = [a for a in crowd.on_plan_issued(ISSUED) if a.step is Step.SUBMISSION]
    while waiting:
        action = waiting.pop()
        if isinstance(action.command, ApproveDeployment):
            found.append(action)
        else:
            waiting.extend(crowd.on_reply(action, ACCEPTED))
    return sorted(found, key=lambda action: action.subject)


def of_sites(actions: Sequence[Action]) -> list[Action]:
    return sorted(actions, key=lambda action: (action.sent_at, action.command.command_id))


def test_people_do_the_same_whoever_is_asked_first() -> None:
    north, south = approvals(people())
    one, other = people(), people()
    forwards = [one.on_reply(north, ACCEPTED), one.on_reply(south, ACCEPTED)]
    backwards = [other.on_reply(south, ACCEPTED), other.on_reply(north, ACCEPTED)]
    assert forwards == backwards[::-1]
    assert one.on_reply(north, ACCEPTED) == forwards[0]


def test_other_seeds_are_other_people() -> None:
    assert people(3).on_plan_issued(ISSUED) != people(4).on_plan_issued(ISSUED)


def test_crews_begin_on_a_later_working_day_than_the_approval() -> None:
    crowd = people()
    for approval in approvals(crowd):
        actions = crowd.on_reply(approval, ACCEPTED)
        assert actions
        assert all(action.sent_at - approval.sent_at > timedelta(hours=20) for action in actions)


def test_a_crew_sends_its_reports_in_the_order_of_the_work() -> None:
    crowd = people()
    for approval in approvals(crowd):
        by_site: dict[str, list[Action]] = {}
        seen: set[str] = set()
        for action in of_sites(crowd.on_reply(approval, ACCEPTED)):
            if isinstance(action.command, CompleteTask) and action.command.command_id not in seen:
                seen.add(action.command.command_id)
                by_site.setdefault(action.subject, []).append(action)
        for reports in by_site.values():
            done_at = [report.command.effective_at for report in reports]
            assert done_at == sorted(done_at)
            assert all(report.sent_at > report.command.effective_at for report in reports)
            assert [report.waits for report in reports[:-1]] == [False] * (len(reports) - 1)


def test_a_report_sent_twice_is_the_same_command() -> None:
    crowd = people()
    actions = [action for approval in approvals(crowd) for action in crowd.on_reply(approval, ACCEPTED)]
    by_id: dict[str, set[str]] = {}
    for action in actions:
        by_id.setdefault(action.command.command_id, set()).add(action.command.model_dump_json())
    assert len(actions) > len(by_id)
    assert all(len(contents) == 1 for contents in by_id.values())


def test_refused_verifier_retries_with_new_command() -> None:
    crowd = people()
    report = last_report(crowd)
    asked = {"stage": "verifying", "round": 1, "level": "county"}
    (verdict,) = crowd.on_reply(report, Reply(ReplyStatus.ACCEPTED, asked))
    (again,) = crowd.on_reply(verdict, Reply(ReplyStatus.REFUSED))
    assert isinstance(again.command, Verify) and again.command.level == "county"
    assert again.sent_at > verdict.sent_at
    assert again.command.command_id != verdict.command.command_id


def test_city_verifier_belongs_to_city_of_judged_site() -> None:
    south, north = (site for site in short_register() if site.id in {"s-02", "s-17"})
    assert (south.city, north.city) == ("south", "north") and south.county == north.county
    for first, then in ((north, south), (south, north)):
        habits, draws = HABITS[Temperament.TYPICAL], Draws(3)
        judge = Verifiers(FROZEN.plan, habits, HOURS, draws, Crews(FROZEN.plan, habits, HOURS, draws)).judge
        assert [judge(first, "city").unit, judge(then, "city").unit] == [first.city, then.city]


def test_a_crew_reports_what_its_last_report_left_open() -> None:
    crowd = people()
    report = last_report(crowd)
    state = {"stage": "rectifying", "round": 1, "level": None, "outstanding": {"hand_over": 0.0}}
    (again,) = crowd.on_reply(report, Reply(ReplyStatus.ACCEPTED, state))
    assert isinstance(again.command, CompleteTask) and again.waits
    assert again.command.requirement == "hand_over" and again.command.evidence


def test_nobody_goes_on_at_a_site_that_is_settled() -> None:
    crowd = people()
    assert crowd.on_reply(last_report(crowd), Reply(ReplyStatus.GONE)) == []


@pytest.mark.parametrize("temperament", Temperament)
def test_simulated_people_act_in_office_hours_until_campaign_end(
    temperament: Temperament,
) -> None:
    plan, calendar = FROZEN.plan, FROZEN.calendar
    by_people = [
        entry
        for stream in foreseen(temperament).ledger.values()
        for entry in stream
        if json.loads(entry.actor)["role"] != "system"
    ]
    assert by_people
    for entry in by_people:
        for instant in (entry.at, entry.received_at):
            local = instant.astimezone(plan.zone)
            assert is_working_day(calendar, local.date())
            assert 10 <= local.hour < 18
            assert instant - start_of(calendar, local.date(), calendar.office.opens) >= timedelta(hours=1)
            assert instant < ends_at(FROZEN) or entry.kind in PAPERWORK


def test_late_reports_within_tolerance_judged_by_work_date() -> None:
    reports = [
        entry
        for stream in foreseen(Temperament.SLACK).ledger.values()
        for entry in stream
        if entry.kind == "task_reported"
    ]
    late = [entry for entry in reports if entry.received_at - entry.at > timedelta(hours=12)]
    assert late
    assert all("claimed_at" not in json.loads(entry.data) for entry in reports)


def test_draws_are_even_and_follow_their_curve() -> None:
    draws = Draws(1)
    shares = [draws.share("site", number) for number in range(4000)]
    assert 0.48 < sum(shares) / len(shares) < 0.52
    assert all(0 <= share < 1 for share in shares)
    values = [draws.along(((0, 1.0), (0.5, 2.0), (1, 10.0)), number) for number in range(4000)]
    assert 0.47 < sum(value < 2 for value in values) / len(values) < 0.53
    assert min(values) >= 1 and max(values) < 10
    assert {draws.whole(1, 3, number) for number in range(100)} == {1, 2, 3}


def last_report(crowd: People) -> Action:
    return next(
        action
        for approval in approvals(crowd)
        for action in crowd.on_reply(approval, ACCEPTED)
        if action.step is Step.LAST_REPORT
    )


def foreseen(temperament: Temperament) -> Forecast:
    return forecast(FROZEN, short_register(), temperament, 3, keep_ledger=True)
