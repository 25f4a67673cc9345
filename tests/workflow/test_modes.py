"""Modes, money and land on a real server: a switch asks for other work, and the database has the sums."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schemas.actor import Actor, Role
from schemas.options.bookings import Book
from schemas.options.modes import DecideMode, SetMode
from schemas.plan import FrozenPlan
from storage.status import campaign_status, site_status
from tests.support.plans import (
    CITY_BUREAU,
    COUNTY,
    PLAN,
    PROVINCE,
    clock_from,
    frozen_plan,
    report,
    site,
    verdict,
)
from tests.workflow.conftest import Engine, ask

CITY = Actor(id="city-1", role=Role.CITY, unit="east")


@pytest.fixture
def frozen(request: pytest.FixtureRequest) -> FrozenPlan:
    signs, seal = PLAN["catalogue"]
    fence = {"id": "fence", "title": "Fence", "unit": "m", "restoration_modes": ["natural"]}
    return frozen_plan(
        f"modes-{datetime.now(UTC):%H%M%S%f}",
        catalogue=[signs, seal | {"restoration_modes": ["market", "engineering"]}, fence],
        modes={"confirmed_by_province": True},
        clauses=PLAN["clauses"] | {"late_report": {"amount": 3, "unit": "calendar_days"}},
    )


async def test_a_site_switches_books_and_closes_under_its_new_mode(engine: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=600)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))

    def said(by: Actor, command_id: str) -> dict[str, object]:
        return {"command_id": command_id, "actor": by, "effective_at": now}

    opened = await ask(handle, report("signs", "r1", now))
    assert opened.state["withheld"] == ["restoration_mode", "funding_mode"] and opened.state["stage"] == "rectifying"
    natural = SetMode(**said(CITY, "m1"), restoration_mode="natural", funding_mode="fiscal")
    proposed = await ask(handle, natural)
    assert proposed.state["proposed_modes"] == {"restoration": "natural", "funding": "fiscal"}
    confirmed = await ask(handle, DecideMode(**said(PROVINCE, "d1"), confirmed=True))
    assert confirmed.state["outstanding"] == {"fence": 1}
    with pytest.raises(WorkflowUpdateFailedError):
        await ask(handle, report("seal", "r2", now))
    await handle.signal("book", Book(**said(CITY, "b1"), amount=Decimal("1000.50"), unit="cny", reference="c-1"))
    booked = await ask(handle, Book(**said(CITY, "b2"), amount=Decimal("-0.50"), unit="cny", reference="c-2"))
    assert booked.state["realised"] == {"fiscal:cny": "1000"}
    await ask(handle, report("fence", "r3", now))
    await ask(handle, verdict("county", "v1", now, COUNTY))
    last = await ask(handle, verdict("city", "v2", now, CITY_BUREAU))
    assert last.state["stage"] == await handle.result() == "closed"
    assert [e.kind for e in await engine.ledger(handle.id)] == [
        "opened", "task_reported", "mode_proposed", "mode_set", "booked", "booked", "task_reported",
        "verification_requested", "level_passed", "closed",
    ]  # fmt: skip
    facts = (await site_status(engine.pool, frozen.plan.id, "east-001", now)).facts
    assert facts["restoration_mode"] == "natural" and facts["realised"] == {"fiscal:cny": "1000"}
    modes = (await campaign_status(engine.pool, frozen.plan.id, now)).modes
    assert modes is not None and modes.total.realised_cny == 1000
    assert [(one.mode, one.sites, one.closed) for one in modes.restoration] == [("natural", 1, 1)]
