"""The hazard that a site has now, in lists and in the frame of a spot check: the last order before the register."""

from datetime import timedelta
from typing import Any

from schemas.calendar import named
from schemas.facts import SiteFacts
from schemas.options.grading import Grade
from schemas.register import Hazard, Site
from storage import status
from storage.connections import Pool
from storage.notices import high_hazard_sites
from storage.recorder import Recorder
from storage.spot_checks import struck_off
from tests.support.sample_terms import calendar_days
from tests.support.small_campaign import START, SiteDiary, start_campaign

NOW = START + timedelta(days=30)
CLAUSES = named(due=calendar_days(30).model_copy(update={"name": "clauses.rectification"}))


def facts(hazard: Hazard | None = None) -> SiteFacts:
    return SiteFacts(grade=None if hazard is None else Grade(hazard=hazard, by="平顶山市"), clauses=CLAUSES)


async def lived(pool: Pool) -> list[Site]:
    """Four sites of one city: two that a person graded high, one low, one as its register has it (medium)."""
    sites = [site for site in await start_campaign(pool, sites=8) if site.city == "410400"]
    states: list[dict[str, Any]] = [
        {"facts": facts(Hazard.HIGH), "due_at": START + timedelta(days=9)},
        {"facts": facts(Hazard.HIGH), "due_at": START + timedelta(days=3), "suspended": True},
        {"facts": facts(Hazard.LOW), "due_at": START + timedelta(days=3)},
        {"facts": facts(), "due_at": START + timedelta(days=3)},
    ]
    for site, state in zip(sites, states, strict=True):
        await Recorder(pool).record(SiteDiary(site).burst(**state))
    return sites


async def test_daily_list_reads_open_sites_graded_high_now(pool: Pool) -> None:
    sites = await lived(pool)
    found = await high_hazard_sites(pool, "henan", "410400")
    assert [one.site for one in found] == [sites[1].id, sites[0].id], "by deadline"
    assert found[0].suspended and found[0].clauses["due"]["name"] == "clauses.rectification"
    diary = SiteDiary(sites[0])
    diary.burst()
    await Recorder(pool).record(diary.burst(stage="closed", facts=facts(Hazard.HIGH)))
    assert [one.site for one in await high_hazard_sites(pool, "henan", "410400")] == [sites[1].id]
    assert await high_hazard_sites(pool, "henan", "410600") == []


async def test_overdue_list_filtered_by_the_present_hazard(pool: Pool) -> None:
    sites = await lived(pool)
    late = await status.overdue_sites(pool, "henan", NOW, hazard="high")
    assert [one.site_id for one in late] == [sites[0].id], "a suspended site is not overdue"
    assert (late[0].hazard, late[0].clause) == ("high", "30 calendar days, clauses.rectification")
    medium = await status.overdue_sites(pool, "henan", NOW, hazard="medium")
    assert [one.site_id for one in medium] == [sites[3].id]


async def test_frame_has_the_hazard_of_the_moment_of_the_draw(pool: Pool) -> None:
    site = (await start_campaign(pool, sites=2))[0]
    diary = SiteDiary(site)
    for kind, data in (
        ("regraded", {"hazard": "high", "before": "medium", "by": "u", "reason": "r"}),
        ("closed", {"round": 1, "level": "city"}),
    ):
        batch = diary.burst(entries=0)
        entry = diary.write(kind, data)
        row = batch.site.model_copy(update={"seq": len(diary.entries)}) if batch.site is not None else None
        await Recorder(pool).record(batch.model_copy(update={"entries": (entry,), "site": row}))
    (framed,) = await struck_off(pool, "henan", None, NOW)
    assert (framed.id, framed.hazard) == (site.id, "high")
