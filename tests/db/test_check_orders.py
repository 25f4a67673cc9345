"""The spot checks whose workflows must run, read from the ledger alone."""

from datetime import timedelta

from schemas.ledger import LedgerEntry, RecordBatch
from storage.connections import Pool
from storage.recorder import Recorder
from storage.spot_checks import check_orders
from tests.support.small_campaign import START, Diary, start_campaign

LONG_AGO, LATER = START - timedelta(days=1), START + timedelta(days=30)


async def record(pool: Pool, subject: str, *entries: LedgerEntry) -> None:
    await Recorder(pool).record(RecordBatch(campaign_id="henan", subject=subject, city=None, entries=entries))


async def test_check_order_carries_amendment_in_force_when_ordered(pool: Pool) -> None:
    await start_campaign(pool)
    campaign = Diary("campaign/henan")
    for check, amendment in (("spring", 1), ("summer", 2), ("autumn", None)):
        campaign.write("spot_check_ordered", {"check": check, "city": "410400", "seed": 7})
        if amendment is not None:
            campaign.write("plan_amended", {"amendment": amendment})
    await record(pool, "campaign", *campaign.entries)
    found = await check_orders(pool, "henan", LATER, LONG_AGO)
    assert [(one.ordered.check, one.amendment) for one in found] == [("spring", 0), ("summer", 1), ("autumn", 2)]
    assert [one.at for one in found] == [campaign.entries[n].at for n in (0, 2, 4)]
    before = await check_orders(pool, "henan", found[1].at, LONG_AGO)
    assert [one.ordered.check for one in before] == ["spring"], "what was ordered in this very moment is on its way"


async def test_a_check_that_was_closed_is_looked_after_for_a_while(pool: Pool) -> None:
    await start_campaign(pool)
    campaign = Diary("campaign/henan")
    for check in ("spring", "summer"):
        campaign.write("spot_check_ordered", {"check": check, "seed": 7})
    await record(pool, "campaign", *campaign.entries)
    closed = Diary("spot-check/henan/spring").write("spot_check_closed", at=START + timedelta(days=2))
    await record(pool, "spot_check", closed)
    lately = await check_orders(pool, "henan", LATER, closed.received_at)
    assert [(one.ordered.check, one.closed) for one in lately] == [("spring", True), ("summer", False)]
    since = await check_orders(pool, "henan", LATER, closed.received_at + timedelta(seconds=1))
    assert [one.ordered.check for one in since] == ["summer"]
