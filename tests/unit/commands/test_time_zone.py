"""Days and hours are those of the campaign's zone, whatever the zone of the machine."""

import io
import json
import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from rich.console import Console

from commands.campaign.status_view import campaign_page, overdue_page
from commands.common.answers import tell_judged, tell_kept
from commands.common.arguments import a_day, a_time
from commands.common.page import Page
from commands.documents.view import documents_page
from commands.ledger.view import ledger_page
from commands.site.view import site_page
from rules.calendar import end_of
from rules.event_time import TimeLimits
from runtime.settings import Settings
from schemas.answers import Answer, Verdict
from schemas.clock import Clock
from schemas.documents.document import DocumentState, Progress
from schemas.ledger import LedgerEntry
from schemas.site.commands import Suspend
from schemas.status import CampaignStatus, SiteCounts, SiteStatus
from services.campaign.status import CampaignState, Overdue
from services.common.send_options import SendOptions
from services.common.sending import command_of
from services.common.subjects import Subject
from services.documents.reading import DocumentList
from services.site.tasks import SiteState
from storage.campaigns import CampaignRecord
from storage.document_file import DocumentFileEntry
from storage.status import OverdueSite
from tests.support.plans import PLAN, frozen_plan
from tests.unit.commands.test_exit_codes import run

MACHINES = ("Pacific/Kiritimati", "America/Los_Angeles", "UTC")
CAMPAIGNS = ("Asia/Shanghai", "Europe/Berlin")
LAST_DAY = date(2021, 10, 30)
"""In Berlin the last day before a day of 25 hours."""
AT = datetime(2021, 10, 31, 23, 30, tzinfo=UTC)
"""Half past seven of 1 November in Shanghai, half past midnight of it in Berlin; in UTC, on 31 October."""
SHOWN = {"Asia/Shanghai": "2021-11-01 07:30", "Europe/Berlin": "2021-11-01 00:30"}


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the machine."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


def subject(zone: str, at: datetime = AT, **changes: Any) -> Subject:
    """A campaign of this zone whose time stands still."""
    frozen = frozen_plan("zoned", time_zone=zone)
    record = CampaignRecord(
        campaign_id="zoned",
        document_number="zoned/1",
        title="t",
        digest="",
        register_digest="",
        clock=Clock(campaign_origin=at, stepped=True),
        started=True,
        seq=1,
        state="running",
        issued_at=at,
        closed_at=None,
    )
    return Subject(record, frozen, "zoned/east-001", **changes)


def text(page: Page) -> str:
    console = Console(file=io.StringIO(), width=300)
    console.print(page.shown)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def suspend(zone: str, *, at: str | None = None, until: str | None = None) -> Suspend:
    options = SendOptions(as_="wang:province:Province", at=None if at is None else a_time(at), command_id="c")
    content: dict[str, object] = {"reason": "r", "until": None if until is None else a_day(until)}
    command = command_of(options, Settings(), Suspend, subject(zone), content)
    assert isinstance(command, Suspend)
    return command


@pytest.mark.parametrize("zone", CAMPAIGNS)
def test_words_of_a_command_are_of_the_campaign(machine: str, zone: str) -> None:
    assert suspend(zone, until="today").until == date(2021, 11, 1)
    assert suspend(zone, until="yesterday").until == date(2021, 10, 31)
    assert suspend(zone, at="2021-10-31 10:00").effective_at == datetime(2021, 10, 31, 10, tzinfo=ZoneInfo(zone))
    assert suspend(zone, at="00:10").effective_at == datetime(2021, 11, 1, 0, 10, tzinfo=ZoneInfo(zone))
    assert suspend(zone, at="2021-10-30").effective_at == datetime(2021, 10, 30, 23, 59, tzinfo=ZoneInfo(zone))
    assert suspend(zone, at="today").effective_at == suspend(zone).effective_at == AT


