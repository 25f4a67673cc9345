"""An amendment is written once, is in force when the ledger has it, and its preview agrees with its effect."""

import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commands.amendments.view import preview_page, status_page, write_csv
from rules.amendments.plan import SiteChanges, amend_site_command
from rules.command_results import Received
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.calendar import Clause, DayUnit
from schemas.clock import Clock
from schemas.errors import InvalidInput, NotFound, Refused
from schemas.ledger import CampaignRow, RecordBatch
from schemas.plan import CatalogueEntry
from schemas.register import Site
from services.amendments.apply import Preview
from services.amendments.files import Proposed, proposed
from services.amendments.preview import previewed
from storage.amendments import (
    amendment_progress,
    list_amendments,
    page_uninformed,
    plan_versions,
    write_amendment,
)
from storage.campaigns import create_campaign, read_plan
from storage.connections import Pool
from storage.recorder import Recorder
from tests.support.small_campaign import Diary, frozen_plan, site

OPENED = datetime(2021, 7, 20, 2, tzinfo=UTC)
NOW = OPENED + timedelta(days=10)
LONGER = """\
document_number: 豫公通〔2021〕9号
title: 补充通知
clauses: {rectification: {amount: 45, unit: calendar_days}}
catalogue: {add: [{id: fence, title: 围栏, unit: m, quantity: 40}]}
"""
CREW = Actor(id="crew", role=Role.CITY, unit="410400")


@pytest.fixture
async def recorder(pool: Pool) -> AsyncIterator[Recorder]:
    made = Recorder(pool)
    yield made
    await made.close()


def amendment_file(folder: Path, text: str = LONGER) -> Path:
    path = folder / "amendment.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def at_work(which: Site) -> SiteAggregate:
    """An open site; every second one has reported all its work and is in verification."""
    case = SiteAggregate(site_terms(frozen_plan(), which, OPENED, Clock()))
    return case


async def lived(recorder: Recorder, case: SiteAggregate, done: bool) -> None:
    """Opens the site and records its entries up to `NOW`."""
    commands: list[Received] = []
    if done:
        photo = (cmd.Evidence(ref="after.jpg"),)
        said = cmd.CompleteTask(
            command_id="r",
            actor=CREW.model_copy(update={"unit": case.terms.city}),
            effective_at=OPENED + timedelta(days=1),
            requirement="seal",
            quantity=1,
            evidence=photo,
        )
        commands = [Received(said, said.effective_at)]
    await recorded(recorder, case, case.advance(commands, OPENED + timedelta(days=1)).entries)


async def recorded(recorder: Recorder, case: SiteAggregate, entries: list[Any]) -> None:
    await recorder.record(
        RecordBatch(campaign_id="henan", subject="site", city=case.terms.city, entries=tuple(entries), site=case.row()),
        (),
    )


async def heard(recorder: Recorder, amendment: int = 1, at: datetime = NOW) -> None:
    """Records in the campaign's ledger that the amendment is in force."""
    diary = Diary("campaign/henan")
    entry = diary.write("plan_amended", {"amendment": amendment, "document": "n", "title": "t", "digest": "d"}, at)
    row = CampaignRow(seq=1, state="running", issued_at=OPENED, closed_at=None)
    await recorder.record(
        RecordBatch(campaign_id="henan", subject="campaign", city=None, entries=(entry,), campaign_row=row), ()
    )


async def campaign(pool: Pool, recorder: Recorder, count: int = 6) -> dict[str, SiteAggregate]:
    register = [site(number, ("410400", "410600")[number % 2]) for number in range(count)]
    await create_campaign(pool, frozen_plan(), [*register, site(90)], Clock())
    cases = {one.id: at_work(one) for one in register}
    for number, case in enumerate(cases.values()):
        await lived(recorder, case, done=number % 3 == 0)
    return cases


