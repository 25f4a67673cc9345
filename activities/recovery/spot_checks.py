"""Lost spot checks. Their workflows use ParentClosePolicy.ABANDON, so their campaign does not see that one is gone."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from temporalio.client import WorkflowExecutionStatus

from activities.recovery.recovery import Candidate, LostSubject
from rules.amendments.plan import in_force_at
from rules.campaign.options.spot_checks import spot_check_terms, start_of_check
from rules.spot_check.aggregate import SpotCheckAggregate
from rules.terms.plan import campaign_terms
from runtime.workflow_start import WorkflowStart
from schemas.starts import SpotCheckStart
from schemas.streams import spot_check_stream
from schemas.work import AnchorOrder
from storage.amendments import plan_versions
from storage.connections import Pool
from storage.ledger import read_stream
from storage.spot_checks import CheckOrder, check_orders

_CLOSED_LATELY = timedelta(days=7)
"""How long a closed check without a completed workflow is restarted: it closes before its last batch is reopened."""


class LostSpotChecks(LostSubject[CheckOrder]):
    """Every ordered check of a campaign whose workflow has not completed.

    A restarted check requests again what its ledger does not have: a draw, an enlargement, sites to reopen.
    """

    name = "spot check"

    def __init__(self, pool: Pool, order: AnchorOrder) -> None:
        self._pool = pool
        self._order = order

    async def candidates(self) -> AsyncIterator[Sequence[Candidate[CheckOrder]]]:
        campaign_id, at = self._order.campaign_id, self._order.at
        orders = await check_orders(self._pool, campaign_id, at, at - _CLOSED_LATELY)
        yield [Candidate(o.ordered.check, spot_check_stream(campaign_id, o.ordered.check), o) for o in orders]

    def is_lost(self, record: CheckOrder, status: WorkflowExecutionStatus | None) -> bool:
        """A closed check that the server does not know completed; the server deleted its history since."""
        if status is None:
            return not record.closed
        return status not in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED)

    async def rebuild(self, candidate: Candidate[CheckOrder]) -> WorkflowStart | None:
        order, one = self._order, candidate.record
        frozen = in_force_at(await plan_versions(self._pool, order.campaign_id), one.amendment)
        terms = campaign_terms(frozen, order.at, order.clock)
        check = SpotCheckAggregate(spot_check_terms(terms, start_of_check(one.ordered, one.at)))
        check.resume(await read_stream(self._pool, candidate.workflow_id))
        start = SpotCheckStart(terms=check.terms, state=check.state.model_dump(mode="json"))
        return WorkflowStart("SpotCheckWorkflow", start, candidate.workflow_id, order.task_queue)
