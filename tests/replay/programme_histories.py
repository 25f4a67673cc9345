"""A programme of two years in which nobody does anything: all is carried over, and left at the end."""

from datetime import UTC, datetime
from typing import Any

from temporalio.client import WorkflowHandle

from rules.calendar import start_of
from runtime.programme_start import start_programme
from schemas.clock import Clock
from schemas.streams import programme_stream
from tests.support.plans import site
from tests.workflow.conftest import Engine
from tests.workflow.test_programme import two_years


async def a_programme(engine: Engine) -> dict[str, WorkflowHandle[Any, Any]]:
    """To its end, with a command that can not be read on the way."""
    frozen = two_years("replay-programme")
    first = frozen.years[0]
    origin = start_of(first.calendar, first.plan.starts_on)
    clock = Clock(real_origin=datetime.now(UTC), campaign_origin=origin, rate=86400 / 0.6)
    stock = [site(n).model_copy(update={"area_ha": 1.0}) for n in range(4)]
    await start_programme(engine.client, engine.pool, frozen, stock, clock, engine.settings.task_queue)
    handle: WorkflowHandle[Any, Any] = engine.client.get_workflow_handle(programme_stream(frozen.programme.id))
    await handle.signal("stop", {"half": "a command"})
    await handle.result()
    return {"programme": handle}
