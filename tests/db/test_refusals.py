"""Refused commands of every stream of a campaign, counted once and listed with who sent what, and why."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commands.ledger.view import refused_page
from reports.page import render_page
from reports.reading import read_facts
from schemas.actor import UNKNOWN_SENDER, Actor, Role
from schemas.errors import InvalidInput, NotFound
from schemas.ledger import RecordBatch
from schemas.options.spot_checks import SpotCheckPlan
from schemas.spot_check import DrawOrder
from services.ledger.refusals import read_refused
from storage import status
from storage.connections import Pool
from storage.recorder import Recorder
from storage.spot_checks import write_frame
from tests.support.small_campaign import START, Diary, frozen_plan, start_campaign
from tests.unit.commands.common.test_tables import printed

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
WANG = Actor(id="wang", role=Role.CITY, unit="410400")
STREAMS = {
    "campaign/henan": START + timedelta(days=1),
    "city/henan/410400": START + timedelta(days=2),
    "site/henan/点位-0000": START + timedelta(days=3),
    "site/henan/点位-0001": START + timedelta(days=4),
    "spot-check/henan/c1": START + timedelta(days=5),
}
"""Stream to the receipt of its refused command; the site 0001 is in the other city."""


async def a_campaign_with_refusals(pool: Pool) -> None:
    await start_campaign(pool)
    await start_campaign(pool, campaign="other", number="2号")
    recorder = Recorder(pool)
    for stream, at in {**STREAMS, "city/other/410400": NOW}.items():
        data = {"command": "complete_task", "command_id": f"c-{at:%d}", "content": "{", "reason": "not allowed"}
        sender = UNKNOWN_SENDER if stream == "site/henan/点位-0000" else WANG
        kind, campaign = stream.split("/")[:2]
        await recorder.record(
            RecordBatch(
                campaign_id=campaign, subject=kind.replace("-", "_"), city="410400",
                entries=(Diary(stream).write("refused", data, at, sender),),
            )
        )  # fmt: skip


async def test_every_stream_counts_and_every_reader_counts_the_same(pool: Pool) -> None:
    await a_campaign_with_refusals(pool)
    whole = await status.campaign_status(pool, "henan", NOW)
    listed = (await read_refused(pool, "henan")).commands
    assert whole.refused == len(listed) == len(STREAMS)
    assert [one.stream for one in listed] == list(STREAMS), "in the order of receipt"
    async with pool.acquire() as connection, connection.transaction():
        facts = await read_facts(connection, frozen_plan().plan, whole, NOW, 100)
    assert facts.refused == tuple(listed)
    page = render_page(facts, NOW)
    assert "发送人不明" in page and "wang · 410400" in page


async def test_refusals_are_narrowed_to_city_site_and_day(pool: Pool) -> None:
    await a_campaign_with_refusals(pool)
    order = DrawOrder(campaign_id="henan", check="c1", city="410400", seed=1, at=START, plan=SpotCheckPlan())
    await write_frame(pool, order, [], "digest", [])

    async def streams(**narrowed: object) -> list[str]:
        return [one.stream for one in (await read_refused(pool, "henan", **narrowed)).commands]  # type: ignore[arg-type]

    assert await streams(city="410600") == ["site/henan/点位-0001"]
    assert await streams(city="平顶山市") == ["city/henan/410400", "site/henan/点位-0000", "spot-check/henan/c1"]
    assert await streams(site="点位-0001") == ["site/henan/点位-0001"]
    # START is 17 July, nine in the morning there: the command of the fourth day is received on 21 July.
    assert await streams(since=date(2021, 7, 21)) == ["site/henan/点位-0001", "spot-check/henan/c1"]
    with pytest.raises(InvalidInput, match="is in city 410600, not in 410400"):
        await streams(city="410400", site="点位-0001")
    with pytest.raises(NotFound):
        await streams(city="nowhere")


async def test_page_says_when_who_what_for_what_and_why(pool: Pool) -> None:
    await a_campaign_with_refusals(pool)
    page = refused_page(await read_refused(pool, "henan"))
    shown = "\n".join(printed(page.shown, 200))
    assert "henan: 5 commands refused" in shown and "not allowed" in shown
    assert "unknown sender" in shown and "wang (city 410400)" in shown and "engine" not in shown
    assert "2021-07-18 09:00" in shown and "spot-check c1" in shown and "campaign henan" in shown
    assert [one["role"] for one in page.data].count("unknown") == 1