async def test_it_is_written_once_and_counts_when_it_is_heard(pool: Pool, recorder: Recorder, tmp_path: Path) -> None:
    await campaign(pool, recorder)
    found = await proposed(pool, "henan", amendment_file(tmp_path), None)
    said = found.said.amendment
    assert await write_amendment(pool, said, found.said.digest, found.frozen, NOW) == (1, False)
    assert await write_amendment(pool, said, found.said.digest, found.frozen, NOW) == (1, True)
    assert await read_plan(pool, "henan") == frozen_plan()
    assert len(await plan_versions(pool, "henan")) == 1
    await heard(recorder)
    assert (await read_plan(pool, "henan")).plan.clauses.rectification == Clause(amount=45, unit=DayUnit.CALENDAR_DAYS)
    assert [frozen.amendment for frozen in await plan_versions(pool, "henan")] == [0, 1]
    (record,) = await list_amendments(pool, "henan")
    assert (record.heard_at, record.document_number) == (NOW, said.document_number)
    again = await proposed(pool, "henan", amendment_file(tmp_path), None)
    assert again.record is not None
    assert again.record.heard


async def test_preview_shows_old_and_new_target_of_every_unit(pool: Pool, recorder: Recorder, tmp_path: Path) -> None:
    await campaign(pool, recorder)
    split = "{unit: sites, total: 3, cities: [{code: 410400, target: 3, counties: [{code: 410423, target: 3}]}]}"
    text = f"document_number: 豫公通〔2021〕9号\ntitle: 任务分解\ntargets: {split}\n"
    found = await proposed(pool, "henan", amendment_file(tmp_path, text), None)
    page = preview_page(Preview(found, [city async for city in previewed(pool, found, NOW)], NOW), 20)
    assert page.data["targets"] == [
        {"city": city, "county": county, "township": "", "before": None, "after": 3.0}
        for city, county in (("", ""), ("410400", ""), ("410400", "410423"))
    ]


async def test_its_number_with_another_content_is_refused(pool: Pool, recorder: Recorder, tmp_path: Path) -> None:
    await campaign(pool, recorder)
    found = await proposed(pool, "henan", amendment_file(tmp_path), None)
    await write_amendment(pool, found.said.amendment, found.said.digest, found.frozen, NOW)
    other = amendment_file(tmp_path, LONGER.replace("45", "50"))
    with pytest.raises(Refused, match=r"another amendment .* differs in 1 field: .*amount \(kept: 45, this one: 50\)"):
        await proposed(pool, "henan", other, None)


async def test_of_two_who_amend_at_once_the_second_looks_again(pool: Pool, recorder: Recorder, tmp_path: Path) -> None:
    await campaign(pool, recorder)
    one = await proposed(pool, "henan", amendment_file(tmp_path), None)
    two = await proposed(pool, "henan", amendment_file(tmp_path, LONGER.replace("9号", "10号")), None)
    await write_amendment(pool, one.said.amendment, one.said.digest, one.frozen, NOW)
    with pytest.raises(Refused, match="amended meanwhile"):
        await write_amendment(pool, two.said.amendment, two.said.digest, two.frozen, NOW)
    assert len(await list_amendments(pool, "henan")) == 1


async def test_amendment_added_city_loads_register_open_city_kept(
    pool: Pool, recorder: Recorder, tmp_path: Path
) -> None:
    await campaign(pool, recorder)
    with pytest.raises(Refused, match="410400 can not be taken out of the campaign: 4 of its sites are not settled"):
        await proposed(
            pool,
            "henan",
            amendment_file(tmp_path, "document_number: 9号\ntitle: 通知\ncities: {remove: ['410400']}\n"),
            None,
        )
    adding = amendment_file(
        tmp_path,
        "document_number: 9号\ntitle: 通知\n"
        "cities: {add: [{code: 411200, name: 三门峡市, lead: 市长, recipients: [{name: 局}]}]}\n",
    )
    register = tmp_path / "register.csv"
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "city", "county", "type", "latitude", "longitude"])
        writer.writerow(["S1", "示例点位", "411200", "411203", "open_pit", "34.72", "111.10"])
    found = await proposed(pool, "henan", adding, register)
    await write_amendment(pool, found.said.amendment, found.said.digest, found.frozen, NOW, found.added, found.sites)
    rows = await pool.fetch("select code, position from city where campaign_id = 'henan' order by position")
    assert [tuple(row) for row in rows] == [("410400", 0), ("410600", 1), ("411200", 2)]
    assert await pool.fetchval("select city from site where site_id = 'S1'") == "411200"
    register.write_text(register.read_text(encoding="utf-8").replace("411200", "410400"), encoding="utf-8")
    other = amendment_file(
        tmp_path, adding.read_text(encoding="utf-8").replace("9号", "10号").replace("411200", "410800")
    )
    with pytest.raises(InvalidInput):
        await proposed(pool, "henan", other, register)


