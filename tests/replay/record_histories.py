"""Records histories of every stage from a live engine into `histories/`.

`python -m tests.replay.record_histories NAME [SCENARIO ...]`: run it when workflow code changed on purpose, behind
`workflow.patched`: the new files are added under the new NAME, and the old ones stay, because campaigns that began
before the change are still running. Without a SCENARIO (a function of this module) all are lived through.
"""

import asyncio
import json
import platform
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.channels.outbox import OutboxChannel
from activities.channels.protocol import ChannelRoute
from activities.documents.deliveries import Deliveries
from runtime.embedded.servers import EmbeddedServers
from runtime.exit import run_to_exit
from runtime.real_time import real_now
from runtime.search_attributes import register_search_attributes
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from schemas.campaign import Stop
from schemas.city import ApproveDeployment, ReturnDeployment, SubmitDeployment
from schemas.clock import Clock
from schemas.documents.commands import SignReceipt
from schemas.documents.delivery import DeliveryStart, Resend
from schemas.site.commands import Extend, Resume, Suspend
from schemas.streams import delivery_stream
from storage.campaigns import create_campaign
from tests.replay.amended_histories import an_amended_campaign
from tests.replay.document_histories import document_stages
from tests.replay.programme_histories import a_programme
from tests.replay.spot_check_histories import a_lost_spot_check, a_spot_check
from tests.support import document_samples as documents
from tests.support.document_samples import plan
from tests.support.plans import (
    CITY_BUREAU,
    COUNTY,
    CREW,
    PROVINCE,
    clock_from,
    frozen_plan,
    report,
    site,
    verdict,
)
from tests.workflow.conftest import Engine, ask, engine_on, polled
from worker import RUNNER
from workflows.delivery import DeliveryWorkflow

HISTORIES = Path(__file__).parent / "histories"
Handle = WorkflowHandle[Any, Any]


def now(clock: Clock) -> datetime:
    return clock.campaign_time(datetime.now(UTC))


async def record(name: str, only: Collection[str] = ()) -> None:
    """Live through every stage once and keep what the server remembers of it."""
    folder = Path(tempfile.mkdtemp(prefix="hundred-days-"))
    early = {"limit.historyCount.suggestContinueAsNew": "120"}
    async with EmbeddedServers(folder, compressed=True, ephemeral=True, dynamic_config=early) as servers:
        client = await connect_temporal(Settings(), servers.temporal_address)
        await register_search_attributes(client)
        async for engine in engine_on(client, servers.postgres_url, folder):
            for scenario in SCENARIOS:
                if only and scenario.__name__ not in only:
                    continue
                for stage, handle in (await scenario(engine)).items():
                    await keep(client, handle, HISTORIES / f"{name}-{stage}.json")
    shutil.rmtree(folder, ignore_errors=True)


async def keep(client: Client, handle: Handle, path: Path) -> None:
    """The history as JSON, without the names of the machine that made it."""
    history = await client.get_workflow_handle(handle.id, run_id=handle.result_run_id).fetch_history()
    kept = without_machines(json.loads(history.to_json()))
    path.write_text(json.dumps({"id": handle.id, **kept}, indent=None, separators=(",", ":")) + "\n")
    print(f"{path.name}: {len(kept['events'])} events")  # noqa: T201


def without_machines(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k != "stackTrace"}  # its paths are the machine's
        return {k: "recorded" if k == "identity" else without_machines(v) for k, v in kept.items()}
    if isinstance(value, list):
        return [without_machines(item) for item in value]
    return "recorded" if isinstance(value, str) and f"@{platform.node()}" in value else value


async def site_stages(engine: Engine) -> dict[str, Handle]:
    """Sites that stop at each stage."""
    kept = {}
    for number, stage in enumerate(("rectifying", "verifying", "second-round", "suspended", "closed", "long"), start=1):
        frozen = frozen_plan(f"replay-{stage}")
        clock = clock_from(frozen, day_seconds=5)
        handle = await engine.start_site(frozen, site(number), clock.campaign_origin, clock)
        await ask(handle, report("signs", "r1", now(clock)))
        await handle.signal("complete_task", {"half": "a command"})
        if stage == "long":
            for more in range(40):
                await handle.signal(
                    "complete_task", report("seal", f"m{more}", now(clock), evidence=(), quantity=0.125)
                )
                await asyncio.sleep(0.05)
        if stage == "suspended":
            await ask(handle, Suspend(command_id="s1", actor=PROVINCE, effective_at=now(clock), reason="flood"))
            await ask(handle, Resume(command_id="s2", actor=PROVINCE, effective_at=now(clock)))
            until = (now(clock) + timedelta(days=60)).date()
            await ask(
                handle, Extend(command_id="e", actor=PROVINCE, effective_at=now(clock), until=until, reason="rain")
            )
            await ask(handle, Suspend(command_id="s3", actor=PROVINCE, effective_at=now(clock), reason="flood"))
        if stage in ("verifying", "second-round", "closed"):
            await ask(handle, report("seal", "r2", now(clock)))
        if stage == "second-round":
            failed = verdict("county", "v0", now(clock), COUNTY, passed=False, opinion="it leaks")
            await ask(handle, failed)
            await ask(handle, report("signs", "r3", now(clock)))
        if stage == "closed":
            await ask(handle, verdict("county", "v1", now(clock), COUNTY))
            await ask(handle, verdict("city", "v2", now(clock), CITY_BUREAU))
            await handle.result()
        kept[f"site-{stage}"] = handle
    return kept


