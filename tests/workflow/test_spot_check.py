"""A spot check on the real engine: ordered, drawn from the ledgers, inspected, enlarged, returned, worked out again."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError

from activities.recovery.recovery import Recovery, status_of
from activities.recovery.spot_checks import LostSpotChecks
from rules.campaign.options.spot_checks import spot_check_terms
from rules.command_results import Received
from rules.effects import EnlargeSample, StartSpotCheck
from rules.spot_check.aggregate import SpotCheckAggregate
from rules.spot_check.sampling import frame_hash
from rules.terms.plan import campaign_terms, ends_at
from schemas.actor import Actor, Role
from schemas.clock import Clock
from schemas.ledger import RecordBatch
from schemas.options.spot_checks import DrawSpotCheck
from schemas.plan import FrozenPlan
from schemas.spot_check import EnlargeReport, Inspect, SpotCheckView, TakeSample
from schemas.work import AnchorOrder
from services.spot_checks.redraw import redraw
from simulation.behaviour.actions import Action, ReplyStatus, Step
from simulation.rehearsal.sender import Sender
from storage.ledger import verify
from storage.pool import open_pool
from storage.recorder import Recorder
from storage.spot_checks import read_check, read_frame
from tests.support.plans import (
    BEFORE_NINE,
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
from tests.workflow.conftest import Engine, ask, polled, strike_off
from tests.workflow.test_whole_campaign import deploy

SITES = 6
EXPERT = Actor(id="expert-1", role=Role.EXPERT, unit="institute")


def now(clock: Clock) -> datetime:
    return clock.campaign_time(datetime.now(UTC))


async def close(engine: Engine, frozen: FrozenPlan, site_id: str, clock: Clock) -> None:
    stream = f"site/{frozen.plan.id}/{site_id}"
    await engine.ledger_of(stream, 1)
    handle = engine.client.get_workflow_handle(stream)
    await ask(handle, report("signs", f"{site_id}-1", now(clock)))
    await ask(handle, report("seal", f"{site_id}-2", now(clock)))
    await ask(handle, verdict("county", f"{site_id}-3", now(clock), COUNTY))
    await strike_off(engine, handle, verdict("city", f"{site_id}-4", now(clock), CITY_BUREAU))


def inspection(site_id: str, at: datetime, actor: Actor = EXPERT, *, passed: bool = False) -> Inspect:
    return Inspect(
        command_id=f"inspect-{site_id}-{actor.id}",
        actor=actor,
        effective_at=at,
        site=site_id,
        passed=passed,
        opinion="in order" if passed else "the seal is thin",
        failed_requirements=() if passed else ("seal",),
    )


async def stages(engine: Engine, campaign_id: str) -> dict[str, str]:
    rows = await engine.pool.fetch("select site_id, stage from site where campaign_id = $1", campaign_id)
    return {row["site_id"]: row["stage"] for row in rows}


async def looked_after(engine: Engine, name: str, clock: Clock) -> tuple[str, ...]:
    """The checks that tonight's look finds lost."""
    order = AnchorOrder(campaign_id=name, at=now(clock), clock=clock, task_queue=engine.settings.task_queue)
    return (await Recovery(engine.client).restart_lost(LostSpotChecks(engine.pool, order))).restarted


