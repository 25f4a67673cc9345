"""One site over the whole 107 days on the real server with its own clock skipped: no compression, no fake time."""

import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from intake.plan.freeze import redate
from rules.calendar import start_of
from runtime.search_attributes import register_search_attributes
from schemas.answers import SiteView
from schemas.clock import Clock
from tests.support.plans import CITY_BUREAU, COUNTY, frozen_plan, report, site, verdict
from tests.workflow.conftest import Engine, ask, engine_on


@pytest.fixture
async def skipping(postgres_url: str) -> AsyncIterator[tuple[WorkflowEnvironment, Engine]]:
    """The official server with time skipping, and the engine on it."""
    folder = Path(tempfile.mkdtemp(prefix="hundred-days-"))
    sharp = ['history.timerProcessorMaxTimeShift="10ms"', 'history.timerProcessorMaxPollInterval="100ms"']
    values = ["frontend.WorkflowTimeSkippingEnabled=true", *sharp, "history.timerProcessorMaxPollRPS=1000"]
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(max_session_skip_count=500),
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_extra_args=[part for value in values for part in ("--dynamic-config-value", value)],
        dev_server_startup_timeout=timedelta(seconds=60),
    )
    try:
        await register_search_attributes(environment.client)
        async for engine in engine_on(environment.client, postgres_url, folder):
            yield environment, engine
    finally:
        await environment.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


async def test_a_site_lives_through_all_107_days(skipping: tuple[WorkflowEnvironment, Engine]) -> None:
    environment, engine = skipping
    base = frozen_plan("skipped", wake_spread_minutes=0)
    plan = redate(base.plan, datetime.now(UTC).date())
    frozen = base.model_copy(update={"plan": plan})
    opened_at = start_of(frozen.calendar, plan.starts_on)
    with environment.with_time_skipping_disabled():
        handle = await engine.start_site(frozen, site(1), opened_at, Clock())

    async def days(count: float) -> datetime:
        assert await environment.fast_forward(handle, timedelta(days=count))
        view: SiteView = await handle.query("status", result_type=SiteView)
        return view.as_of

    now = await days(20)
    await ask(handle, report("signs", "r1", now))
    now = await days(30)  # past the deadline of day 45: reminded twice, then a supervision order, then a circular
    view = await handle.query("status", result_type=SiteView)
    assert view.overdue and view.rung >= 2
    await ask(handle, report("seal", "r2", now))
    now = await days(3)
    failed = verdict("county", "v1", now, COUNTY, passed=False, opinion="the seal leaks", failed_requirements=("seal",))
    await ask(handle, failed)
    now = await days(2)
    await ask(handle, report("seal", "r3", now))
    now = await days(1)
    await ask(handle, verdict("county", "v2", now, COUNTY))
    now = await days(15)  # the city does not judge within its ten days
    assert (await handle.query("status", result_type=SiteView)).overdue
    assert not await environment.fast_forward(handle, timedelta(days=60)), "the campaign ended"
    assert await handle.result() == "carried_over"
    entries = await engine.ledger(handle.id)
    kinds = [entry.kind for entry in entries]
    assert kinds.count("reminded") >= 2
    assert "climbed" in kinds and "acceptance_overdue" in kinds
    assert kinds[-1] == "carried_over"
    ends = frozen.calendar
    assert entries[-1].at == start_of(ends, plan.ends_on + timedelta(days=1))
    late = max(e.received_at - e.at for e in entries if e.kind in ("reminded", "climbed", "acceptance_overdue"))
    assert late < timedelta(minutes=1), "each deadline woke the site when it fell due"
    assert CITY_BUREAU.id not in {e.actor for e in entries}
