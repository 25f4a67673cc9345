"""The worker: composition root of the hands. Builds pool, channels and activities, and runs until it is told to stop.

python worker.py              serve the queues of the servers that the environment (or `make up`) names
python worker.py --embedded   start the embedded pair as well and keep it until Ctrl-C (`make up`)
"""

import asyncio
import contextlib
import dataclasses
import signal
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Annotated

import structlog
from cyclopts import App, Parameter
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from activities.channels.dingtalk import DINGTALK
from activities.channels.feishu import FEISHU
from activities.channels.outbox import OutboxChannel
from activities.channels.pdf import TypstRenderer
from activities.channels.protocol import Channel, ChannelRoute
from activities.channels.robots import RobotChannel
from activities.channels.smtp import SmtpChannel
from activities.channels.webhook import WebhookChannel
from activities.channels.wecom import WECOM
from activities.documents.deliveries import Deliveries
from activities.documents.delivery_starts import DeliveryStarter
from activities.documents.issue import DocumentIssuer
from activities.documents.rendering import Renderer
from activities.programme import Programmes
from activities.recording.briefing import Briefings
from activities.recording.ledger import LedgerRecorder
from activities.recovery.cities import LostCities
from activities.recovery.sites import Reconciler
from activities.recovery.spot_checks import LostSpotChecks
from activities.sites.amendments import SiteAmender
from activities.sites.notifications import SiteNotifier
from activities.sites.register import SiteRegister
from activities.sites.reopening import Reopener
from activities.sites.starts import SiteStarter
from activities.spot_checks import SpotChecks
from runtime.addresses import find_postgres
from runtime.embedded.servers import EmbeddedServers
from runtime.exit import run_app
from runtime.logging import configure_logging
from runtime.programme_start import continue_programmes
from runtime.real_time import real_now
from runtime.sandbox import require_context_free, sandbox
from runtime.search_attributes import register_search_attributes
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from schemas.offices import MAIL, OUTBOX
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
"""How long running activities may finish after a stop; they are idempotent, so what is cut off is done again."""

WORKFLOWS = [CampaignWorkflow, CityWorkflow, SiteWorkflow, DeliveryWorkflow, ProgrammeWorkflow, SpotCheckWorkflow]

RUNNER = sandbox()


@contextlib.asynccontextmanager
async def serving(
    client: Client, pool: Pool, settings: Settings, now: Callable[[], datetime] = real_now
) -> AsyncIterator[None]:
    """Serve workflows, quick activities and the delivery queue inside the block; stops in order after it."""
    require_context_free(client.data_converter)
    recorder = Recorder(pool)
    starter = SiteStarter(client)
    teller = SiteNotifier(pool, client)
    amender = SiteAmender(pool, client)
    reconciler = Reconciler(pool, client, starter, teller, amender)
    register = SiteRegister(pool, starter, reconciler)
    starts = DeliveryStarter(pool, client, settings.delivery_queue, settings.task_queue)
    lost = LostCities(pool, client, amender), LostSpotChecks(pool, client)
    ledger = LedgerRecorder(pool, recorder, *lost, starts)
    issuer = DocumentIssuer(
        pool,
        recorder,
        Renderer(pool),
        starts,
        mail=settings.smtp is not None,
        outbox_only=settings.outbox_only,
    )
    programmes = Programmes(pool, client)
    spot_checks = SpotChecks(pool)
    deliveries = Deliveries(pool, ways_out(settings), now, TypstRenderer())
    campaign_worker = Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=[
            ledger.record,
            ledger.take_anchor,
            ledger.count_settled,
            register.open_sites,
            register.settle_sites,
            reconciler.reconcile_sites,
            Reopener(pool, client).reopen_sites,
            issuer.gather_notices,
            issuer.number_documents,
            issuer.issue_documents,
            teller.tell_sites,
            amender.amend_sites,
            Briefings(pool).take_briefing,
            programmes.start_year,
            programmes.count_year,
            spot_checks.draw_sample,
            spot_checks.enlarge_sample,
            spot_checks.read_batch,
        ],
        workflow_runner=RUNNER,
        max_cached_workflows=settings.cache_size,
        max_concurrent_workflow_tasks=settings.workflow_slots,
        max_concurrent_activities=settings.activity_slots,
        max_concurrent_local_activities=settings.local_activity_slots,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
    )
    delivery_worker = Worker(
        client,
        task_queue=settings.delivery_queue,
        activities=[
            deliveries.send_document,
            deliveries.bury_delivery,
            deliveries.deliver,
            deliveries.mark_failed,
        ],
        max_concurrent_activities=settings.delivery_slots,
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
    )
    try:
        async with campaign_worker, delivery_worker:
            yield
    finally:
        await recorder.close()


def ways_out(settings: Settings) -> dict[str, ChannelRoute]:
    """The outbox folder always, e-mail where a mail server is set, and the channels of the channel file.

    Raises:
        InvalidInput: the channel file does not hold; with all its faults.
    """
    named = settings.channels
    found: dict[str, Channel] = {OUTBOX: OutboxChannel(settings.outbox_dir, settings.mail_from)}
    if (smtp := settings.smtp) is not None:
        found[MAIL] = SmtpChannel(sender=settings.mail_from, **dataclasses.asdict(smtp))
    for name, channel in named.items():
        match channel.type:
            case "wecom":
                found[name] = RobotChannel(WECOM, name, channel.url)
            case "dingtalk":
                found[name] = RobotChannel(DINGTALK, name, channel.url, channel.secret)
            case "feishu":
                found[name] = RobotChannel(FEISHU, name, channel.url, channel.secret)
            case "webhook":
                found[name] = WebhookChannel(name, channel.url, channel.secret or "")
    return {
        name: ChannelRoute(channel, named[name].interval if name in named else None) for name, channel in found.items()
    }


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
        await stack.enter_async_context(serving(client, pool, settings))
        for programme in await continue_programmes(client, pool, settings.task_queue):
            log.warning("programme had no running workflow and was started again", programme=programme)
        if embedded:
            print(f"Temporal at {servers.temporal_address}, data kept in {settings.data_dir}/", flush=True)  # noqa: T201
            if servers.ui_url:
                print(f"Temporal's own pages at {servers.ui_url}", flush=True)  # noqa: T201
        print("worker ready; Ctrl-C stops it", flush=True)  # noqa: T201
        await stop.wait()
        log.info("worker stops")
    return 0


app = App(name="worker.py", help=__doc__, version="0.1.0")


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
    ways_out(settings)  # a channel file that does not hold is told before any server starts
    return asyncio.run(serve(settings, embedded=embedded, compressed=compressed, port=port or 7233, ui=ui and embedded))


if __name__ == "__main__":
    run_app(app)
