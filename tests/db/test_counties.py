"""Counties in Postgres: whose sites a city opens, whose notices one document lists, what status says of them."""

from datetime import timedelta

from schemas.facts import CityFacts
from schemas.ledger import LEAD_COUNTY, CityRow, RecordBatch
from schemas.options.county_state import CallFacts, UnitFacts
from storage.connections import Pool
from storage.notices import gather
from storage.recorder import Recorder
from storage.register import page_sites
from storage.status import city_status
from tests.support.small_campaign import START, Diary, SiteDiary, notice, start_campaign


async def test_sites_open_by_county_or_without_counties(pool: Pool) -> None:
    register = [site for site in await start_campaign(pool, sites=12) if site.city == "410400"]
    counties = {site.county for site in register}
    first = min(counties)
    own = [site.id for site in register if site.county == first]
    assert own
    only = await page_sites(pool, "henan", "410400", "", 50, only=(first, "another spelling"))
    rest = await page_sites(pool, "henan", "410400", "", 50, apart=(first,))
    assert [site.id for site in only] == own
    assert [site.id for site in rest] == [site.id for site in register if site.county != first]
    assert await page_sites(pool, "henan", "410400", "", 50, only=(first,), surveys=("S2",)) == only


async def test_notices_of_a_lead_county_have_a_document_of_their_own(pool: Pool) -> None:
    register = (await start_campaign(pool, sites=8))[::2]
    for place, site in enumerate(register[:3]):
        one = notice(f"{site.id}:climbed:1", site.id, START, "climbed", 1)
        if place:
            one = one.model_copy(update={"data": {**one.data, LEAD_COUNTY: "410423"}})
        batch = SiteDiary(site).burst(1, (one,)).model_copy(update={"entries": (), "site": None})
        await Recorder(pool).record(batch)
    lots = await gather(pool, "henan", "410400", START + timedelta(hours=1), lambda kind, rung: f"{kind}:{rung}")
    assert [(lot.key, lot.county, lot.sites) for lot in lots] == [
        ("climbed:1", None, (register[0].id,)),
        ("climbed:1:410423", "410423", tuple(sorted(site.id for site in register[1:3]))),
    ]
    assert await gather(pool, "henan", "410400", START + timedelta(hours=1), lambda k, r: f"{k}:{r}") == lots


async def test_status_of_a_city_lists_its_counties_and_calls(pool: Pool) -> None:
    await start_campaign(pool)
    unit = UnitFacts(county="410423", name="鲁山县", deployment="submitted", due=START, overdue=True)
    call = CallFacts(call="410423-1", county="410423", department="县林业局", matter="核定", due=START)
    facts = CityFacts(counties=(unit,), calls=(call,), calls_made=2, calls_answered=1)
    row = CityRow(
        code="410400", seq=1, deployment="awaited", deployment_due=None, submitted_at=None, receipt_signed_at=None,
        opened=False, settled=False, facts=facts,
    )  # fmt: skip
    entry = Diary("city/henan/410400").write("plan_received")
    batch = RecordBatch(campaign_id="henan", subject="city", city="410400", entries=(entry,), city_row=row)
    await Recorder(pool).record(batch)
    status = await city_status(pool, "henan", "410400", START)
    assert (status.counties, status.calls, status.calls_made, status.calls_answered) == ((unit,), (call,), 2, 1)
    assert (await city_status(pool, "henan", "410600", START)).counties == ()