async def a_site_that_is_carried_over(engine: Engine) -> dict[str, Handle]:
    """Reminded, overdue, climbing, and open at the end."""
    frozen = frozen_plan("replay-carried")
    clock = clock_from(frozen, day_seconds=0.08)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    await handle.result()
    return {"site-carried-over": handle}


async def a_site_without_a_worker(engine: Engine) -> dict[str, Handle]:
    """Its reports wait for longer than the tolerance for late ones: their arrival is read from the history."""
    days = {"amount": 5, "unit": "calendar_days"}
    clauses = dict.fromkeys(("deployment", "rectification", "re_rectification"), days)
    frozen = frozen_plan("replay-waiting", clauses=clauses | {"late_report": {"amount": 2, "unit": "calendar_days"}})
    clock = clock_from(frozen, day_seconds=0.25)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    await engine.ledger_of(handle.id, 1)
    await engine.stop()
    for requirement in ("signs", "seal"):
        await handle.signal("complete_task", report(requirement, f"w-{requirement}", now(clock)))
    await asyncio.sleep(2)
    await engine.serve()
    await engine.ledger_of(handle.id, 4)
    return {"site-waiting": handle}


async def a_campaign(engine: Engine) -> dict[str, Handle]:
    """From issue to closing report; the city's first and later runs."""
    frozen = frozen_plan("replay-campaign")
    clock = clock_from(frozen, day_seconds=0.15)
    campaign = await engine.start_campaign(frozen, [site(n) for n in range(4)], clock)
    city = await deployed(engine, frozen.plan.id, clock)
    first_run = city.result_run_id
    await campaign.result()
    last = engine.client.get_workflow_handle(city.id)
    await last.result()
    document = (await engine.pool.fetchval("select key from document order by key limit 1")) or ""
    delivery = engine.client.get_workflow_handle(f"delivery/{document}")
    await delivery.result()
    assert first_run is None
    return {"campaign": campaign, "city": city, "delivery": delivery}


async def a_stopped_campaign(engine: Engine) -> dict[str, Handle]:
    frozen = frozen_plan("replay-stopped")
    clock = clock_from(frozen, day_seconds=1)
    campaign = await engine.start_campaign(frozen, [site(n) for n in range(3)], clock)
    city = await deployed(engine, frozen.plan.id, clock)
    await ask(campaign, Stop(command_id="stop", actor=PROVINCE, effective_at=now(clock), reason="new law"))
    await campaign.result()
    return {"campaign-stopped": campaign, "city-stopped": city}


async def deliveries(engine: Engine) -> dict[str, Handle]:
    """A document that every channel takes, and one that waits for a channel which nobody knows at first."""
    frozen = documents.frozen_plan()
    await create_campaign(engine.pool, frozen, (), Clock())
    letter, dead = [documents.document(key=f"henan-2021/410400:circular:3:{name}") for name in ("letter", "dead")]
    queue, channels = f"recorded-{uuid4().hex}", ("outbox", "copies")
    for document in (letter, dead):
        await plan(engine.pool, document, *channels)
    outbox = ChannelRoute(OutboxChannel(engine.settings.outbox_dir))

    async def start(key: str) -> Handle:
        order = DeliveryStart(key=key, queue=queue, channels=channels)
        return await engine.client.start_workflow("DeliveryWorkflow", order, id=delivery_stream(key), task_queue=queue)

    async def at_work(**ways: ChannelRoute) -> AsyncIterator[None]:
        hands = Deliveries(engine.pool, ways, real_now)
        async with Worker(
            engine.client, task_queue=queue, workflows=[DeliveryWorkflow], workflow_runner=RUNNER,
            activities=[hands.send_document, hands.fail_delivery],
        ):  # fmt: skip
            yield

    async def failed(handle: Handle) -> None:
        async for view in polled(lambda: handle.query(DeliveryWorkflow.status)):
            if view.channels["copies"] == "failed":
                return

    def again(command_id: str) -> Resend:
        return Resend(command_id=command_id, actor=PROVINCE, effective_at=real_now())

    async for _ in at_work(outbox=outbox):
        waiting = await start(dead.key)
        await failed(waiting)
        await waiting.signal("resend", {"half": "a command"})
        await ask(waiting, again("r1"))
        await failed(waiting)
    async for _ in at_work(outbox=outbox, copies=outbox):
        await ask(waiting, again("r2"))
        await waiting.result()
        taken = await start(letter.key)
        await taken.result()
    return {"delivery": taken, "delivery-dead-letter": waiting}


async def deployed(engine: Engine, campaign_id: str, clock: Clock) -> Handle:
    stream = f"city/{campaign_id}/east"
    await engine.ledger_of(stream, 1)
    city = engine.client.get_workflow_handle(stream)
    await ask(city, SignReceipt(command_id="receipt", actor=CREW, effective_at=now(clock)))
    for number in (1, 2):
        await ask(
            city, SubmitDeployment(command_id=f"d{number}", actor=CREW, effective_at=now(clock), opinion="seal them")
        )
        if number == 1:
            await ask(
                city, ReturnDeployment(command_id="back", actor=PROVINCE, effective_at=now(clock), reason="dates")
            )
    await ask(city, ApproveDeployment(command_id="ok", actor=PROVINCE, effective_at=now(clock)))
    return city


SCENARIOS = (
    site_stages,
    a_site_that_is_carried_over,
    a_site_without_a_worker,
    a_campaign,
    a_stopped_campaign,
    deliveries,
    document_stages,
    an_amended_campaign,
    a_spot_check,
    a_lost_spot_check,
    a_programme,
)


def main() -> int:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    asyncio.run(record(sys.argv[1], sys.argv[2:]))
    return 0


if __name__ == "__main__":
    run_to_exit(main)
