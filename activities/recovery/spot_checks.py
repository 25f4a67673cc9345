"""Finding spot checks that lost their workflow before all was done, and starting them again from their ledger."""

from datetime import timedelta

import structlog
from temporalio.client import Client, WorkflowExecutionStatus

from activities.recovery.sites import start_again, status_of
from rules.amendments.plan import in_force_at
from rules.campaign.spot_check_orders import spot_check_terms, start_of_check
from rules.spot_check.aggregate import SpotCheckAggregate
from rules.terms.plan import campaign_terms
from schemas.starts import SpotCheckStart
from schemas.streams import spot_check_stream
from schemas.work import AnchorOrder
from storage.amendments import plan_versions
from storage.connections import Pool
from storage.ledger import read_stream
from storage.spot_checks import CheckOrder, check_orders

_log = structlog.get_logger(__name__)

_CLOSED_LATELY = timedelta(days=7)
"""A check closes before its last batch is opened again: so long one is looked after that was cut off in between."""
_DONE = (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED)


class LostSpotChecks:
    """A spot check is an abandoned child of its campaign: nobody else would notice that one is gone."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def restart(self, order: AnchorOrder) -> tuple[str, ...]:
        """Start again every ordered check that neither runs nor has run to its end; their ids.

        What a check had asked for (a draw, an enlargement, sites to open again) it asks for again. One that can not
        be started is an error in the log, and tried again with the next anchor.
        """
        restarted = []
        for one in await check_orders(self._pool, order.campaign_id, order.at, order.at - _CLOSED_LATELY):
            stream = spot_check_stream(order.campaign_id, one.ordered.check)
            status = await status_of(self._client, stream)
            # A closed one of which the server knows nothing any more ran to its end and was forgotten.
            if status in _DONE or (one.closed and status is None):
                continue
            try:
                await self._start(order, one, stream)
            except Exception:  # whatever it is, it must not hold up the campaign
                _log.exception("spot check has no running workflow and can not be started again", spot_check=stream)
                continue
            _log.warning("spot check had no running workflow and was started again", spot_check=stream)
            restarted.append(one.ordered.check)
        return tuple(restarted)

    async def _start(self, order: AnchorOrder, one: CheckOrder, stream: str) -> None:
        frozen = in_force_at(await plan_versions(self._pool, order.campaign_id), one.amendment)
        terms = campaign_terms(frozen, order.at, order.clock)
        check = SpotCheckAggregate(spot_check_terms(terms, start_of_check(one.ordered, one.at)))
        check.resume(await read_stream(self._pool, stream))
        start = SpotCheckStart(terms=check.terms, state=check.state.model_dump(mode="json"))
        await start_again(self._client, "SpotCheckWorkflow", start, stream, order.task_queue)