@pytest.mark.timeout(120)
async def test_a_check_is_drawn_inspected_enlarged_and_returned(engine: Engine, frozen: FrozenPlan) -> None:
    plan = {"share": 0.2, "enlarge": 2.0, "inspect": {"amount": 5, "unit": "working_days"}, "seed": 7}
    frozen = frozen_plan(frozen.plan.id, spot_check=plan)
    name, clock = frozen.plan.id, clock_from(frozen, day_seconds=20, begins=BEFORE_NINE)
    campaign = await engine.start_campaign(frozen, [site(n) for n in range(SITES + 1)], clock)
    async for entries in polled(lambda: engine.ledger(f"campaign/{name}")):
        if entries:
            break
    await deploy(engine, frozen, "east", clock)
    await asyncio.gather(*(close(engine, frozen, f"east-{n:03}", clock) for n in range(SITES)))
    at = now(clock)
    with pytest.raises(WorkflowUpdateFailedError, match="failed"):
        wrong = DrawSpotCheck(command_id="draw-0", actor=CREW, effective_at=at, check="autumn")
        await ask(campaign, wrong)
    order = DrawSpotCheck(command_id="draw-1", actor=PROVINCE, effective_at=at, check="autumn", city="east", seed=99)
    await ask(campaign, order)
    stream = f"spot-check/{name}/autumn"
    drawn = json.loads((await engine.ledger_of(stream, 1))[0].data)
    assert (drawn["frame_size"], drawn["seed"], len(drawn["sample"])) == (SITES, 99, 2), "the open site is not in it"
    frame = await read_frame(engine.pool, name, "autumn")
    assert frame_hash(frame) == drawn["frame_hash"] == (await read_check(engine.pool, name, "autumn")).frame_hash
    assert set(frame[0].participants) == {CREW.id, COUNTY.id, CITY_BUREAU.id}
    redrawn = await redraw(engine.pool, name, "autumn", None)
    assert redrawn.holds, redrawn.differences

    check: WorkflowHandle[Any, Any] = engine.client.get_workflow_handle(stream)
    taken = await ask(check, TakeSample(command_id="take", actor=EXPERT, effective_at=now(clock)))
    first, second = taken.state["pending"]
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(check, inspection(first, now(clock), COUNTY))
    assert "other_county" in str(refused.value.cause)
    answer = await ask(check, inspection(first, now(clock)))
    assert answer.state["failed"] == 1
    await engine.ledger_of(f"site/{name}/{first}", 7)  # opened, two reports, asked, two levels, reopened
    assert (await stages(engine, name))[first] == "rectifying"
    await ask(check, inspection(second, now(clock), passed=True))
    async for seen in polled(lambda: engine.ledger(stream)):
        if any(entry.kind == "sample_enlarged" for entry in seen):
            break
    added = (await ask(check, TakeSample(command_id="again", actor=EXPERT, effective_at=now(clock)))).state["pending"]
    assert len(added) == 2, "0.4 of the four that were left, rounded up"
    await ask(check, inspection(next(iter(added)), now(clock)))
    await check.result()
    kinds = [entry.kind for entry in await engine.ledger(stream)]
    assert kinds[-2:] == ["batch_returned", "spot_check_closed"]
    assert await looked_after(engine, name, clock) == ()
    found = await stages(engine, name)
    assert {found[f"east-{n:03}"] for n in range(SITES)} == {"rectifying"}, "the whole batch is open again"
    redrawn = await redraw(engine.pool, name, "autumn", None)
    assert redrawn.holds, "whatever became of the sites, the draw is what it was"
    notices = await engine.pool.fetch("select kind, city, site_id from notice where campaign_id = $1", name)
    back = [row["site_id"] for row in notices if row["kind"] == "spot_check_result"]
    assert sorted(back) == [f"east-{n:03}" for n in range(SITES)]
    assert {row["city"] for row in notices} == {"east"}
    await verify(engine.pool, name)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("sites", [2, 1], ids=["still open", "closed by its last order"])
async def test_lost_check_found_and_repeats_its_last_order(engine: Engine, frozen: FrozenPlan, sites: int) -> None:
    frozen = frozen_plan(frozen.plan.id, spot_check={"share": 0.5})
    name, clock = frozen.plan.id, clock_from(frozen, day_seconds=14, begins=BEFORE_NINE)
    campaign = await engine.start_campaign(frozen, [site(n) for n in range(sites)], clock)
    async for entries in polled(lambda: engine.ledger(f"campaign/{name}")):
        if entries:
            break
    await deploy(engine, frozen, "east", clock)
    await asyncio.gather(*(close(engine, frozen, f"east-{n:03}", clock) for n in range(sites)))
    order = DrawSpotCheck(command_id="draw", actor=PROVINCE, effective_at=now(clock), check="autumn")
    await ask(campaign, order)
    stream = f"spot-check/{name}/autumn"
    drawn = await engine.ledger_of(stream, 1)
    check: WorkflowHandle[Any, Any] = engine.client.get_workflow_handle(stream)
    (sampled,) = (await check.query("status", result_type=SpotCheckView)).pending
    await check.terminate("lost in an accident")

    # It had recorded a failure, and was gone before it told the site.
    begun = StartSpotCheck(drawn[0].at, "autumn", None, json.loads(drawn[0].data)["seed"])
    case = SpotCheckAggregate(spot_check_terms(campaign_terms(frozen, drawn[0].at, clock), begun))
    case.restore(drawn)
    failed = case.advance([Received(inspection(sampled, now(clock)), now(clock))], now(clock))
    entries = failed.entries
    if sites == 1:  # there is nothing to enlarge with
        (more,) = [effect for effect in failed.effects if isinstance(effect, EnlargeSample)]
        entries += case.observe(EnlargeReport(at=more.at, unit=more.unit, sample=()), now(clock)).entries
    assert case.settled == (sites == 1)
    recorder = Recorder(engine.pool)
    burst = RecordBatch(campaign_id=name, subject="spot_check", city=None, entries=tuple(entries))
    await recorder.record(burst, [])
    await recorder.close()
    assert (await stages(engine, name))[sampled] == "closed"

    async for told in polled(lambda: engine.ledger(f"site/{name}/{sampled}"), seconds=60):
        if told[-1].kind == "reopened":
            break
    kinds = [entry.kind for entry in await engine.ledger(stream)]
    assert kinds[:2] == ["sample_drawn", "site_inspected"], "it went on from its ledger"
    assert (await check.query("status", result_type=SpotCheckView)).failed == 1
    if sites == 1:
        await check.result()
    assert await looked_after(engine, name, clock) == (), "what runs, or ran to its end, is left alone"
    await verify(engine.pool, name)


