"""Postgres goes away under a running campaign: commands are kept, order holds, nothing is lost."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from schemas.answers import SiteView
from schemas.plan import FrozenPlan
from storage.pool import connect
from tests.support.plans import COUNTY, clock_from, report, site, verdict
from tests.workflow.conftest import Engine, ask


async def test_reports_wait_for_postgres_and_keep_their_order(
    engine: Engine, frozen: FrozenPlan, postgres_url: str
) -> None:
    clock = clock_from(frozen, day_seconds=600)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))
    await ask(handle, report("signs", "r1", now))

    superuser = await connect(postgres_url)
    database = urlsplit(engine.url).path[1:]
    await superuser.execute(f"alter database {database} with allow_connections false")
    await superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", database)
    for number in range(5):
        await handle.signal("complete_task", report("seal", f"s{number}", now, note=str(number), evidence=()))
    await asyncio.sleep(6)  # longer than the short local activity waits
    view = await handle.query("status", result_type=SiteView)
    assert view.stage == "rectifying", "the site still answers"
    await superuser.execute(f"alter database {database} with allow_connections true")
    await superuser.close()

    answer = await ask(handle, report("seal", f"last-{uuid4().hex[:6]}", now))
    assert answer.state["stage"] == "verifying"
    assert (await ask(handle, verdict("county", "v1", now, COUNTY))).state["level"] == "city"
    entries = await engine.ledger(handle.id)
    assert [e.seq for e in entries] == list(range(1, len(entries) + 1))
    notes = [e.data for e in entries if e.kind == "task_reported" and '"note"' in e.data]
    assert [f'"note":"{n}"' in data for n, data in enumerate(notes)] == [True] * 5
