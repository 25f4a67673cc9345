"""The page on event times names every command that has one, and none that does not exist."""

import re
from pathlib import Path

from schemas import commands as cmd

PAGE = Path(__file__).parents[3] / "docs" / "event-times.md"


def test_page_decides_the_event_time_of_every_command() -> None:
    first = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {kind for cell in first for kind in re.findall(r"`(\w+)`", cell)}
    tables = (cmd.SITE_COMMANDS, cmd.CITY_COMMANDS, cmd.CAMPAIGN_COMMANDS, cmd.SPOT_CHECK_COMMANDS)
    assert named == {kind for table in tables for kind in table}