@pytest.mark.parametrize("zone", CAMPAIGNS)
def test_a_start_today_is_on_the_plans_day(machine: str, zone: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    whole = {**PLAN, "id": "zoned", "document_number": "zoned/1", "time_zone": zone}
    plan.write_text(yaml.safe_dump(whole, allow_unicode=True))
    before = datetime.now(ZoneInfo(zone)).date()
    starts = [
        date.fromisoformat(json.loads(run("check", plan, "--starts-on", word, "--json").stdout)["days"]["starts_on"])
        for word in ("today", "yesterday")
    ]
    # Midnight may pass between.
    assert starts[0] in (before, datetime.now(ZoneInfo(zone)).date())
    assert starts[1] in (starts[0] - timedelta(days=1), starts[0])


@pytest.mark.parametrize("zone", CAMPAIGNS)
def test_answers_show_the_campaigns_hours(machine: str, zone: str, capsys: pytest.CaptureFixture[str]) -> None:
    of = subject(zone, site="east-001", city="east")
    due = end_of(of.frozen.calendar, LAST_DAY)
    command = suspend(zone)
    tell_kept(of, command, False, None)
    assert SHOWN[zone] in capsys.readouterr().out
    tell_judged(of, command, Answer(command_id="c", verdict=Verdict.ACCEPTED, state={"due": due.isoformat()}), False)
    assert re.search("^due +2021-10-30$", capsys.readouterr().out.replace(" \n", "\n"), re.M)
    limits = TimeLimits(of.frozen.calendar)
    hint = str(limits.warning(limits.read(suspend(zone, at="2021-11-02").effective_at, AT)))
    assert "2021-11-02 23:59 is not taken as its time: it lies in the future" in hint
    assert f"receipt, {SHOWN[zone]}" in hint


def pages(zone: str) -> Iterator[tuple[Page, Sequence[str]]]:
    """Each page with what it must say: due days as their last day, instants by the campaign's clock."""
    of = subject(zone)
    due = end_of(of.frozen.calendar, LAST_DAY)
    counts = SiteCounts(
        total=0, by_stage=dict.fromkeys(("registered", "rectifying", "verifying", "closed", "carried_over"), 0)
    )
    late = OverdueSite(
        site_id="s",
        name="n",
        city="east",
        stage="rectifying",
        due_at=due,
        days_overdue=2,
        rung=0,
        hazard="low",
        clause="",
    )
    yield overdue_page(Overdue(of, [late], 10)), ["2021-10-30"]
    status = SiteStatus(
        campaign_id="zoned", site={"name": "n", "city": "east", "county": "c"}, stage="rectifying", round=1, level=None,
        rung=0, suspended=False, overdue=True, due_at=due, opened_at=AT, settled_at=None, requirements=0,
        requirements_done=0, extensions=0, suspensions=0, as_of=AT,
    )  # fmt: skip
    yield site_page(SiteState(of, status, [], [], [])), ["2021-10-30", SHOWN[zone]]
    data = json.dumps(
        {"due": f"{due:%Y-%m-%dT%H:%M:%S}.000000Z", "notify": [{"level_due": f"{due:%Y-%m-%dT%H:%M:%S}Z"}]}
    )
    entry = LedgerEntry(
        stream="site/zoned/s", seq=1, kind="extended", at=AT, received_at=AT,
        actor='{"id":"a","role":"system","unit":"u"}', data=data, prev_hash="", hash="h",
    )  # fmt: skip
    yield ledger_page(of, [entry]), [SHOWN[zone], "due: 2021-10-30, notify: [(level due: 2021-10-30)]"]
    campaign = CampaignStatus(
        campaign_id="zoned", title="t", phase="closed", day=107, days=107, starts_on=of.frozen.plan.starts_on,
        ends_on=of.frozen.plan.ends_on, as_of=AT, today=date(2021, 11, 1), sites=counts, cities=[],
        deliveries={"waiting": 0, "failed": 0},
    )  # fmt: skip
    yield campaign_page(CampaignState(of, campaign, [], [])), ["after the end · closed", f"as of {SHOWN[zone]}"]
    document = DocumentFileEntry(
        key="zoned/east:reminder:1", city="east", kind="reminder", rung=1, number="1", issued_at=AT, subject="s",
        addressee="a", state=DocumentState.ISSUED, progress=Progress(units=("u",), receipt_due=due),
    )  # fmt: skip
    yield documents_page(DocumentList(of, [document], has_others=False)), ["2021-11-01", "by 2021-10-30 LATE"]


@pytest.mark.parametrize("zone", CAMPAIGNS)
def test_pages_show_last_days_and_hours_of_the_campaign(machine: str, zone: str) -> None:
    for page, said in pages(zone):
        shown = text(page)
        assert [one for one in said if one not in shown] == [], shown
        assert "2021-10-31" not in shown.replace("to 2021-10-31", ""), (
            "the day of the instant in UTC, or of its midnight"
        )
