"""The costs of a history by Temporal's price list."""

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from bench.costs import LOCAL_ACTIVITY, Cost, cost_of

pytestmark = pytest.mark.unit


def event(kind: str) -> HistoryEvent:
    return HistoryEvent(event_type=EventType.Value(f"EVENT_TYPE_{kind}"))


def local_activity(task: int) -> HistoryEvent:
    marker = event("MARKER_RECORDED")
    marker.marker_recorded_event_attributes.marker_name = LOCAL_ACTIVITY
    marker.marker_recorded_event_attributes.workflow_task_completed_event_id = task
    return marker


def activity(attempt: int) -> list[HistoryEvent]:
    started = event("ACTIVITY_TASK_STARTED")
    started.activity_task_started_event_attributes.attempt = attempt
    return [event("ACTIVITY_TASK_SCHEDULED"), started, event("ACTIVITY_TASK_COMPLETED")]


TASK = [event("WORKFLOW_TASK_SCHEDULED"), event("WORKFLOW_TASK_STARTED"), event("WORKFLOW_TASK_COMPLETED")]


def test_a_workflow_that_only_starts_costs_one_action() -> None:
    assert cost_of([event("WORKFLOW_EXECUTION_STARTED"), *TASK]) == Cost(events=4, actions=1, tasks=1)


def test_signals_updates_and_timers_cost_one_action_each() -> None:
    told = [
        event("WORKFLOW_EXECUTION_SIGNALED"),
        event("WORKFLOW_EXECUTION_UPDATE_ACCEPTED"),
        event("WORKFLOW_EXECUTION_UPDATE_COMPLETED"),
        event("TIMER_STARTED"),
        event("TIMER_FIRED"),
    ]
    assert cost_of(told).actions == 3


def test_all_local_activities_of_one_task_are_one_action() -> None:
    assert cost_of([local_activity(4), local_activity(4), local_activity(9)]).actions == 2


def test_a_marker_that_is_no_local_activity_is_free() -> None:
    patched = event("MARKER_RECORDED")
    patched.marker_recorded_event_attributes.marker_name = "core_patch"
    assert cost_of([patched]).actions == 0


def test_every_further_attempt_of_an_activity_costs_an_action() -> None:
    assert cost_of(activity(attempt=1)).actions == 1
    assert cost_of(activity(attempt=3)).actions == 3


def test_a_child_workflow_costs_two_actions() -> None:
    assert cost_of([event("START_CHILD_WORKFLOW_EXECUTION_INITIATED")]).actions == 2
