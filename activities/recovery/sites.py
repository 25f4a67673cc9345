"""Lost sites of a city, and the messages that its sites or the city itself missed."""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from temporalio import activity
from temporalio.client import Client

from activities.recovery.recovery import Candidate, LostSubject, Recovery
from activities.sites.amendments import SiteAmender
from activities.sites.notifications import SiteNotifier
from activities.sites.restoring import restored_site
from activities.sites.starts import PAGE, site_start
from rules.city.options.counties.opening import opening_of
from runtime.search_attributes import CAMPAIGN_ID, CITY_CODE
from runtime.workflow_start import WorkflowStart
from schemas.options.surveys import SurveyRecord
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.starts import SiteStart
from schemas.streams import site_stream
from schemas.work import ReconcileOrder, ReconcileReport
from storage.amendments import plan_versions
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.register import page_unsettled_sites
from storage.surveys import list_surveys


class _OpenSite(NamedTuple):
    site: Site
    versions: Sequence[FrozenPlan]


class LostSites(LostSubject[_OpenSite]):
    """Every open site of a city that visibility does not list as running."""

    name = "site"

    def __init__(self, pool: Pool, client: Client, order: ReconcileOrder) -> None:
        self._pool = pool
        self._client = client
        self._order = order

    async def candidates(self) -> AsyncIterator[Sequence[Candidate[_OpenSite]]]:
        """Pages of the register; heartbeats after each. Visibility lags behind, so the recovery asks the server too."""
        order = self._order
        running = await self._running()
        versions = await plan_versions(self._pool, order.campaign_id)
        after = ""
        while page := await page_unsettled_sites(self._pool, order.campaign_id, order.city, after, PAGE):
            found = [
                (site_stream(order.campaign_id, site.id), site) for site, stage in page if self._opened(site, stage)
            ]
            yield [
                Candidate(site.id, stream, _OpenSite(site, versions)) for stream, site in found if stream not in running
            ]
            after = page[-1][0].id
            activity.heartbeat(after)

    async def rebuild(self, candidate: Candidate[_OpenSite]) -> WorkflowStart | None:
        order, (site, versions) = self._order, candidate.record
        opened_at = opening_of(site, order.opened_at, order.surveys, order.counties)
        aggregate = await restored_site(self._pool, versions, site, opened_at, order.clock)
        if aggregate.settled:
            return None
        state = aggregate.state.model_dump(mode="json") if aggregate.state.seq else None
        return site_start(SiteStart(terms=aggregate.terms, state=state), order.task_queue)

    def _opened(self, site: Site, stage: str) -> bool:
        """False for a registered site of a survey or a county whose sites are not open yet."""
        order = self._order
        waits = stage == "registered" and order.opened_at is not None
        return not waits or opening_of(site, order.opened_at, order.surveys, order.counties) is not None

    async def _running(self) -> set[str]:
        query = (
            f"{CAMPAIGN_ID.name} = '{self._order.campaign_id}' AND {CITY_CODE.name} = '{self._order.city}' "
            "AND WorkflowType = 'SiteWorkflow' AND ExecutionStatus = 'Running'"
        )
        running = set()
        async for execution in self._client.list_workflows(query, page_size=1000):
            running.add(execution.id)
            if len(running) % 1000 == 0:
                activity.heartbeat("listing")
        return running


class SiteReconciler:
    """Compares a city's register with what runs; a lost signal or a lost workflow is found in this way only."""

    def __init__(
        self, pool: Pool, client: Client, recovery: Recovery, notifier: SiteNotifier, amender: SiteAmender
    ) -> None:
        self._pool = pool
        self._client = client
        self._recovery = recovery
        self._notifier = notifier
        self._amender = amender

    @activity.defn(name="reconcile_sites")
    async def reconcile_sites(self, order: ReconcileOrder) -> ReconcileReport:
        """Restart the lost sites of the city, and send its sites again the notifications that they missed."""
        restarted = await self.restart_lost(order)
        calendar = (await read_plan(self._pool, order.campaign_id)).calendar
        await self._notifier.tell_again(order.campaign_id, order.city, order.at, calendar)
        await self._amender.tell_again(order.campaign_id, order.city, order.clock, order.task_queue)
        return ReconcileReport(at=order.at, restarted=restarted, surveys=await self._missed_surveys(order))

    async def restart_lost(self, order: ReconcileOrder) -> tuple[str, ...]:
        """Restart every open site of a city without a running workflow; their ids."""
        return (await self._recovery.restart_lost(LostSites(self._pool, self._client, order))).restarted

    async def _missed_surveys(self, order: ReconcileOrder) -> tuple[SurveyRecord, ...]:
        """Surveys of which the city was not notified; the signal of one newer than `heard_by` may still arrive."""
        if order.heard_by is None:
            return ()
        found = await list_surveys(self._pool, order.campaign_id, order.city)
        return tuple(one for one in found if one.id not in order.heard and one.at <= order.heard_by)
