"""The output about a campaign at real terminal widths: no code, number or day is cut."""

import re

import pytest

from commands.campaign.status_view import campaign_page, campaigns_page, city_page, overdue_page
from commands.city.view import opinions_page
from commands.common.page import Page
from commands.patrol.view import patrol_page
from services.campaign.status import read_campaign, read_campaigns, read_city, read_overdue
from services.city.opinions import read_opinions
from services.common.subjects import campaign_subject, city_subject
from services.patrol.patrols import read_patrols
from storage.connections import Pool
from storage.recorder import Recorder
from tests.support.small_campaign import START, SiteDiary, start_campaign
from tests.unit.commands.common.test_tables import printed


@pytest.mark.parametrize("columns", [80, 120])
async def test_every_page_shows_whole_what_a_wide_terminal_shows(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    register = await start_campaign(pool, sites=12)
    for member in register:
        await Recorder(pool).record(SiteDiary(member).burst(due_at=START, rung=1))
    subject = await campaign_subject(pool, "henan")
    city = await city_subject(pool, "henan", "410400")

    async def pages() -> list[Page]:
        return [
            campaigns_page(await read_campaigns(pool)), campaign_page(await read_campaign(pool, subject)), 
            city_page(await read_city(pool, city)),
            overdue_page(await read_overdue(pool, subject, 5)), patrol_page(await read_patrols(pool, subject)),
            opinions_page(await read_opinions(pool, subject), False),
        ]  # fmt: skip

    monkeypatch.setenv("COLUMNS", str(columns))
    narrow = [" ".join(printed(page.shown, columns)) for page in await pages()]
    monkeypatch.setenv("COLUMNS", "400")
    wide = [" ".join(printed(page.shown, 400)) for page in await pages()]
    for one, other in zip(narrow, wide, strict=True):
        assert set(re.findall(r"[\d,.:-]*\d", other)) <= set(re.findall(r"[\d,.:-]*\d", one))
        assert "平顶山市" not in other or "平顶山市" in one
