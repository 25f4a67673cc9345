"""The patrol after closure in Postgres: cities in patrol, inspections that are due, sites opened again."""

from datetime import UTC, datetime
from io import StringIO

from rich.console import Console

from commands.campaign.status_view import city_page
from commands.patrol.view import patrol_page
from schemas.clock import Clock
from schemas.facts import CityFacts, SiteFacts
from schemas.ledger import Notice, RecordBatch
from schemas.options.patrol import Duty, DutyFacts, PatrolFacts
from schemas.plan import Plan
from services.campaign.status import read_city
from services.common.subjects import campaign_subject, city_subject
from services.patrol import patrols
from storage import status
from storage.campaigns import create_campaign
from storage.cities import patrolled_cities, read_patrols, settled_cities, unsettled_cities
from storage.connections import Pool
from storage.notices import gather, look_backs
from storage.recorder import Recorder
from storage.register import named_sites
from tests.support.small_campaign import START, Diary, SiteDiary, city_row, frozen_plan, site, start_campaign

NOW = datetime(2021, 11, 5, 4, tzinfo=UTC)
PATROL = {
    "duties": [{"duty": "patrol", "title": "日常巡查", "every": {"amount": 3, "unit": "working_days"}}],
    "lasts": {"amount": 10, "unit": "working_days"},
}


def patrol(state: str, **more: object) -> CityFacts:
    duty = DutyFacts(duty=Duty.PATROL, title="日常巡查", next_due=NOW, performed=4, missed=1)
    facts = {"state": state, "began_at": START, "until": NOW, "duties": (duty,), "relapses": {"410423": 2}, **more}
    return CityFacts(patrol=PatrolFacts.model_validate(facts))


async def desk(pool: Pool, code: str, facts: CityFacts | None, *, settled: bool) -> None:
    entry = Diary(f"city/henan/{code}").write("city_closed")
    row = city_row(code, 1, settled=settled, facts=facts)
    burst = RecordBatch(campaign_id="henan", subject="city", city=code, entries=(entry,), city_row=row)
    await Recorder(pool).record(burst)


async def test_patrolling_city_counts_as_settled_and_stays_supervised(pool: Pool) -> None:
    await start_campaign(pool)
    await desk(pool, "410400", patrol("running"), settled=True)
    await desk(pool, "410600", patrol("closed"), settled=True)
    assert await settled_cities(pool, "henan") == ("410400", "410600")
    assert await unsettled_cities(pool, "henan") == ("410400",)
    assert await patrolled_cities(pool, "henan") == ("410600",)


async def test_a_city_without_a_patrol_is_done_with_when_it_is_settled(pool: Pool) -> None:
    await start_campaign(pool)
    await desk(pool, "410400", None, settled=True)
    await desk(pool, "410600", None, settled=False)
    assert await unsettled_cities(pool, "henan") == ("410600",)
    assert await patrolled_cities(pool, "henan") == ()


async def test_status_shows_patrol_and_reopened_sites_per_city(pool: Pool) -> None:
    plan = Plan.model_validate(frozen_plan().plan.model_dump() | {"patrol": PATROL})
    register = [site(number, ("410400", "410600")[number % 2]) for number in range(4)]
    frozen = frozen_plan().model_copy(update={"plan": plan})
    await create_campaign(pool, frozen, register, Clock())
    await desk(pool, "410400", patrol("running", findings=3), settled=True)
    recorder = Recorder(pool)
    await recorder.record(SiteDiary(register[0]).burst(facts=SiteFacts(reopened={"relapse": 2, "look_back": 1})))
    await recorder.record(SiteDiary(register[1]).burst(facts=SiteFacts(reopened={"relapse": 1})))
    whole = await status.campaign_status(pool, "henan", NOW)
    assert whole.reopened == {"look_back": 1, "relapse": 3}
    first, second = whole.cities
    assert first.patrol is not None and (first.patrol.findings, first.patrol.relapses) == (3, {"410423": 2})
    assert second.patrol is None and "patrol" not in second.model_dump(mode="json")
    assert (await read_patrols(pool, "henan"))["410400"] == first.patrol
    assert await read_patrols(pool, "henan", "410600") == {}
    page = patrol_page(await patrols.read_patrols(pool, await campaign_subject(pool, "henan")))
    assert list(page.data["patrols"]) == ["410400"]
    console = Console(width=120, record=True, file=StringIO())
    console.print(page.shown)
    shown = console.export_text()
    assert "日常巡查" in shown and "410423: 2" in shown and "not begun" in shown
    city = city_page(await read_city(pool, await city_subject(pool, "henan", "410400")))
    console.print(city.shown)
    assert "duties 4 kept, 1 missed, 0 cured; 3 findings, 2 relapses" in console.export_text()


async def test_reinspections_read_from_notices_of_dispatch(pool: Pool) -> None:
    register = await start_campaign(pool)
    ours = [one for one in register if one.city == "410400"]
    recorder = Recorder(pool)
    for number, one in enumerate(ours):
        data = {"level": "county", "round": 1}
        again = {"look_backs": [{"requirement": "seal", "due": "2021-08-27T16:00:00+00:00"}]} if not number else {}
        told = Notice(key=f"{one.id}:closure:closed", site_id=one.id, kind="closure", at=START, data=data | again)
        await recorder.record(SiteDiary(one).burst(stage="closed", notices=(told,)))
    lots = await gather(pool, "henan", "410400", NOW, lambda kind, rung: f"{kind}-{rung}")
    keys = [lot.key for lot in lots if lot.key is not None]
    (due,) = await look_backs(pool, "henan", keys)
    assert (due.site_id, due.requirement, due.due) == (ours[0].id, "seal", datetime(2021, 8, 27, 16, tzinfo=UTC))
    assert await look_backs(pool, "henan", ["another"]) == ()


async def test_sites_are_found_by_their_names(pool: Pool) -> None:
    register = await start_campaign(pool)
    found = await named_sites(pool, "henan", [register[2].id, "nobody", register[0].id])
    assert found == {one.id: one for one in (register[0], register[2])}
