"""Histories of documents: a city that drafts, numbers, is answered and lifts; its sites and its campaign meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowHandle

from schemas.documents.commands import Approve, Lift, Reject, SendReply, SignReceipt
from schemas.documents.document import DocumentState
from schemas.streams import site_stream
from tests.support.document_plans import DIRECTOR, VICE, deployed, kind, now, plan, said, seen
from tests.support.plans import CREW, clock_from, site
from tests.workflow.conftest import Engine, ask

Handle = WorkflowHandle[Any, Any]


async def document_stages(engine: Engine) -> dict[str, Handle]:
    """The order is signed for, answered and lifted; the circular is rejected once, proposed again and approved."""
    frozen = plan("replay-papers", ends_on="2021-08-20", briefing={})
    clock = clock_from(frozen, day_seconds=1)
    campaign = await engine.start_campaign(frozen, [site(n) for n in range(2)], clock)
    city = await deployed(engine, frozen, clock)
    kept = {"city-documents-begun": await this_run(engine, city)}
    order = (await seen(engine, frozen, kind("supervision_order"))).key
    await city.signal("sign_receipt", SignReceipt(**said(order, "s1", CREW, clock)))
    promised = (now(clock) + timedelta(days=4)).date()
    await ask(city, SendReply(**said(order, "p1", CREW, clock), text="it is being done", complete_by=promised))
    first = await seen(engine, frozen, kind("circular", DocumentState.DRAFTED))
    waiting = engine.client.get_workflow_handle(site_stream(frozen.plan.id, first.sites[0]))
    await engine.ledger_of(waiting.id, 4)  # opened, climbed, held, climbed
    await asyncio.sleep(0.5)
    kept |= {"site-waiting": await this_run(engine, waiting)}
    await ask(city, Reject(**said(first.key, "n1", VICE, clock), reason="no figures"))
    again = await seen(engine, frozen, lambda d: kind("circular", DocumentState.DRAFTED)(d) and d.key != first.key)
    await city.signal("approve", {"document": again.key})
    await ask(city, Approve(**said(again.key, "a1", DIRECTOR, clock)))
    await seen(engine, frozen, lambda d: d.key == again.key and d.number is not None)
    await city.signal("lift", Lift(**said(order, "l1", VICE, clock), reason="seen on site"))
    await seen(engine, frozen, kind("supervision_order", DocumentState.LIFTED))
    kept |= {"city-documents": await this_run(engine, city)}
    await seen(engine, frozen, kind("briefing"))
    await campaign.result()
    last = engine.client.get_workflow_handle(city.id)
    await last.result()
    return {**kept, "campaign": campaign, "city-documents-end": last}


async def this_run(engine: Engine, handle: Handle) -> Handle:
    """The run that is under way: a later one would begin with a state instead of a story."""
    described = await handle.describe()
    return engine.client.get_workflow_handle(handle.id, run_id=described.run_id)
