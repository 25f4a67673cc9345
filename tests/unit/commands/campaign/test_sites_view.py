"""The list of sites names who is responsible for each, and for which requirements somebody else is."""

from datetime import UTC, datetime

import pytest
from rich.console import Console

from commands.campaign.status_view import sites_page
from schemas.options.responsible import Charge
from services.campaign.status import Listed
from services.common.subjects import Subject
from storage.campaigns import CampaignRecord
from storage.status import ListedSite
from tests.support.plans import clock_from, frozen_plan

pytestmark = pytest.mark.unit


def test_sites_page_names_units_persons_and_requirements() -> None:
    frozen = frozen_plan("mine")
    record = CampaignRecord(
        campaign_id="mine", document_number="1", title="t", digest="", register_digest="",
        clock=clock_from(frozen, 60), started=True, seq=1, state="running", issued_at=None, closed_at=None,
    )  # fmt: skip
    listed = ListedSite(
        site_id="east-001", name="一号", city="east", county="c", stage="rectifying",
        due_at=datetime(2021, 8, 15, 16, tzinfo=UTC), overdue=True, suspended=False, rung=1,
        responsible_unit="示例县", responsible_person="P-7",
        requirements={"signs": Charge(unit="示例乡", person="P-8")},
    )  # fmt: skip
    page = sites_page(Listed(Subject(record, frozen, "mine"), [listed], 10))
    console = Console(width=200, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    with console.file:
        console.print(page.shown)
        said = console.export_text()
    assert "示例县" in said and "P-7" in said and "signs: 示例乡 (P-8)" in said
    assert page.data[0]["responsible_person"] == "P-7"
