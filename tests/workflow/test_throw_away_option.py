"""A site's workflow takes the command of an option outside the tree, as an update, without an edit of any workflow."""

from datetime import UTC, datetime

from rules.site.options.registry import SITE_OPTIONS
from rules.terms.plan import site_terms
from schemas.answers import Verdict
from schemas.plan import FrozenPlan
from schemas.starts import SiteStart
from schemas.streams import site_stream
from storage.campaigns import create_campaign
from tests.support.plans import CITY_BUREAU, clock_from, site
from tests.support.throw_away_option import NAME, GateOption, LockGate
from tests.workflow.conftest import Engine, ask


async def test_workflow_takes_update_of_registered_option(engine: Engine, frozen: FrozenPlan) -> None:
    clock, one = clock_from(frozen, day_seconds=600), site(1)
    terms = site_terms(frozen, one, clock.campaign_origin, clock)
    terms.options = {NAME: {"within": {"amount": 90, "unit": "calendar_days"}}}
    with SITE_OPTIONS.registered(GateOption()):
        await create_campaign(engine.pool, frozen, [one], clock)
        handle = await engine.client.start_workflow(
            "SiteWorkflow",
            SiteStart(terms=terms),
            id=site_stream(frozen.plan.id, one.id),
            task_queue=engine.settings.task_queue,
        )
        now = clock.campaign_time(datetime.now(UTC))
        answer = await ask(handle, LockGate(command_id="g1", actor=CITY_BUREAU, effective_at=now, lock="L7"))
        assert answer.verdict is Verdict.ACCEPTED
        assert answer.state["options"] == {NAME: {"lock": "L7"}}
        assert [entry.kind for entry in await engine.ledger(handle.id)] == ["opened", "gate_locked"]
        await handle.terminate()