@pytest.mark.timeout(120)
async def test_a_forged_frame_is_found(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, spot_check={"share": 0.5})
    name, clock = frozen.plan.id, clock_from(frozen, day_seconds=20, begins=BEFORE_NINE)
    campaign = await engine.start_campaign(frozen, [site(n) for n in range(2)], clock)
    async for entries in polled(lambda: engine.ledger(f"campaign/{name}")):
        if entries:
            break
    await deploy(engine, frozen, "east", clock)
    await asyncio.gather(*(close(engine, frozen, f"east-{n:03}", clock) for n in range(2)))
    order = DrawSpotCheck(command_id="draw", actor=PROVINCE, effective_at=now(clock), check="autumn")
    await ask(campaign, order)
    await engine.ledger_of(f"spot-check/{name}/autumn", 1)
    with pytest.raises(Exception, match="permission denied"):
        await engine.pool.execute("update spot_check_frame set hazard = 'low'")
    owner = await open_pool(engine.url, as_application=False)
    await owner.execute("update spot_check_frame set hazard = 'low' where site_id = 'east-001'")
    await owner.close()
    redrawn = await redraw(engine.pool, name, "autumn", None)
    assert not redrawn.holds
    said = "\n".join(redrawn.differences)
    assert "the kept frame: its hash is" in said
    assert "east-001: kept" in said


@pytest.mark.timeout(120)
async def test_frame_may_include_passed_but_unclosed_sites(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, spot_check={"share": 0.5, "passed": "county"})
    name, clock = frozen.plan.id, clock_from(frozen, day_seconds=20, begins=BEFORE_NINE)
    campaign = await engine.start_campaign(frozen, [site(n) for n in range(3)], clock)
    async for entries in polled(lambda: engine.ledger(f"campaign/{name}")):
        if entries:
            break
    await deploy(engine, frozen, "east", clock)
    await close(engine, frozen, "east-000", clock)
    handle = engine.client.get_workflow_handle(f"site/{name}/east-001")
    await ask(handle, report("signs", "1", now(clock)))
    await ask(handle, report("seal", "2", now(clock)))
    await ask(handle, verdict("county", "3", now(clock), COUNTY))
    order = DrawSpotCheck(command_id="draw", actor=PROVINCE, effective_at=now(clock), check="autumn")
    await ask(campaign, order)
    await engine.ledger_of(f"spot-check/{name}/autumn", 1)
    frame = await read_frame(engine.pool, name, "autumn")
    assert [(one.id, one.level, one.participants) for one in frame] == [
        ("east-000", "county", (CREW.id, COUNTY.id, CITY_BUREAU.id)),
        ("east-001", "county", (CREW.id, COUNTY.id)),
    ]


@pytest.mark.timeout(60)
async def test_sample_requested_before_draw_is_returned_after_draw(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, spot_check={"share": 0.5, "minimum": 0})
    name, clock = frozen.plan.id, clock_from(frozen, day_seconds=20, begins=BEFORE_NINE)
    campaign = await engine.start_campaign(frozen, [site(0)], clock)
    async for entries in polled(lambda: engine.ledger(f"campaign/{name}")):
        if entries:
            break
    await deploy(engine, frozen, "east", clock)
    await close(engine, frozen, "east-000", clock)
    stream = f"spot-check/{name}/autumn"
    take = TakeSample(command_id="take", actor=EXPERT, effective_at=now(clock))
    action = Action(Step.INSPECTION_LIST, stream, "autumn", take, take.effective_at, waits=True)
    owner = await open_pool(engine.url, as_application=False)
    async with owner.acquire() as connection:
        async with connection.transaction():
            await connection.execute("lock table spot_check in access exclusive mode")  # the draw takes its time
            order = DrawSpotCheck(command_id="draw", actor=PROVINCE, effective_at=now(clock), check="autumn")
            await ask(campaign, order)
            early = asyncio.create_task(Sender(engine.client, clock, ends_at(frozen)).send(action))
            async for status in polled(lambda: status_of(engine.client, stream)):
                if status is not None:
                    break
            with pytest.raises(WorkflowUpdateFailedError) as refused:
                await ask(engine.client.get_workflow_handle(stream), take)
            assert "its sample is not drawn yet" in str(refused.value.cause)
            await asyncio.sleep(0.2)
            assert not early.done()
        reply = await early
    await owner.close()
    assert (reply.status, list(reply.state["pending"])) == (ReplyStatus.ACCEPTED, ["east-000"])
