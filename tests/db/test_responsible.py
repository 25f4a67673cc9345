"""Lists of what is mine, what enterprises owe, the pages of an order, and a corrected area, as Postgres has them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.actor import Actor, Role
from schemas.deferrals import Deferrals
from schemas.facts import SiteFacts
from schemas.options.builders import BuilderFacts
from schemas.options.responsible import Charge, ResponsibleFacts
from storage import status
from storage.connections import Pool
from storage.recorder import Recorder
from storage.standstill import page_running, page_stopped
from tests.support.small_campaign import SiteDiary, start_campaign

pytestmark = pytest.mark.db

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
DUE = datetime(2021, 8, 15, 16, tzinfo=UTC)
ME = Actor(id="P-7", role=Role.COUNTY, unit="示例县")


def row(**facts: Any) -> dict[str, Any]:
    return {"stage": "rectifying", "due_at": DUE, "opened_at": DUE, "facts": SiteFacts(**facts)}


async def test_mine_are_sites_and_requirements_of_me_or_my_unit(pool: Pool) -> None:
    register = await start_campaign(pool, sites=4)
    recorder = Recorder(pool)
    mine = ResponsibleFacts(unit="别的县", requirements={"r": Charge(unit="示例乡", person="P-7")})
    units = (("示例县",), ("别的县", "示例乡"), ("别的县",))
    people: tuple[tuple[str, ...], ...] = ((), ("P-7",), ("P-8",))
    for site, own, persons in zip(register, units, people, strict=False):
        charge: dict[str, Any] = {"responsible_units": own, "responsible_people": persons}
        await recorder.record(SiteDiary(site).burst(**row(responsible=mine), **charge))
    listed = await status.listed_sites(pool, "henan", NOW, None, 10, ME)
    assert {one.site_id for one in listed} == {register[0].id, register[1].id}
    assert listed[-1].requirements["r"].person == "P-7"
    late = await status.overdue_sites(pool, "henan", NOW, mine=ME)
    assert {one.site_id for one in late} == {one.site_id for one in listed}
    every = await status.listed_sites(pool, "henan", NOW, None, 10, None)
    assert len(every) == 4 and all(one.responsible_unit for one in every), "an unopened site has its register's"


async def test_what_enterprises_owe_is_summed_over_sites(pool: Pool) -> None:
    register = await start_campaign(pool, sites=3)
    for site, amount in zip(register, ("100.5", "200"), strict=False):
        await Recorder(pool).record(SiteDiary(site).burst(**row(builder=BuilderFacts(owed={"示例矿业": amount}))))
    whole = await status.campaign_status(pool, "henan", NOW)
    assert {name: float(cny) for name, cny in whole.owed.items()} == {"示例矿业": 300.5}


async def test_corrected_area_counts_in_totals(pool: Pool) -> None:
    register = await start_campaign(pool, sites=2)
    before = (await status.campaign_status(pool, "henan", NOW)).sites.area_ha.get("total", 0)
    await Recorder(pool).record(SiteDiary(register[0]).burst(**row(corrections={"area_ha": 40.25})))
    after = (await status.campaign_status(pool, "henan", NOW)).sites.area_ha["total"]
    assert float(after) == float(before) - float(register[0].area_ha or 0) + 40.25


async def test_pages_of_an_order_leave_out_who_knows_it(pool: Pool) -> None:
    register = await start_campaign(pool, sites=3)
    recorder, city = Recorder(pool), register[0].city
    sites = [site for site in register if site.city == city][:2]
    await recorder.record(SiteDiary(sites[0]).burst(**row(deferrals=Deferrals(suspensions=1, orders=(1,)))))
    stopped = row(deferrals=Deferrals(suspensions=1, orders=(1,), order=1)) | {"suspended": True}
    if len(sites) > 1:
        await recorder.record(SiteDiary(sites[1]).burst(**stopped))
    assert [one.id for one, _ in await page_running(pool, "henan", city, "", 10, 2)] == [sites[0].id]
    assert await page_running(pool, "henan", city, "", 10, 1) == []
    assert [one.id for one, _ in await page_stopped(pool, "henan", city, "", 10, 1)] == [one.id for one in sites[1:]]
