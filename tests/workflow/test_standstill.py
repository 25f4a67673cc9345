"""One order on the engine: the city's sites stand still by it, each says which, and they run again together."""

from datetime import UTC, datetime

from schemas.clock import Clock
from schemas.options.standstill import ResumeSites, SuspendSites
from schemas.plan import FrozenPlan
from schemas.site.events import Suspended
from tests.support.plans import PROVINCE, clock_from
from tests.workflow.conftest import Engine, ask, polled
from tests.workflow.test_surveys import deployed


async def test_order_suspends_and_resumes_the_sites_of_a_city(engine: Engine, frozen: FrozenPlan) -> None:
    clock: Clock = clock_from(frozen, day_seconds=4)
    await deployed(engine, frozen, clock)
    city = engine.client.get_workflow_handle(f"city/{frozen.plan.id}/east")
    site = f"site/{frozen.plan.id}/east-001"

    def said(command_id: str) -> dict[str, object]:
        return {"command_id": command_id, "actor": PROVINCE, "effective_at": clock.campaign_time(datetime.now(UTC))}

    async def seen(kind: str) -> str:
        async for entries in polled(lambda: engine.ledger(site)):
            found = [entry for entry in entries if entry.kind == kind]
            if found:
                return found[-1].data
        raise AssertionError("not reached")

    await ask(city, SuspendSites(**said("s1"), reason="rain", basis="flood", document="No. 7"))
    suspended = Suspended.model_validate_json(await seen("suspended"))
    assert (suspended.order, suspended.document, suspended.basis) == (1, "No. 7", "flood")
    async for entries in polled(lambda: engine.ledger(city.id)):
        if any(entry.kind == "sites_suspended" for entry in entries):
            break
    await ask(city, ResumeSites(**said("s2")))
    assert '"order":1' in await seen("resumed")
