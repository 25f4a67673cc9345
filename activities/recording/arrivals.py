"""When a signal reached the server: a handler sees only the time of its workflow task."""

from datetime import UTC

from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from schemas.work import Arrivals, ArrivalsOrder


class SignalArrivals:
    """The activity that reads the asking run's own history; built in `worker.py`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @activity.defn(name="read_arrivals")
    async def read_arrivals(self, order: ArrivalsOrder) -> Arrivals:
        """The server's time of each of these signals. They are in the history before the workflow can ask for them."""
        info = activity.info()
        assert info.workflow_id is not None
        handle = self._client.get_workflow_handle(info.workflow_id, run_id=info.workflow_run_id)
        wanted, found, seen = set(order.signals), {}, 0
        async for event in handle.fetch_history_events():
            if event.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
                continue
            seen += 1
            if seen in wanted:
                found[seen] = event.event_time.ToDatetime(tzinfo=UTC)
                if len(found) == len(wanted):
                    break
        return Arrivals(at=tuple(found[number] for number in order.signals))
