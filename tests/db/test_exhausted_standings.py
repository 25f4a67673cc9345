"""A site with exhausted rounds of acceptance, as Postgres stores it: its document lists it before it is overdue."""

from datetime import timedelta

from rules.city.dispatch import still_overdue
from schemas.facts import SiteFacts
from storage.connections import Pool
from storage.notices import standings_of
from storage.recorder import Recorder
from tests.support.small_campaign import START, SiteDiary, start_campaign


async def test_exhausted_site_concerned_by_document_when_not_overdue(pool: Pool) -> None:
    first, _, second, _ = await start_campaign(pool)
    due = START + timedelta(days=20)
    for place, facts in ((first, SiteFacts(exhausted=True)), (second, SiteFacts(problems=1))):
        await Recorder(pool).record(SiteDiary(place).burst(1, rung=3, due_at=due, facts=facts))
    found = await standings_of(pool, "henan", [first.id, second.id])
    assert [(one.site_id, one.exhausted) for one in found] == [(first.id, True), (second.id, False)]
    assert still_overdue(3, found, START) == (first.id,)
    assert still_overdue(3, found, due + timedelta(days=1)) == (first.id, second.id)
