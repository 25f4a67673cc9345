"""The stock of a programme in Postgres: results of a year's campaign, and sites that its patrol opened again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.programme.aggregate import ProgrammeAggregate
from rules.terms.plan import programme_terms
from schemas.clock import Clock
from schemas.errors import LedgerBroken, NotFound, Refused
from schemas.facts import SiteFacts
from schemas.ledger import RecordBatch
from schemas.programme import Amount
from storage.campaigns import create_campaign, issuer_clock, letterhead
from storage.connections import Pool
from storage.ledger import verify_programme
from storage.programmes import (
    SurveyAmounts,
    SurveyKey,
    choose,
    create_programme,
    keep_survey,
    read_survey,
    settle_year,
    stock_rows,
    take_survey,
    totals,
    waiting_sites,
)
from storage.recorder import Recorder
from tests.support.programme_years import programme_of, stock_of
from tests.support.small_campaign import SiteDiary

AT = datetime(2021, 2, 20, tzinfo=UTC)
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
    assert [(one.county, one.closed.sites) for one in ends.places] == [("north", 2)]
    assert (await totals(pool, "basin")).treated == ends.closed
    waiting = [(one.site.id, one.site.county) for one in await waiting_sites(pool, "basin")]
    assert waiting == [(left.id, "moved")], "in the county that it belonged to at the end"


async def test_hectares_of_the_stock_are_summed_exactly(pool: Pool) -> None:
    frozen, stock = programme_of(YEARS), stock_of([0.1, 0.2], "north")
    await create_programme(pool, frozen, stock, Clock())
    assert (await totals(pool, "basin")).stock.area_ha == Decimal("0.3")


async def test_survey_is_taken_into_the_stock_once(pool: Pool) -> None:
    frozen, stock = programme_of(YEARS), stock_of([1.0, 2.0], "north")
    await create_programme(pool, frozen, stock, Clock())
    await choose(pool, "basin", "basin-0", [stock[0].id])
    larger = [one.model_copy(update={"area_ha": Decimal(5)}) for one in stock]
    new = stock_of([7.0] * 3, "north")[2]
    key = SurveyKey("basin", "basin-0", "north", "d" * 64)
    await keep_survey(pool, key, [*larger, new], AT, "{}")
    assert await read_survey(pool, key) == ([*larger, new], None)
    amounts = SurveyAmounts(Amount(sites=1, area_ha=7), Amount(sites=1, area_ha=2), Amount(sites=1, area_ha=5))
    for _ in range(2):
        await take_survey(pool, key, [*larger, new], amounts)
    assert (await totals(pool, "basin")).stock == Amount(sites=3, area_ha=13), "what a campaign has stays as it is"
    assert (await read_survey(pool, key))[1] == amounts
    rows = {row.site.id: row for row in await stock_rows(pool, "basin", [one.id for one in (*stock, new)])}
    assert [rows[one.id].free for one in (*stock, new)] == [False, True, True]
    with pytest.raises(Refused, match="programme"):
        await create_programme(pool, frozen, [*stock, new], Clock())


async def test_programme_and_campaign_have_no_id_in_common(pool: Pool) -> None:
    frozen, stock = programme_of(YEARS), stock_of([1.0], "north")
    await create_programme(pool, frozen, stock, Clock())
    same = frozen.years[0].model_copy(update={"plan": frozen.years[0].plan.model_copy(update={"id": "basin"})})
    with pytest.raises(Refused, match="a programme has this id"):
        await create_campaign(pool, same, stock, Clock())
    other = programme_of(YEARS, id="basin-0x", document_number="B/9")
    taken = frozen.years[0].model_copy(update={"plan": frozen.years[0].plan.model_copy(update={"id": "basin-0x"})})
    await create_campaign(pool, taken, stock, Clock())
    with pytest.raises(Refused, match="a campaign has this id"):
        await create_programme(pool, other, stock, Clock())


async def test_programme_documents_have_its_letterhead_and_clock(pool: Pool) -> None:
    frozen = programme_of(YEARS)
    await create_programme(pool, frozen, stock_of([1.0], "north"), Clock(rate=7))
    found = await letterhead(pool, "basin")
    assert (found.plan.id, found.plan.document_number, found.plan.title) == ("basin", "B/1", "The basin")
    assert (await issuer_clock(pool, "basin")).rate == 7
    with pytest.raises(NotFound):
        await letterhead(pool, "nobody")


async def test_proof_finds_the_missing_end_of_a_programme(pool: Pool) -> None:
    frozen, stock = programme_of(YEARS), stock_of([1.0], "north")
    await create_programme(pool, frozen, stock, Clock())
    board = ProgrammeAggregate(programme_terms(frozen, Clock()))
    entries = board.advance((), AT).entries
    recorder = Recorder(pool)
    await recorder.record(RecordBatch(campaign_id="basin", subject="programme", city=None, entries=tuple(entries)))
    await recorder.close()
    assert (await verify_programme(pool, frozen)).entries == 1
    await create_campaign(pool, frozen.years[0], stock, Clock())
    await pool.execute("update campaign set issued_at = $1 where campaign_id = 'basin-0'", AT)
    with pytest.raises(LedgerBroken, match="campaign basin-0"):
        await verify_programme(pool, frozen)
