"""A long life is continued as new, on a server that suggests it early; nothing is lost and nothing begins again."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from runtime.embedded.servers import EmbeddedServers
from runtime.search_attributes import register_search_attributes
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from schemas.answers import Answer, Verdict
from schemas.plan import FrozenPlan
from tests.support.plans import clock_from, frozen_plan, report, site
from tests.workflow.conftest import Engine, ask, engine_on


@pytest.fixture
async def hasty() -> AsyncIterator[Engine]:
    """An engine on a server that suggests continue-as-new after 40 events instead of 4,096."""
    folder = Path(tempfile.mkdtemp(prefix="hundred-days-"))
    early = {"limit.historyCount.suggestContinueAsNew": "40"}
    async with EmbeddedServers(folder, compressed=True, ephemeral=True, dynamic_config=early) as servers:
        client = await connect_temporal(Settings(), servers.temporal_address)
        await register_search_attributes(client)
        async for engine in engine_on(client, servers.postgres_url, folder):
            yield engine
    shutil.rmtree(folder, ignore_errors=True)


async def test_a_site_with_many_reports_goes_on_in_new_runs(hasty: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=600)
    first = await hasty.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))
    handle = hasty.client.get_workflow_handle(first.id)
    for number in range(24):
        await ask(handle, report("seal", f"r{number}", now, evidence=(), quantity=0.125))
    described = await handle.describe()
    assert described.run_id != first.first_execution_run_id
    assert described.history_length < 80
    first_again = report("seal", "r0", now, evidence=(), quantity=0.125)
    again = await handle.execute_update("complete_task", first_again, result_type=Answer)
    assert again.verdict is Verdict.DUPLICATE, "ids are processed once across runs"
    entries = await hasty.ledger_of(first.id, 25)
    assert [e.seq for e in entries] == list(range(1, 26))
    assert [e.kind for e in entries] == ["opened"] + ["task_reported"] * 24


async def test_signals_in_a_storm_survive_new_runs(hasty: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=600)
    handle = await hasty.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))
    unpinned = hasty.client.get_workflow_handle(handle.id)
    await asyncio.gather(
        *(unpinned.signal("complete_task", report("seal", f"s{n}", now, evidence=())) for n in range(200))
    )
    entries = await hasty.ledger_of(handle.id, 201)
    assert len(entries) == 201
    assert len({e.data for e in entries}) == 201


async def test_a_campaign_and_its_cities_go_on_in_new_runs(hasty: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, ends_on="2021-09-15")  # its city needs well over 40 events
    clock = clock_from(frozen, day_seconds=0.12)
    handle = await hasty.start_campaign(frozen, [site(n) for n in range(3)], clock)
    assert await handle.result() == "closed"
    described = await hasty.client.get_workflow_handle(handle.id).describe()
    assert described.run_id != handle.first_execution_run_id
    kinds = [entry.kind for entry in await hasty.ledger(handle.id)]
    assert kinds.count("plan_issued") == 1
    assert kinds[-1] == "campaign_closed"
    city = [entry.kind for entry in await hasty.ledger(f"city/{frozen.plan.id}/east")]
    assert city.count("plan_received") == 1
    assert city[-1] == "city_closed"
