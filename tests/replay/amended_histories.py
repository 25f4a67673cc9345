"""Histories of a campaign whose plan is amended while it runs; `record_histories` records them."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

from schemas.campaign import Stop
from schemas.city import ApproveDeployment, SubmitDeployment
from services.amendments.files import proposed
from storage.amendments import amendment_progress, write_amendment
from tests.support.plans import CREW, PROVINCE, clock_from, frozen_plan, site
from tests.workflow.conftest import Engine, ask, polled
from tests.workflow.test_amendment import AMENDMENT, amend, now


async def an_amended_campaign(engine: Engine) -> dict[str, WorkflowHandle[Any, Any]]:
    """Two sites at work, an amendment that brings them more and adds a city, and a stop."""
    frozen = frozen_plan("replay-amended")
    clock, campaign_id = clock_from(frozen, day_seconds=1), frozen.plan.id
    campaign = await engine.start_campaign(frozen, [site(1), site(2)], clock)
    stream = f"city/{campaign_id}/east"
    await engine.ledger_of(stream, 1)
    city = engine.client.get_workflow_handle(stream)
    await ask(city, SubmitDeployment(command_id="d", actor=CREW, effective_at=now(clock), opinion="seal them"))
    await ask(city, ApproveDeployment(command_id="ok", actor=PROVINCE, effective_at=now(clock)))
    async for told in polled(lambda: amendment_progress(engine.pool, campaign_id, 1)):
        if told[0].open == 2:
            break
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "amendment.yaml")
        await asyncio.to_thread(file.write_text, AMENDMENT, encoding="utf-8")
        found = await proposed(engine.pool, campaign_id, file, None)
    said = found.said
    hears = engine.client.get_workflow_handle(stream, run_id=(await city.describe()).run_id)
    await write_amendment(engine.pool, said.amendment, said.digest, found.frozen, now(clock), found.added)
    await ask(campaign, amend(found, 1, clock, "amend"))
    async for told in polled(lambda: amendment_progress(engine.pool, campaign_id, 1)):
        if told[0].told == 2:
            break
    await asyncio.sleep(2)  # its document goes out with the next dispatch
    await ask(campaign, Stop(command_id="stop", actor=PROVINCE, effective_at=now(clock), reason="new law"))
    await campaign.result()
    amended = engine.client.get_workflow_handle(f"site/{campaign_id}/east-001")
    return {"campaign-amended": campaign, "city-amended": hears, "site-amended": amended}
