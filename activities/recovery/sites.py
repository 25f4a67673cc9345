"""Finding sites that are open in Postgres and have no running workflow, and starting them again from their ledger."""

from collections.abc import Sequence

import structlog
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from activities.sites.amendments import SiteAmender
from activities.sites.notifications import SiteNotifier
from activities.sites.starts import PAGE, SiteStarter
from rules.amendments.plan import in_force_at
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from runtime.search_attributes import CAMPAIGN_ID, CITY_CODE
from schemas.base import StoredModel
from schemas.options.surveys import SurveyRecord
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.starts import SiteStart
from schemas.streams import site_stream
from schemas.work import ReconcileOrder, ReconcileReport
from storage.amendments import plan_versions
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.ledger import read_stream
from storage.register import page_unsettled_sites
from storage.surveys import list_surveys

_log = structlog.get_logger(__name__)


async def status_of(client: Client, workflow_id: str) -> WorkflowExecutionStatus | None:
    """What the server knows of the last workflow of this id, if anything; visibility may lag behind, this does not."""
    try:
        return (await client.get_workflow_handle(workflow_id).describe()).status
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None


async def runs(client: Client, workflow_id: str) -> bool:
    """Whether the server knows a running workflow of this id."""
    return await status_of(client, workflow_id) is WorkflowExecutionStatus.RUNNING


async def start_again(client: Client, workflow: str, start: StoredModel, workflow_id: str, task_queue: str) -> None:
    """Start a workflow that was lost, unless somebody else has meanwhile."""
    await client.start_workflow(
        workflow,
        start,
        id=workflow_id,
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )


class Reconciler:
    """Trusts no happy signal: compares the register with what runs."""

    def __init__(
        self, pool: Pool, client: Client, starter: SiteStarter, teller: SiteNotifier, amender: SiteAmender
    ) -> None:
        self._pool = pool
        self._client = client
        self._starter = starter
        self._teller = teller
        self._amender = amender

    @activity.defn(name="reconcile_sites")
    async def reconcile_sites(self, order: ReconcileOrder) -> ReconcileReport:
        """The sites of the city that were found lost and run again; who missed news of its rung is told once more."""
        restarted = await self.restart_lost(order)
        calendar = (await read_plan(self._pool, order.campaign_id)).calendar
        await self._teller.tell_again(order.campaign_id, order.city, order.at, calendar)
        await self._amender.tell_again(order.campaign_id, order.city)
        return ReconcileReport(at=order.at, restarted=restarted, surveys=await self._unheard(order))

    async def _unheard(self, order: ReconcileOrder) -> tuple[SurveyRecord, ...]:
        """Surveys of the city whose news never reached its desk; those of the last look may be on their way."""
        if order.heard_by is None:
            return ()
        found = await list_surveys(self._pool, order.campaign_id, order.city)
        return tuple(one for one in found if one.id not in order.heard and one.at <= order.heard_by)

    async def restart_lost(self, order: ReconcileOrder) -> tuple[str, ...]:
        """Start again every open site of a city without a running workflow; their ids."""
        running = await self._running(order.campaign_id, order.city)
        versions = await plan_versions(self._pool, order.campaign_id)
        restarted: list[str] = []
        after = ""
        while page := await page_unsettled_sites(self._pool, order.campaign_id, order.city, after, PAGE):
            for site, stage in page:
                if stage == "registered" and order.opened_at is not None and site.survey not in (None, *order.surveys):
                    continue  # its survey is not open yet
                stream = site_stream(order.campaign_id, site.id)
                # Visibility lags behind, so the server itself is asked before anything is started.
                if stream in running or await runs(self._client, stream):
                    continue
                if await self._restart(versions, site, order):
                    _log.warning("site had no running workflow and was started again", site=stream)
                    restarted.append(site.id)
            after = page[-1][0].id
            activity.heartbeat(after)
        return tuple(restarted)

    async def _running(self, campaign_id: str, city: str) -> set[str]:
        query = (
            f"{CAMPAIGN_ID.name} = '{campaign_id}' AND {CITY_CODE.name} = '{city}' "
            "AND WorkflowType = 'SiteWorkflow' AND ExecutionStatus = 'Running'"
        )
        running = set()
        async for execution in self._client.list_workflows(query, page_size=1000):
            running.add(execution.id)
            if len(running) % 1000 == 0:
                activity.heartbeat("listing")
        return running

    async def _restart(self, versions: Sequence[FrozenPlan], site: Site, order: ReconcileOrder) -> bool:
        entries = await read_stream(self._pool, site_stream(order.campaign_id, site.id))
        first = order.opened_at if site.survey is None else order.surveys.get(site.survey)
        opened_at = entries[0].at if entries and entries[0].kind == "opened" else first
        case = SiteAggregate(site_terms(versions[-1], site, opened_at, order.clock))
        case.restore(entries)
        if entries:  # it goes on under the plan that it knows, and hears of what it missed
            known = in_force_at(versions, case.state.amendment)
            case = SiteAggregate(site_terms(known, site, opened_at, order.clock), case.state)
        if case.settled:  # settled since the page was read
            return False
        start = SiteStart(terms=case.terms, state=case.state.model_dump(mode="json") if entries else None)
        return await self._starter.start(start, order.task_queue, again=True)
