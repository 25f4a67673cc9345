"""The worker: it runs the campaigns, records what happens and sends the documents, until a signal stops it.

python worker.py             for the servers that the environment names
python worker.py --embedded  starts Temporal and Postgres too (`make up`)
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Annotated, Any, TypeAlias

import structlog
from cyclopts import App, Parameter
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from activities.channels.pdf import TypstRenderer
from activities.channels.registry import channel_routes
from activities.documents.deliveries import Deliveries
from activities.documents.delivery_starts import DeliveryStarter
from activities.documents.issue import DocumentIssuer
from activities.documents.rendering import Renderer
from activities.programme import Programmes
from activities.recording.arrivals import SignalArrivals
from activities.recording.ledger import LedgerRecorder
from activities.recording.measures import Briefings, PhaseMeasurer
from activities.recovery.campaign import CampaignRecovery
from activities.recovery.programmes import restart_programmes
from activities.recovery.recovery import Recovery
from activities.recovery.sites import SiteReconciler
from activities.sites.amendments import SiteAmender
from activities.sites.notifications import SiteNotifier
from activities.sites.register import SiteRegister
from activities.sites.reopening import Reopener
from activities.sites.standstill import OrderTeller
from activities.sites.starts import SiteStarter
from activities.spot_checks import SpotChecks
from runtime.addresses import find_postgres
from runtime.embedded.servers import EmbeddedServers
from runtime.exit import run_app
from runtime.logging import configure_logging
from runtime.real_time import real_now
from runtime.sandbox import require_context_free, sandbox
from runtime.search_attributes import register_search_attributes
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from storage.connections import Pool
from storage.migrate import migrate
from storage.pool import open_pool
from storage.recorder import Recorder
from workflows.campaign import CampaignWorkflow
from workflows.city import CityWorkflow
from workflows.delivery import DeliveryWorkflow
from workflows.programme import ProgrammeWorkflow
from workflows.site import SiteWorkflow
from workflows.spot_check import SpotCheckWorkflow

GRACE = timedelta(seconds=10)
"""Time for running activities to finish after a stop; they are idempotent, and Temporal retries interrupted ones."""

WORKFLOWS = [CampaignWorkflow, CityWorkflow, SiteWorkflow, DeliveryWorkflow, ProgrammeWorkflow, SpotCheckWorkflow]

RUNNER = sandbox()

Activity: TypeAlias = Callable[..., Any]


@contextlib.asynccontextmanager
async def serving(
    client: Client, pool: Pool, settings: Settings, now: Callable[[], datetime] = real_now
) -> AsyncIterator[Recovery]:
    """Serve workflows, quick activities and the delivery queue inside the block; stop them in order after it.

    Yields the recovery of this process, for the recovery at the start of a worker.
    """
    require_context_free(client.data_converter)
    recorder, recovery = Recorder(pool), Recovery(client)
    activities = [
        *_recording_activities(client, pool, settings, recorder, recovery),
        *_site_activities(client, pool, recovery),
        *_other_activities(client, pool),
    ]
    try:
        async with _campaign_worker(client, settings, activities), _delivery_worker(client, pool, settings, now):
            yield recovery
    finally:
        await recorder.close()


def _recording_activities(
    client: Client, pool: Pool, settings: Settings, recorder: Recorder, recovery: Recovery
) -> list[Activity]:
    """The activities that record the ledger and the documents in it."""
    starter = DeliveryStarter(pool, client, settings.delivery_queue, settings.task_queue)
    campaign = CampaignRecovery(pool, recovery, starter)
    mail = settings.smtp is not None
    issuer = DocumentIssuer(pool, recorder, Renderer(pool), starter, mail=mail, outbox_only=settings.outbox_only)
    return [
        LedgerRecorder(pool, recorder).record,
        campaign.take_anchor,
        campaign.count_settled,
        Briefings(pool).take_briefing,
        PhaseMeasurer(pool).take_phase_measures,
        SignalArrivals(client).read_arrivals,
        issuer.gather_notices,
        issuer.number_documents,
        issuer.issue_documents,
    ]


def _site_activities(client: Client, pool: Pool, recovery: Recovery) -> list[Activity]:
    """The activities of a city over its sites."""
    notifier, amender = SiteNotifier(pool, client), SiteAmender(pool, client)
    reconciler = SiteReconciler(pool, client, recovery, notifier, amender)
    register = SiteRegister(pool, SiteStarter(client), reconciler.restart_lost)
    return [
        register.open_sites,
        register.settle_sites,
        reconciler.reconcile_sites,
        Reopener(pool, client).reopen_sites,
        notifier.tell_sites,
        amender.amend_sites,
        OrderTeller(pool, client).tell_order,
    ]


def _other_activities(client: Client, pool: Pool) -> list[Activity]:
    """The activities of programmes and spot checks."""
    programmes, spot_checks = Programmes(pool, client), SpotChecks(pool)
    return [
        programmes.take_survey,
        programmes.start_year,
        programmes.count_year,
        spot_checks.draw_sample,
        spot_checks.enlarge_sample,
        spot_checks.read_batch,
    ]


def _campaign_worker(client: Client, settings: Settings, activities: Sequence[Activity]) -> Worker:
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=activities,
        workflow_runner=RUNNER,
        max_cached_workflows=settings.cache_size,
        max_concurrent_workflow_tasks=settings.workflow_slots,
        max_concurrent_activities=settings.activity_slots,
        max_concurrent_local_activities=settings.local_activity_slots,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
    )


def _delivery_worker(client: Client, pool: Pool, settings: Settings, now: Callable[[], datetime]) -> Worker:
    deliveries = Deliveries(pool, channel_routes(settings), now, TypstRenderer())
    return Worker(
        client,
        task_queue=settings.delivery_queue,
        activities=[
            deliveries.send_document,
            deliveries.fail_delivery,
        ],
        max_concurrent_activities=settings.delivery_slots,
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
    )


async def serve(settings: Settings, *, embedded: bool, compressed: bool, port: int | None, ui: bool) -> int:
    """Run until SIGINT or SIGTERM; returns 0."""
    log = structlog.get_logger("worker")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        if embedded:
            servers = EmbeddedServers(settings.data_dir, compressed=compressed, port=port, ui=ui)
            await stack.enter_async_context(servers)
            client = await connect_temporal(settings, servers.temporal_address)
            postgres_url = servers.postgres_url
        else:
            client = await connect_temporal(settings)
            postgres_url = find_postgres(settings)
        applied = await migrate(postgres_url)
        if applied:
            log.info("database migrated", migrations=applied)
        await register_search_attributes(client)
        pool = await open_pool(postgres_url)
        stack.push_async_callback(pool.close)
        recovery = await stack.enter_async_context(serving(client, pool, settings))
        starter = DeliveryStarter(pool, client, settings.delivery_queue, settings.task_queue)
        await restart_programmes(pool, recovery, starter, settings.task_queue, real_now())
        if embedded:
            print(f"Temporal at {servers.temporal_address}, data kept in {settings.data_dir}/", flush=True)  # noqa: T201
            if servers.ui_url:
                print(f"Temporal's own pages at {servers.ui_url}", flush=True)  # noqa: T201
        print("worker ready; Ctrl-C stops it", flush=True)  # noqa: T201
        await stop.wait()
        log.info("worker stops")
    return 0


app = App(name="worker.py", help=__doc__, help_format="plaintext", version=lambda: version("hundred-days"))


@app.default
def main(
    *,
    embedded: Annotated[bool, Parameter(negative="")] = False,
    compressed: Annotated[bool, Parameter(negative="")] = False,
    ui: Annotated[bool, Parameter(negative="--no-ui")] = True,
    port: int | None = None,
    task_queue: str | None = None,
    delivery_queue: str | None = None,
    workflow_slots: int | None = None,
    activity_slots: int | None = None,
    local_activity_slots: int | None = None,
    delivery_slots: int | None = None,
    cache_size: int | None = None,
) -> int:
    """Serve the campaign and delivery queues.

    Every flag but the first four can also be set as HUNDRED_DAYS_<NAME>.

    Args:
        embedded: Start the embedded Temporal and Postgres too, with their data in HUNDRED_DAYS_DATA_DIR (var).
        compressed: Sharp timers for rehearsals (with --embedded).
        ui: Serve Temporal's own web pages (with --embedded).
        port: Temporal's port (with --embedded); 7233 by default.
        task_queue: Queue of workflows and quick activities.
        delivery_queue: Queue of the delivery of documents.
        workflow_slots: Workflow tasks at once.
        activity_slots: Activities at once.
        local_activity_slots: Recordings at once.
        delivery_slots: Documents delivered at once.
        cache_size: Workflows kept in memory.
    """
    chosen = {
        "task_queue": task_queue,
        "delivery_queue": delivery_queue,
        "workflow_slots": workflow_slots,
        "activity_slots": activity_slots,
        "local_activity_slots": local_activity_slots,
        "delivery_slots": delivery_slots,
        "cache_size": cache_size,
    }
    settings = Settings.from_environment(**{name: value for name, value in chosen.items() if value is not None})
    configure_logging(settings)
    channel_routes(settings)  # an invalid channel file is refused before any server starts
    return asyncio.run(serve(settings, embedded=embedded, compressed=compressed, port=port or 7233, ui=ui and embedded))


if __name__ == "__main__":
    run_app(app)
