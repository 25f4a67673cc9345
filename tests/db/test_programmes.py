"""The stock of a programme in Postgres: results of a year's campaign, and sites that its patrol opened again."""

from datetime import date
from decimal import Decimal

from schemas.clock import Clock
from schemas.facts import SiteFacts
from schemas.programme import Amount
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.programmes import choose, create_programme, settle_year, totals, waiting_sites
from storage.recorder import Recorder
from tests.support.programme_years import programme_of, stock_of
from tests.support.small_campaign import SiteDiary

YEARS = [(date(2021, 3, 1), date(2021, 3, 26)), (date(2022, 3, 1), date(2022, 3, 28))]


async def test_site_reopened_by_patrol_before_year_count_kept(pool: Pool) -> None:
    frozen, stock = programme_of(YEARS), stock_of([1.0, 2.0, 4.0], "north")
    year = frozen.years[0]
    await create_programme(pool, frozen, stock, Clock())
    await create_campaign(pool, year, stock, Clock())
    await choose(pool, "basin", year.plan.id, [one.id for one in stock])
    recorder = Recorder(pool)
    struck_off, left, again = stock
    diary = {one.id: SiteDiary(one, year.plan.id) for one in stock}
    await recorder.record(diary[struck_off.id].burst(stage="closed"))
    await recorder.record(diary[left.id].burst(stage="carried_over", county="moved"))
    reopened = SiteFacts(reopened={"relapse": 1})
    await recorder.record(diary[again.id].burst(stage="rectifying", facts=reopened))
    await recorder.close()

    ends = await settle_year(pool, "basin", year.plan.id)
    assert ends.closed == Amount(sites=2, area_ha=5.0), "it was struck off when the campaign ended; its patrol has it"
    assert ends.carried_over == Amount(sites=1, area_ha=2.0)
    assert await settle_year(pool, "basin", year.plan.id) == ends, "the same again"
    assert (await totals(pool, "basin")).treated == ends.closed
    waiting = [(one.site.id, one.site.county) for one in await waiting_sites(pool, "basin")]
    assert waiting == [(left.id, "moved")], "in the county that it belonged to at the end"


async def test_hectares_of_the_stock_are_summed_exactly(pool: Pool) -> None:
    frozen, stock = programme_of(YEARS), stock_of([0.1, 0.2], "north")
    await create_programme(pool, frozen, stock, Clock())
    assert (await totals(pool, "basin")).stock.area_ha == Decimal("0.3")
