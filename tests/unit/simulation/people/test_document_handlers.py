"""Documents in the simulator: whatever the people are like, the ladder keeps its order and its hours."""

import json
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import is_working_day, local_date, start_of
from rules.documents.addressing import LEVELS
from schemas.documents.commands import Approve, Reject, SendReply, SignReceipt
from schemas.documents.document import DocumentState, Progress
from schemas.ledger import DocumentDraft, LedgerEntry
from simulation.behaviour.actions import Action, Step
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from simulation.people.everybody import People
from tests.support.budget import examples
from tests.support.short_campaign import OFFICE, short_plan, short_register

FROZEN, SITES = short_plan(), short_register()
CALENDAR = FROZEN.calendar
RUNGS = [rung.rung for rung in FROZEN.plan.ladder]
NINE_ON_FRIDAY = start_of(CALENDAR, FROZEN.plan.starts_on.replace(month=9, day=10), CALENDAR.office.opens)


@given(seed=st.integers(0, 2**32), temperament=st.sampled_from([Temperament.TYPICAL, Temperament.SLACK]))
@settings(max_examples=examples(20), deadline=None)
def test_ladder_order_and_hours_hold_for_all_behaviours(seed: int, temperament: Temperament) -> None:
    found = forecast(FROZEN, SITES, temperament, seed, keep_ledger=True)
    each_rung_rises_once_in_a_round(found)
    no_document_of_a_rung_comes_before_the_rung_below(found)
    numbers_leave_no_gap(found)
    documents_leave_at_the_dispatch_hour_of_a_working_day(found)
    for city in FROZEN.plan.cities:
        entries = found.ledger[f"city/{FROZEN.plan.id}/{city.code}"]
        receipts_follow_the_issue_and_come_once_from_each_unit(entries)
        drafts_go_out_only_when_they_are_approved(entries)
        silence_is_told_so_often_at_most(entries)


def each_rung_rises_once_in_a_round(found: Forecast) -> None:
    for site in SITES:
        issued: dict[int, list[int]] = defaultdict(list)
        for entry in found.ledger[f"site/{FROZEN.plan.id}/{site.id}"]:
            data = json.loads(entry.data)
            if entry.kind == "rung_issued" or (entry.kind == "climbed" and not data.get("awaits_approval", False)):
                issued[data["round"]].append(data["rung"])
        assert all(low < high for rungs in issued.values() for low, high in pairwise(rungs)), (site.id, issued)


def no_document_of_a_rung_comes_before_the_rung_below(found: Forecast) -> None:
    since: dict[tuple[str, int], object] = {}
    for document in sorted(issued_of(found), key=lambda document: (document.issued_at, document.rung)):
        if not is_rung(document):
            continue
        for site in document.sites:
            place = RUNGS.index(document.rung)
            if place:
                below = since.get((site, RUNGS[place - 1]))
                assert below is not None and below != document.issued_at, (site, document.key)
            since.setdefault((site, document.rung), document.issued_at)


def numbers_leave_no_gap(found: Forecast) -> None:
    numbers: dict[str, list[int]] = defaultdict(list)
    for document in issued_of(found):
        if document.kind != "plan_issue":
            assert document.number is not None, document.key
            series, _, number = document.number.rpartition(" ")
            numbers[series].append(int(number))
    assert all(given == list(range(1, len(given) + 1)) for given in map(sorted, numbers.values()))
    assert all(document.number is None for document in found.documents if not document.state.was_issued)


def documents_leave_at_the_dispatch_hour_of_a_working_day(found: Forecast) -> None:
    for document in found.documents:
        day = local_date(CALENDAR, document.issued_at)
        if document.kind not in ("plan_issue", "closing_report"):
            assert is_working_day(CALENDAR, day)
            if document.kind == "signature_request" and not document.city:  # it goes out with the start
                continue
            assert document.issued_at == start_of(CALENDAR, day, CALENDAR.office.opens)


def receipts_follow_the_issue_and_come_once_from_each_unit(entries: list[LedgerEntry]) -> None:
    asked: dict[str, set[str]] = {}
    for entry in entries:
        data = json.loads(entry.data)
        if entry.kind == "document_issued":
            asked[data["key"]] = set(data.get("units", ()))
        elif entry.kind == "document_signed":
            assert set(data["units"]) <= asked[data["key"]]  # not before the issue, and not a second time
            asked[data["key"]] -= set(data["units"])


def drafts_go_out_only_when_they_are_approved(entries: list[LedgerEntry]) -> None:
    waiting: set[str] = set()
    for entry in entries:
        key = json.loads(entry.data).get("key")
        if entry.kind == "document_drafted":
            waiting.add(key)
        elif entry.kind == "document_approved":
            waiting.remove(key)
        elif entry.kind == "document_issued":
            assert key not in waiting


