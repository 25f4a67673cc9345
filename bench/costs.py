"""The cost of one workflow run, counted from its history: events, and billable actions by Temporal's price list."""

from collections.abc import Iterable
from typing import NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

LOCAL_ACTIVITY = "core_local_activity"
"""The marker that the SDK writes for a local activity."""

PRICES = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: 1,  # a client's start or continue-as-new
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: 1,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: 1,
    EventType.EVENT_TYPE_TIMER_STARTED: 1,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: 1,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: 1,
    EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: 2,
    EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: 1,
}
"""Actions by event. Queries, rejected updates and heartbeats leave no event and are not counted here."""


class Cost(NamedTuple):
    """The cost of one workflow run. `tasks` are its completed workflow tasks."""

    events: int
    actions: int
    tasks: int


def cost_of(events: Iterable[HistoryEvent]) -> Cost:
    """The cost of a history: all local activities of one workflow task are one action, every further attempt is one."""
    count = actions = tasks = 0
    recorded_in: set[int] = set()
    for event in events:
        count += 1
        actions += PRICES.get(EventType.ValueType(event.event_type), 0)
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                tasks += 1
            case EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
                actions += event.activity_task_started_event_attributes.attempt - 1
            case EventType.EVENT_TYPE_MARKER_RECORDED:
                marker = event.marker_recorded_event_attributes
                if marker.marker_name == LOCAL_ACTIVITY:
                    recorded_in.add(marker.workflow_task_completed_event_id)
    return Cost(count, actions + len(recorded_in), tasks)