async def test_amendment_preview_matches_result_and_writes_nothing(
    pool: Pool, recorder: Recorder, tmp_path: Path
) -> None:
    cases = await campaign(pool, recorder)
    found = await proposed(pool, "henan", amendment_file(tmp_path), None)
    before = await pool.fetchval("select count(*) from ledger")
    cities = [city async for city in previewed(pool, found, NOW)]
    assert await pool.fetchval("select count(*) from ledger") == before
    assert await list_amendments(pool, "henan") == []
    assert [(city.code, city.open, city.waiting) for city in cities] == [("410400", 3, 1), ("410600", 3, 0)]
    foretold = {impact.site_id: impact for city in cities for impact in city.sites}
    assert foretold.keys() == cases.keys()
    changes = SiteChanges(found.versions)
    for number, (site_id, case) in enumerate(cases.items()):
        impact = foretold[site_id]
        assert (impact.due.before, impact.stage) == (case.current_due(), case.state.stage)
        which = site(number, case.terms.city)
        case.advance([Received(amend_site_command(1, "9号", NOW, case.stream, changes.of(which)), NOW)], NOW)
        assert (impact.due.after, impact.stage_after) == (case.current_due(), case.state.stage)
        assert impact.added == {"fence": 40}
        assert impact.recalled == (number % 3 == 0)
    page = preview_page(Preview(found, cities, NOW), 2)
    assert page.data["cities"][0]["recalled"] == 1
    assert len(page.data["sites"]) == 6
    assert write_csv(tmp_path / "moved.csv", cities, found.subject.zone) == 6
    assert "fence*40" in (tmp_path / "moved.csv").read_text(encoding="utf-8-sig")


async def test_who_has_heard_is_told_by_the_ledger(pool: Pool, recorder: Recorder, tmp_path: Path) -> None:
    cases = await campaign(pool, recorder)
    found = await proposed(pool, "henan", amendment_file(tmp_path), None)
    await write_amendment(pool, found.said.amendment, found.said.digest, found.frozen, NOW)
    await heard(recorder)
    unheard = [one.id for one in await page_uninformed(pool, "henan", "410400", "", 10, 1)]
    assert len(unheard) == 4  # the one that is not open yet opens under the amended plan
    first = cases[unheard[0]]
    changes = SiteChanges(found.versions).of(site(0))
    await recorded(
        recorder,
        first,
        first.advance([Received(amend_site_command(1, "9号", NOW, first.stream, changes), NOW)], NOW).entries,
    )
    late = SiteAggregate(site_terms(found.frozen, site(90), NOW, Clock()))
    await recorded(recorder, late, late.advance((), NOW).entries)
    left = [one.id for one in await page_uninformed(pool, "henan", "410400", "", 10, 1)]
    assert left == unheard[1:3]
    told_cities = await amendment_progress(pool, "henan", 1)
    assert [(city.code, city.open, city.told, city.heard) for city in told_cities] == [
        ("410400", 4, 2, False), ("410600", 3, 0, False),
    ]  # fmt: skip
    page = status_page([((await list_amendments(pool, "henan"))[0], told_cities)], found.subject.zone)
    assert (page.data[0]["told"], page.data[0]["open"]) == (2, 7)


async def test_second_amendment_validated_against_first_once_effective(
    pool: Pool, recorder: Recorder, tmp_path: Path
) -> None:
    await campaign(pool, recorder)
    first = await proposed(pool, "henan", amendment_file(tmp_path), None)
    await write_amendment(pool, first.said.amendment, first.said.digest, first.frozen, NOW)
    await heard(recorder)
    removes = amendment_file(tmp_path, "document_number: 10号\ntitle: 通知\ncatalogue: {remove: [fence]}\n")
    second: Proposed = await proposed(pool, "henan", removes, None)
    assert second.frozen.amendment == 2
    assert second.frozen.plan.catalogue == frozen_plan().plan.catalogue
    assert second.frozen.plan.clauses.rectification == Clause(amount=45, unit=DayUnit.CALENDAR_DAYS)
    assert CatalogueEntry(id="seal", title="封堵井口", unit="个") in second.frozen.plan.catalogue
    with pytest.raises(NotFound):
        await proposed(pool, "nowhere", removes, None)
