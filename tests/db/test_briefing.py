"""The weekly briefing: counted from the tables, frozen in the ledger, shown and recomputed."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from rich.console import Console
from temporalio.testing import ActivityEnvironment

from activities.recording.measures import Briefings
from commands.common.page import Page
from commands.documents.briefing_view import briefing_page
from rules.campaign.ranking import FORMULA, ranked
from schemas.clock import Clock
from schemas.deferrals import SuspensionSums
from schemas.errors import NotFound
from schemas.facts import SiteFacts
from schemas.ladder import Briefing, UnitLevel
from schemas.ledger import RecordBatch
from schemas.options.briefing import BriefingOrder, BriefingReport, FrozenBriefing, Measures, UnitMeasures
from schemas.status import STAGES
from services.common.subjects import campaign_subject
from services.documents.briefing import read_briefing
from storage.briefings import measures, read_briefings
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.recorder import Recorder
from storage.status import city_status
from tests.support.small_campaign import Diary, SiteDiary, city_row, frozen_plan, site, start_campaign

CUTOFF = datetime(2021, 7, 30, 10, tzinfo=UTC)  # Friday at six in the evening
NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
DUE = datetime(2021, 8, 15, 16, tzinfo=UTC)  # the midnight that ends 15 August in Henan


# -- counting ----------------------------------------------------------------------------------------------------------


async def test_briefing_counts_cities_in_plan_order_new_sites_separate(pool: Pool) -> None:
    plan = frozen_plan()
    cities = tuple(reversed(plan.plan.cities))  # 410600 before 410400
    plan = plan.model_copy(update={"plan": plan.plan.model_copy(update={"cities": cities})})
    register = [site(n, "410400").model_copy(update={"newly_found": n >= 3}) for n in range(5)]
    await create_campaign(pool, plan, register, Clock())
    recorder = Recorder(pool)
    states: list[dict[str, Any] | None] = [
        {"stage": "closed", "due_at": DUE, "requirements": 4, "requirements_done": 4},
        {"stage": "verifying", "due_at": DUE, "requirements": 3, "requirements_done": 3},
        None,  # never opened: it has no requirements yet
        {"stage": "rectifying", "due_at": DUE, "requirements": 5, "requirements_done": 1},
        {"stage": "closed", "due_at": DUE, "requirements": 2, "requirements_done": 2},
    ]
    for subject, state in zip(register, states, strict=True):
        if state is not None:
            await recorder.record(SiteDiary(subject).burst(**state))

    assert (await measures(pool, "henan", NOW)).cities == (
        UnitMeasures(code="410600", name="鹤壁市"),
        UnitMeasures(
            code="410400",
            name="平顶山市",
            baseline=Measures(sites=3, closed=1, overdue=1, requirements=7, requirements_done=7, struck_off=1),
            newly_found=Measures(sites=2, closed=1, overdue=1, requirements=7, requirements_done=3, struck_off=1),
        ),
    )
    assert all(city.baseline.overdue == 0 for city in (await measures(pool, "henan", DUE)).cities), (
        "the due day counts in full"
    )


async def test_briefing_counts_relapses_returns_problems_by_county(pool: Pool) -> None:
    places = ({"county": "鲁山县", "township": ("甲镇", "乙镇")[n % 2]} for n in range(4))
    register = [site(n, "410400").model_copy(update=place) for n, place in enumerate(places)]
    await create_campaign(pool, frozen_plan(), register, Clock())
    recorder = Recorder(pool)
    states: list[dict[str, Any]] = [
        {"stage": "closed", "round": 4, "facts": SiteFacts(reopened={"relapse": 1, "returned_batch": 1})},
        {"stage": "rectifying", "round": 2, "facts": SiteFacts(problems=3, problems_closed=2)},
        {"stage": "rectifying", "round": 2, "facts": SiteFacts(reopened={"spot_check": 1})},
        {"stage": "registered", "round": 1},
    ]
    for subject, state in zip(register, states, strict=True):
        await recorder.record(SiteDiary(subject).burst(**{"requirements": 0, "requirements_done": 0} | state))
    levels = (UnitLevel.CITY, UnitLevel.COUNTY, UnitLevel.TOWNSHIP)
    found = await measures(pool, "henan", NOW, levels)
    whole = Measures(sites=4, closed=1, problems=3, problems_closed=2, struck_off=4, relapsed=2, returned=3)
    assert found.cities[0].baseline == whole
    county, *townships = found.below
    assert (county.key, county.baseline) == ("410400/鲁山县", whole)
    assert [(one.key, one.baseline.sites, one.baseline.struck_off) for one in townships] == [
        ("410400/鲁山县/乙镇", 2, 0), ("410400/鲁山县/甲镇", 2, 4),
    ]  # fmt: skip


async def test_briefing_counts_sites_of_overdue_deployment(pool: Pool) -> None:
    await start_campaign(pool, sites=6)
    for code, deployment in (("410400", "returned"), ("410600", "submitted")):
        row = city_row(code, 1, deployment=deployment, deployment_due=DUE, opened=False)
        entry = Diary(f"city/henan/{code}").write("plan_received")
        batch = RecordBatch(campaign_id="henan", subject="city", city=code, entries=(entry,), city_row=row)
        await Recorder(pool).record(batch)
    assert [city.baseline.undeployed for city in (await measures(pool, "henan", NOW)).cities] == [3, 0]
    assert [city.baseline.undeployed for city in (await measures(pool, "henan", DUE)).cities] == [0, 0]


async def test_briefing_and_status_agree_on_closed_and_overdue(pool: Pool) -> None:
    register = await start_campaign(pool, sites=30)
    recorder = Recorder(pool)
    for subject, (stage, suspended, due) in zip(
        register, product(STAGES, (False, True), (None, DUE, NOW)), strict=True
    ):
        await recorder.record(SiteDiary(subject).burst(stage=stage, suspended=suspended, due_at=due))
    for city in (await measures(pool, "henan", NOW)).cities:
        shown = (await city_status(pool, "henan", city.code, NOW)).sites
        assert city.newly_found == Measures()
        assert (city.baseline.sites, city.baseline.closed, city.baseline.overdue) == (
            shown.total,
            shown.by_stage["closed"],
            shown.overdue,
        )


async def test_briefing_campaigns_counted_separately_unknown_named(pool: Pool) -> None:
    await start_campaign(pool, sites=4)
    await start_campaign(pool, sites=6, campaign="shanxi", number="2号")
    assert [city.baseline.sites for city in (await measures(pool, "shanxi", NOW)).cities] == [3, 3]
    for unknown in (measures(pool, "hunan", NOW), read_briefings(pool, "hunan")):
        with pytest.raises(NotFound, match=r"campaign hunan: no such campaign\. Known campaigns: henan, shanxi"):
            await unknown


async def test_the_activity_brings_the_measures_and_says_as_of_when(pool: Pool) -> None:
    await start_campaign(pool)
    late = CUTOFF + timedelta(days=2)
    order = BriefingOrder(campaign_id="henan", week=3, cutoff=CUTOFF, at=late)
    taken = await ActivityEnvironment().run(Briefings(pool).take_briefing, order)
    assert (taken.week, taken.cutoff, taken.as_of) == (3, CUTOFF, late)
    assert taken.cities == (await measures(pool, "henan", late)).cities


# -- frozen ------------------------------------------------------------------------------------------------------------


def frozen(week: int, closed: int = 8, newly_found: int = 3) -> FrozenBriefing:
    cutoff = CUTOFF + timedelta(weeks=week - 3)
    cities = (
        UnitMeasures(
            code="410400",
            name="平顶山市",
            baseline=Measures(sites=1200, closed=closed, overdue=2, requirements=24, requirements_done=18),
            suspensions=SuspensionSums(sites_by_city=3, days_by_city=12.5),
            newly_found=Measures(sites=newly_found, closed=1, overdue=1, requirements=4, requirements_done=2),
        ),
        UnitMeasures(
            code="410600",
            name="鹤壁市",
            baseline=Measures(sites=10, closed=9, overdue=0, requirements=20, requirements_done=19),
        ),
    )
    return ranked(
        BriefingReport(week=week, cutoff=cutoff, as_of=cutoff + timedelta(minutes=5), cities=cities), Briefing()
    )


async def freeze(pool: Pool, *briefings: FrozenBriefing) -> None:
    """The entries of the campaign, with others between them."""
    board = Diary("campaign/henan")
    entries = [board.write("plan_issued")]
    for briefing in briefings:
        data: dict[str, Any] = {"briefing": briefing.model_dump(mode="json")}
        entries += [board.write("briefing_frozen", data, briefing.as_of), board.write("phase_began")]
    await Recorder(pool).record(RecordBatch(campaign_id="henan", subject="campaign", city=None, entries=tuple(entries)))


async def test_frozen_briefings_come_back_from_the_ledger_as_they_were(pool: Pool) -> None:
    await start_campaign(pool)
    assert await read_briefings(pool, "henan") == []
    await freeze(pool, frozen(3), frozen(4, closed=12))
    assert await read_briefings(pool, "henan") == [frozen(3), frozen(4, closed=12)]


# -- shown -------------------------------------------------------------------------------------------------------------


async def page(pool: Pool, week: int | None = None) -> Page:
    return briefing_page(await read_briefing(pool, await campaign_subject(pool, "henan"), week))


def lines(shown: Page) -> list[str]:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(shown.shown)
    return [" ".join(line.split()) for line in captured.get().splitlines() if line.strip()]


def holds(shown: Iterable[str], *texts: str) -> bool:
    return all(any(text in line for line in shown) for text in texts)


async def test_briefing_page_shows_ranks_measures_formula_and_proof(pool: Pool) -> None:
    await start_campaign(pool)
    await freeze(pool, frozen(3), frozen(4))
    third = await page(pool, 3)
    shown = lines(third)
    first, last = frozen(3).cities
    assert holds(
        shown,
        "henan week 3",
        "cut-off 2021-07-30 18:00",  # Henan's time
        "as of 2021-07-30 18:05",
        f"formula {FORMULA}, base 5 sites",
        "suspended in 平顶山市: 3 sites by the city itself (12.5 days), 0 sites by the province (0 days)",
        "weights closure 0.4, punctuality 0.2, work 0.2, relapses 0.1, returns 0.1",
        f"410600 鹤壁市 1 {first.score} 10 9 0 20 19 0 0 0 0 0",
        f"410400 平顶山市 2 {last.score} 1,200 8 2 24 18 0 0 3 1 1",
        "all 1,210 17 2 44 37 0 0 3 1 1",
        "at the bottom: 410400 平顶山市",
        "every score and rank follows from them",
    ), shown
    assert third.data == {"campaign_id": "henan", **frozen(3).model_dump(mode="json"), "reproduced": True}
    assert json.loads(json.dumps(third.data)) == third.data


async def test_without_a_week_the_last_briefing_is_shown(pool: Pool) -> None:
    await start_campaign(pool)
    await freeze(pool, frozen(3), frozen(4, closed=900))
    assert (await page(pool)).data["week"] == 4


async def test_an_unknown_week_names_the_weeks_there_are(pool: Pool) -> None:
    await start_campaign(pool)
    await freeze(pool, frozen(2), frozen(4))
    with pytest.raises(NotFound, match=r"campaign henan has no briefing of week 3\. Its weeks: 2, 4"):
        await page(pool, 3)


async def test_before_the_first_briefing_it_is_said_when_it_comes(pool: Pool) -> None:
    await start_campaign(pool)
    with pytest.raises(NotFound, match="no weekly briefing was taken yet; its plan has no `briefing`"):
        await page(pool)
    starts_on = datetime.now(UTC).date()
    coming = frozen_plan(
        "soon", "3号", briefing=Briefing(), starts_on=starts_on, ends_on=starts_on + timedelta(weeks=5)
    )
    await create_campaign(pool, coming, [site(1)], Clock())
    with pytest.raises(NotFound, match=r"taken yet; the next is week \d, \d{4}-\d\d-\d\d 18:00"):
        briefing_page(await read_briefing(pool, await campaign_subject(pool, "soon")))


async def test_a_rank_that_does_not_follow_from_its_measures_is_told(pool: Pool) -> None:
    await start_campaign(pool)
    wrong = frozen(3)
    swapped = tuple(
        city.model_copy(update={"rank": other.rank, "score": other.score})
        for city, other in zip(wrong.cities, reversed(wrong.cities), strict=True)
    )
    await freeze(pool, wrong.model_copy(update={"cities": swapped}))
    shown = await page(pool)
    assert shown.data["reproduced"] is False
    assert holds(lines(shown), "it does NOT follow from them; differing: 410600, 410400")


async def test_briefing_unknown_formula_shown_without_verification(pool: Pool) -> None:
    await start_campaign(pool)
    await freeze(pool, frozen(3).model_copy(update={"formula": "hundred-days/ranking/3"}))
    shown = await page(pool)
    assert shown.data["reproduced"] is None
    assert holds(lines(shown), "formula hundred-days/ranking/3", f"this release knows the formula {FORMULA} only")


async def test_a_campaign_of_twenty_thousand_sites_is_counted_at_once(pool: Pool) -> None:
    plan = frozen_plan()
    register = [site(n, ("410400", "410600")[n % 2]) for n in range(20_000)]
    await create_campaign(pool, plan, register, Clock())
    async with asyncio.timeout(5):
        counted = (await measures(pool, "henan", NOW)).cities
    assert [city.baseline.sites for city in counted] == [10_000, 10_000]
