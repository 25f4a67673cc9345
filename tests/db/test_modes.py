"""Money and land by mode: Postgres sums the sites' facts and the register."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from schemas.clock import Clock
from schemas.facts import CityFacts, SiteFacts
from schemas.ledger import RecordBatch
from schemas.modes import FundingMode, RestorationMode
from schemas.options.mode_sums import ModeSum, ModeSums
from schemas.options.modes import Modes
from schemas.options.opinion import OpinionRules
from schemas.register import Site
from storage import status
from storage.campaigns import create_campaign
from storage.cities import opinion_entries
from storage.connections import Pool
from storage.recorder import Recorder
from tests.support.small_campaign import Diary, SiteDiary, city_row, frozen_plan, site, start_campaign

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)


async def started(pool: Pool, rows: list[dict[str, Any]], **options: Any) -> list[Site]:
    register = [
        Site.model_validate(site(n, ("410400", "410600")[n % 2]).model_dump() | row) for n, row in enumerate(rows)
    ]
    frozen = frozen_plan(modes=Modes(), opinion=OpinionRules(chapters=("资金来源",)), **options)
    await create_campaign(pool, frozen, register, Clock())
    return register


def amounts(one: ModeSum) -> tuple[str | int | None, ...]:
    return (one.mode, one.sites, *map(str, (one.planned_cny, one.realised_cny, one.planned_ha, one.realised_ha)))


async def test_sites_counted_by_current_mode_bookings_by_booked_mode(pool: Pool) -> None:
    register = await started(
        pool,
        [
            {"restoration_mode": "market", "funding_mode": "index_trading", "planned_cny": "100.10", "planned_ha": "2"},
            {"restoration_mode": "natural", "funding_mode": "fiscal", "planned_cny": "50", "planned_mu": "10"},
            {"planned_cny": "7"},
        ],
    )
    recorder = Recorder(pool)
    switched = SiteFacts(
        restoration_mode="engineering",
        funding_mode="enterprise",
        realised={
            "index_trading:cny": Decimal("30.03"),
            "index_trading:mu": Decimal("7.5"),
            "enterprise:cny": Decimal(1),
        },
    )
    await recorder.record(SiteDiary(register[0]).burst(facts=switched, stage="closed"))
    modes = (await status.campaign_status(pool, "henan", NOW)).modes
    assert modes is not None
    assert [amounts(one) for one in modes.restoration] == [
        ("natural", 1, "50", "0", "0.6667", "0"),
        ("engineering", 1, "100.1", "31.03", "2", "0.5"),
        (None, 1, "7", "0", "0", "0"),
    ]
    assert [amounts(one) for one in modes.funding] == [
        ("index_trading", 0, "0", "30.03", "0", "0.5"),
        ("fiscal", 1, "50", "0", "0.6667", "0"),
        ("enterprise", 1, "100.1", "1", "2", "0"),
        (None, 1, "7", "0", "0", "0"),
    ]
    assert amounts(modes.total) == (None, 3, "157.1", "31.03", "2.6667", "0.5")
    assert [one.closed for one in modes.restoration] == [0, 1, 0]
    assert str(modes.restoration[1].cny_share) == "0.3099" and modes.funding[0].cny_share is None
    one = (await status.city_status(pool, "henan", "410600", NOW)).modes
    assert one is not None and amounts(one.total) == (None, 1, "50", "0", "0.6667", "0")


async def test_tonnes_and_costs_are_summed_by_mode_and_by_problem(pool: Pool) -> None:
    register = await started(pool, [{"funding_mode": "surplus_minerals"}, {}], costs="by_problem")
    sold = SiteFacts(
        funding_mode="surplus_minerals",
        realised={"surplus_minerals:t": Decimal("1200.5"), "surplus_minerals:cny": Decimal(42000)},
        costs={"shed": Decimal("10.10"), "adit_open": Decimal(5)},
    )
    recorder = Recorder(pool)
    await recorder.record(SiteDiary(register[0]).burst(facts=sold))
    await recorder.record(SiteDiary(register[1]).burst(facts=SiteFacts(costs={"shed": Decimal("0.90")})))
    whole = await status.campaign_status(pool, "henan", NOW)
    assert whole.modes is not None
    assert [(one.mode, str(one.realised_t), str(one.realised_cny)) for one in whole.modes.funding] == [
        ("surplus_minerals", "1200.5", "42000"),
        (None, "0", "0"),
    ]
    assert whole.modes.total.realised_t == Decimal("1200.5")
    assert whole.model_dump(mode="json")["costs"] == {"adit_open": "5", "shed": "11"}
    assert [city.costs for city in whole.cities] == [
        {"adit_open": Decimal(5), "shed": Decimal("10.1")},
        {"shed": Decimal("0.9")},
    ]
    assert (await status.city_status(pool, "henan", "410600", NOW)).costs == {"shed": Decimal("0.9")}


async def test_on_the_wire_amounts_are_exact_texts(pool: Pool) -> None:
    await started(pool, [{"restoration_mode": "market", "planned_cny": "9007199254740993.01"}])
    said = (await status.campaign_status(pool, "henan", NOW)).model_dump(mode="json")
    assert said["modes"]["total"]["planned_cny"] == "9007199254740993.01"
    assert said["cities"][0]["modes"]["restoration"][0]["mode"] == "market"


async def test_mode_and_city_sums_equal_sums_of_sites(pool: Pool) -> None:
    draw = Random(7)
    rows = [
        {
            "restoration_mode": draw.choice([None, *RestorationMode]),
            "funding_mode": draw.choice([None, *FundingMode]),
            "planned_cny": Decimal(draw.randrange(10**9)).scaleb(-2),
            "planned_ha": Decimal(draw.randrange(10**6)).scaleb(-4),
        }
        for _ in range(40)
    ]
    register = await started(pool, rows)
    recorder, booked_cny, booked_mu = Recorder(pool), Decimal(), Decimal()
    for subject in register[:30]:
        realised: dict[str, Decimal] = {}
        for mode in draw.sample(list(FundingMode), 2):
            cny, mu = Decimal(draw.randrange(10**9)).scaleb(-2), Decimal(draw.randrange(10**6)).scaleb(-4)
            realised |= {f"{mode}:cny": cny, f"{mode}:mu": mu}
            booked_cny, booked_mu = booked_cny + cny, booked_mu + mu
        await recorder.record(SiteDiary(subject).burst(facts=SiteFacts(realised=realised)))
    whole = await status.campaign_status(pool, "henan", NOW)
    found: list[ModeSums] = [one for one in (whole.modes, *(city.modes for city in whole.cities)) if one is not None]
    assert len(found) == 3
    for sums in found:
        for axis in (sums.restoration, sums.funding):
            assert sum(one.sites for one in axis) == sums.total.sites
            for name in ("planned_cny", "realised_cny", "planned_mu", "realised_mu"):
                assert sum(getattr(one, name) for one in axis) == getattr(sums.total, name)
    total = found[0].total
    assert (total.sites, total.realised_cny, total.realised_mu) == (40, booked_cny, booked_mu)
    assert total.planned_cny == sum(s.planned_cny for s in register if s.planned_cny is not None)
    assert total.planned_mu == sum(s.planned_ha * 15 for s in register if s.planned_ha is not None)
    assert total.realised_cny == sum(one.total.realised_cny for one in found[1:])


async def test_a_campaign_without_modes_says_nothing_of_them(pool: Pool) -> None:
    await start_campaign(pool)
    said = (await status.campaign_status(pool, "henan", NOW)).model_dump(mode="json")
    assert "modes" not in said and "modes" not in said["cities"][0]
    assert "versions" not in said["cities"][0]["deployment"]


async def test_opinion_versions_counted_and_entries_read(pool: Pool) -> None:
    await started(pool, [{}])
    recorder, desk, other = Recorder(pool), Diary("city/henan/410600"), Diary("city/henan/410400")
    kinds = ["plan_received", "deployment_submitted", "dispatched", "deployment_returned", "deployment_submitted"]
    entries = tuple(desk.write(kind) for kind in kinds)
    row = city_row("410600", 5, deployment="submitted", facts=CityFacts(versions=2, returns=1))
    await recorder.record(
        RecordBatch(campaign_id="henan", subject="city", city="410600", entries=entries, city_row=row)
    )
    await recorder.record(
        RecordBatch(campaign_id="henan", subject="city", city="410400", entries=(other.write("plan_received"),))
    )
    city = await status.city_status(pool, "henan", "410600", NOW)
    assert (city.deployment.versions, city.deployment.returns) == (2, 1)
    wanted = [kind for kind in kinds if kind != "dispatched"]
    found = await opinion_entries(pool, "henan", None, wanted)
    assert {code: [e.kind for e in some] for code, some in found.items()} == {
        "410400": ["plan_received"],
        "410600": wanted,
    }
    assert list(await opinion_entries(pool, "henan", "410600", wanted)) == ["410600"]
