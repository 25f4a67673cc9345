"""The board shows what it is given: redrawn in a terminal, a line now and then elsewhere."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rich.console import Console

from schemas.phase_status import PhaseStatus
from schemas.status import CampaignStatus, CityStatus, DeploymentStatus, SiteCounts
from simulation.rehearsal.live_board import LiveBoard
from simulation.rehearsal.pulse import Pulse, Tally
from tests.support.short_campaign import short_plan

PLAN = short_plan().plan


def pulse(day: int, *, waited_seconds: float = 0.5, ended: bool = False) -> Pulse:
    now = datetime(2021, 8, 30, 16, tzinfo=UTC) + timedelta(days=day, hours=-12)
    stages = {"registered": 0, "rectifying": 8, "verifying": 5, "closed": 10, "carried_over": 1}
    sites = SiteCounts(total=24, by_stage=stages, overdue=3, by_rung={"2": 2, "3": 1})
    status = CampaignStatus(
        campaign_id=PLAN.id,
        title=PLAN.title,
        phase="work",
        day=day,
        days=25,
        starts_on=PLAN.starts_on,
        ends_on=PLAN.ends_on,
        as_of=now,
        sites=sites,
        cities=[
            CityStatus(code=city.code, name=city.name, deployment=DeploymentStatus(state="approved"), sites=sites)
            for city in PLAN.cities
        ],
        documents={"receipted": 25, "drafted": 2, "sent": 5},
        unsigned=3,
        refused=7,
    )
    return Pulse(now, Tally(sent=140, turned_down=2, waited_seconds=waited_seconds), status, ended=ended)


def shown(*pulses: Pulse, terminal: bool) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=120, color_system=None)
    with LiveBoard(PLAN, console) as board:
        for one in pulses:
            board.show(one)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_board_without_terminal_prints_every_ten_days_and_end() -> None:
    text = shown(*(pulse(day) for day in range(1, 26)), pulse(25, ended=True), terminal=False)
    assert [line.split(" (")[0] for line in text.splitlines()] == [
        "day 1 of 25",
        "day 11 of 25",
        "day 21 of 25",
        "day 25 of 25",
    ]
    assert (
        "overdue 3; documents 32 (2 drafted, 5 sent, 25 receipted); 3 not signed by their day; commands: 140 sent"
        in text
    )


def test_in_a_terminal_there_is_a_table_with_every_city() -> None:
    text = shown(pulse(12), terminal=True)
    assert "day 12 of 25" in text and "Work" in text
    assert "Northern" in text and "Southern" in text
    assert "documents: 32 (2 drafted, 5 sent, 25 receipted); 3 not signed by their day" in text


def test_board_counts_refusals_as_status_does() -> None:
    for terminal in (False, True):
        said = shown(pulse(12), terminal=terminal)
        assert "140 sent, 2 turned down at once, 0 waiting; 7 refused in the ledger" in said


def test_the_board_says_how_long_the_clock_waited() -> None:
    assert "the clock waited 30 s for the engine" in shown(pulse(1, waited_seconds=30), terminal=False)
    assert "the clock waited 30 s for the engine" in shown(pulse(2, waited_seconds=30), terminal=True)
    assert "the clock waited" not in shown(pulse(1, waited_seconds=0.5), terminal=False)


def test_before_the_campaign_is_written_there_is_nothing_to_show() -> None:
    assert shown(Pulse(datetime(2021, 8, 31, tzinfo=UTC), Tally(), None), terminal=False) == ""


def test_board_after_the_end_says_so_beside_the_date() -> None:
    after = replace(pulse(25, ended=True), status=late_status())
    for terminal in (False, True):
        text = shown(after, terminal=terminal)
        assert "after the end" in text and "2021-10-05" in text and "day 25" not in text


def late_status() -> CampaignStatus:
    status = pulse(25).status
    assert status is not None and PLAN.ends_on < date(2021, 10, 5)
    # Late in the evening of 4 October in UTC; in the campaign's zone the next day has begun.
    at = datetime(2021, 10, 4, 20, tzinfo=UTC)
    return status.model_copy(update={"as_of": at, "today": date(2021, 10, 5)})


def test_board_shows_held_phases_and_what_gates_lack() -> None:
    held = PhaseStatus.model_validate(
        {"id": "works", "title": "整治", "starts_on": "2021-09-01", "ends_on": "2021-09-20", "state": "held",
         "held_by": "sweep", "held_since": "2021-09-01", "gate": "unmet",
         "missing": [{"check": "closed", "city": "east", "have": 1, "wanted": 5, "of": 10}]}
    )  # fmt: skip
    one = pulse(3)
    assert one.status is not None
    told = "整治: held since 2021-09-01 by sweep, gate unmet (1 lacking)"
    for terminal in (True, False):
        board = replace(one, status=one.status.model_copy(update={"phases": [held]}), ended=True)
        assert told in shown(board, terminal=terminal)
