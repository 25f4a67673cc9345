"""Finding spot checks that are not closed and have no running workflow, and starting them again from their ledger."""

import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from activities.reconcile import runs
from rules.amendment import in_force_at
from rules.spot_check import SpotCheckCase
from rules.spot_check_orders import spot_check_terms, start_of_check
from rules.terms import campaign_terms
from schemas.spot_check_start import SpotCheckStart
from schemas.work import AnchorOrder
from storage.amendments import plan_versions
from storage.connections import Pool
from storage.ledger import read_stream
from storage.spot_checks import open_orders

_log = structlog.get_logger(__name__)


class LostSpotChecks:
    """A spot check is an abandoned child of its campaign: nobody else would notice that one is gone."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def restart(self, order: AnchorOrder) -> tuple[str, ...]:
        """Start again every ordered check that is not closed and has no running workflow; their ids.

        What a check had asked for (a draw, an enlargement, sites to open again) it asks for again.
        """
        restarted = []
        for one in await open_orders(self._pool, order.campaign_id):
            ask = start_of_check(one.ordered, one.at)
            frozen = in_force_at(await plan_versions(self._pool, order.campaign_id), one.amendment)
            check = SpotCheckCase(spot_check_terms(campaign_terms(frozen, order.at, order.clock), ask))
            if await runs(self._client, check.stream):
                continue
            check.resume(await read_stream(self._pool, check.stream))
            if check.settled:  # it closed between the two questions
                continue
            await self._client.start_workflow(
                "SpotCheckWorkflow",
                SpotCheckStart(terms=check.terms, state=check.state.model_dump(mode="json")),
                id=check.stream,
                task_queue=order.task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )
            _log.warning("spot check had no running workflow and was started again", spot_check=check.stream)
            restarted.append(ask.check)
        return tuple(restarted)