def silence_is_told_so_often_at_most(entries: list[LedgerEntry]) -> None:
    steps: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "signing_overdue":
            data = json.loads(entry.data)
            steps[data["key"]].append(data["step"])
    assert all(told == list(range(1, len(told) + 1)) and len(told) < len(LEVELS) for told in steps.values())


def issued_of(found: Forecast) -> list[DocumentDraft]:
    return [document for document in found.documents if document.state.was_issued]


def is_rung(document: DocumentDraft) -> bool:
    return any((rung.rung, rung.instrument) == (document.rung, document.kind) for rung in FROZEN.plan.ladder)


# -- people --------------------------------------------------------------------------------------------------------


def crowd(temperament: Temperament = Temperament.TYPICAL, seed: int = 3, campaign: str = FROZEN.plan.id) -> People:
    return People(short_plan(campaign), short_register(), temperament, seed)


def order(*, campaign: str = FROZEN.plan.id, day: int = 10, progress: Progress | None = None) -> DocumentDraft:
    """A supervision order of that day of September, to the government of the north."""
    return DocumentDraft(
        key=f"{campaign}/north:supervision_order:2:2021-09-{day}",
        city="north",
        kind="supervision_order",
        rung=2,
        issued_at=NINE_ON_FRIDAY.replace(day=day),
        progress=progress or Progress(units=("Northern lead",), receipt_due=NINE_ON_FRIDAY, reply_due=NINE_ON_FRIDAY),
    )


def circular(day: int = 10, state: DocumentState = DocumentState.DRAFTED) -> DocumentDraft:
    return DocumentDraft(
        key=f"{FROZEN.plan.id}/north:circular:3:2021-09-{day}",
        city="north",
        kind="circular",
        rung=3,
        issued_at=NINE_ON_FRIDAY.replace(day=day),
        state=state,
        progress=Progress(approver=OFFICE.name),
    )


def test_document_reactions_independent_of_read_time() -> None:
    fresh = order()
    later = fresh.progress.model_copy(update={"signed": {"Northern lead": NINE_ON_FRIDAY}, "receipt_steps": 1})
    one, other = crowd(), crowd()
    other.on_document(circular())
    assert one.on_document(fresh) == other.on_document(order(progress=later)) != []


def test_the_same_plan_under_another_id_has_the_same_people() -> None:
    def when(actions: list[Action]) -> list[object]:
        return [(action.step, action.sent_at, action.command.command_id) for action in actions]

    assert when(crowd().on_document(order())) == when(crowd(campaign="x").on_document(order(campaign="x"))) != []


@pytest.mark.parametrize("temperament", Temperament)
def test_no_reaction_on_arrival_day_or_day_off(temperament: Temperament) -> None:
    people = crowd(temperament)
    for day in range(1, 30):
        for document in (order(day=max(day, 10)), circular(max(day, 10))):
            for action in people.on_document(document):
                on = local_date(CALENDAR, action.sent_at)
                assert on > local_date(CALENDAR, document.issued_at) and is_working_day(CALENDAR, on)


def test_commands_name_document_by_key_not_number() -> None:
    document = order().model_copy(update={"number": "NR [2021] No. 7"})
    commands = [action.command for action in crowd().on_document(document)]
    assert commands
    assert all(isinstance(c, SignReceipt | SendReply) and c.document == document.key for c in commands)


def test_approver_decides_or_superior_decides_when_overdue() -> None:
    decisions: list[list[Action]] = [crowd(Temperament.SLACK, seed).on_document(circular()) for seed in range(100)]
    kinds = {type(action.command) for actions in decisions for action in actions}
    assert kinds == {Approve, Reject} and [] in decisions
    assert all(a.step is Step.APPROVAL and a.command.actor.unit == OFFICE.name for d in decisions for a in d)
    told = DocumentDraft(
        key=f"{circular().key}:approval-overdue-1",
        city="north",
        kind="approval_overdue",
        rung=1,
        issued_at=NINE_ON_FRIDAY,
        data={"key": circular().key, "document": "circular", "rung": 3},
    )
    superiors = [crowd(Temperament.SLACK, seed).on_document(told) for seed in range(40)]
    decided = [action.command for actions in superiors for action in actions]
    assert 0 < len(decided) < 40
    assert all(isinstance(command, Approve) and command.document == circular().key for command in decided)
    assert {command.actor.unit for command in decided} == {OFFICE.superior.name}


def test_documents_of_the_province_have_no_answer() -> None:
    closing = order().model_copy(update={"kind": "closing_report", "rung": 0, "city": ""})
    assert crowd().on_document(closing) == []


def test_people_act_on_the_first_copy_of_the_plan_only() -> None:
    plan, everybody = order().model_copy(update={"kind": "plan_issue", "rung": 0}), crowd()
    assert {action.subject for action in everybody.on_document(plan)} >= {city.code for city in FROZEN.plan.cities}
    assert everybody.on_document(plan) == []
