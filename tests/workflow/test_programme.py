"""A programme of two years on the real engine: what one year leaves goes into the next."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from activities.recovery.programmes import LostProgrammes
from activities.recovery.recovery import Recovery
from intake.plan.freeze import freeze
from intake.programme_file import freeze_programme
from rules.calendar import start_of
from rules.programme.aggregate import ProgrammeAggregate
from rules.terms.plan import programme_terms
from runtime.programme_start import start_programme
from schemas.clock import Clock
from schemas.errors import Refused
from schemas.ledger import LedgerEntry
from schemas.plan import Plan
from schemas.programme import FrozenProgramme, Programme
from schemas.programme_events import ProgrammeEnded, YearClosed, YearStarted
from schemas.streams import programme_stream
from tests.support.plans import PLAN, site
from tests.workflow.conftest import Engine, polled
from tests.workflow.test_whole_campaign import close, deploy

pytestmark = pytest.mark.timeout(120)


def two_years(name: str) -> FrozenProgramme:
    """Two campaigns of twelve days, one after the other."""
    windows = [(date(2021, 7, 19), date(2021, 7, 30)), (date(2021, 8, 2), date(2021, 8, 13))]
    years = [
        {"id": f"{name}-{n}", "document_number": f"{name}/{n}", "starts_on": first, "ends_on": last}
        for n, (first, last) in enumerate(windows)
    ]
    programme = Programme.model_validate(
        {
            "id": name,
            "title": "Two years",
            "document_number": name,
            "share": 0.5,
            "ends_on": "2021-08-31",
            "plan": "plan.yaml",
            "years": years,
        }
    )
    plans = [freeze(Plan.model_validate({**PLAN, **year, "reminder_days": []})) for year in years]
    return freeze_programme(programme, tuple(plans))


def is_over(entries: list[LedgerEntry]) -> bool:
    """Whether the closing report is issued, the last thing a programme does."""
    return bool(entries) and entries[-1].kind == "document_issued" and "programme_report" in entries[-1].data


async def restarted(engine: Engine) -> tuple[str, ...]:
    """The programmes that a worker's start restarts."""
    lost = LostProgrammes(engine.pool, engine.settings.task_queue)
    return (await Recovery(engine.client).restart_lost(lost)).restarted


async def test_programme_carries_over_sites_and_reports_at_end(engine: Engine) -> None:
    name = f"p-{uuid4().hex[:8]}"
    frozen = two_years(name)
    first, second = frozen.years
    stock = [site(n).model_copy(update={"area_ha": 1.0}) for n in range(4)]
    origin = start_of(first.calendar, first.plan.starts_on)
    clock = Clock(real_origin=datetime.now(UTC), campaign_origin=origin, rate=86400 / 0.35)
    queue = engine.settings.task_queue

    for outcome in ("started", "unchanged"):
        assert await start_programme(engine.client, engine.pool, frozen, stock, clock, queue) == outcome
    with pytest.raises(Refused, match="stock differs"):
        await start_programme(engine.client, engine.pool, frozen, stock[1:], clock, queue)

    await deploy(engine, first, "east", clock)
    await close(engine, first, "east-000", clock)  # the year takes two of four, and one stays open
    await deploy(engine, second, "east", clock)
    for left in ("east-001", "east-002", "east-003"):
        await close(engine, second, left, clock)

    stream = programme_stream(name)
    async for entries in polled(lambda: engine.ledger(stream), seconds=60):
        if is_over(entries):
            break
    told = [ProgrammeAggregate.events[e.kind].model_validate_json(e.data) for e in entries]
    started = [e for e in told if isinstance(e, YearStarted)]
    closed = [e for e in told if isinstance(e, YearClosed)]
    assert [(s.chosen.sites, s.carried_over.sites, s.target) for s in started] == [
        (2, 0, Decimal(2)),
        (3, 1, Decimal(3)),
    ]
    assert [(c.closed.sites, c.carried_over.sites, c.share, c.met) for c in closed] == [
        (1, 1, Decimal("0.25"), False),
        (3, 0, Decimal(1), True),
    ]
    (end,) = [e for e in told if isinstance(e, ProgrammeEnded)]
    assert (end.treated.area_ha, end.left.sites, end.in_time) == (Decimal(4), 0, True)
    anew = ProgrammeAggregate(programme_terms(frozen, clock))
    anew.restore(entries)
    assert anew.state.head == entries[-1].hash


async def test_programme_lost_workflow_continues_from_ledger(engine: Engine) -> None:
    name = f"p-{uuid4().hex[:8]}"
    frozen = two_years(name)
    stock = [site(n).model_copy(update={"area_ha": 1.0}) for n in range(4)]
    origin = start_of(frozen.years[0].calendar, frozen.years[0].plan.starts_on)
    clock = Clock(real_origin=datetime.now(UTC), campaign_origin=origin, rate=86400 / 0.35)
    start = (engine.client, engine.pool, frozen, stock, clock, engine.settings.task_queue)
    assert await start_programme(*start) == "started"
    stream = programme_stream(name)
    await engine.ledger_of(stream, 2)  # began, and its first year
    for lost_times in range(2):
        await engine.client.get_workflow_handle(stream).terminate("lost in an accident")
        if lost_times:  # a worker that starts looks for it
            assert name in await restarted(engine)
        else:
            assert await start_programme(*start) == "continued"
    assert await start_programme(*start) == "unchanged"
    assert name not in await restarted(engine)
    async for entries in polled(lambda: engine.ledger(stream), seconds=60):
        if is_over(entries):
            break
    kinds = [entry.kind for entry in entries if entry.kind != "document_issued"]
    assert kinds == ["programme_began", *["year_started", "year_closed"] * 2, "programme_ended"]
    numbers = [json.loads(entry.data)["number"] for entry in entries if entry.kind == "document_issued"]
    assert len(numbers) == len(set(numbers)) == 5, "two tasks, two reports of years, and the closing report"
    assert await start_programme(*start) == "unchanged", "what has ended does not begin again"
