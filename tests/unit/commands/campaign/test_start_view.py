"""What a start tells of the campaign that it started."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from commands.campaign.start_view import launched_json, tell_launched
from services.campaign.checking import checked, startable
from services.campaign.launching import Launched

HENAN = Path(__file__).parents[4] / "examples/henan-2021"
PLAN, REGISTER = HENAN / "plan.yaml", HENAN / "register.csv"


@pytest.mark.parametrize(("starts_on", "told"), [(date(2030, 3, 1), True), (date(2021, 7, 17), False)])
def test_start_reports_unpublished_days_with_listing_command(
    capsys: pytest.CaptureFixture[str], starts_on: date, told: bool
) -> None:
    report = checked(PLAN, REGISTER, None, starts_on)
    launched = Launched("started", startable(report, skip_bad=False), datetime(2030, 3, 1, tzinfo=UTC))
    tell_launched(launched, PLAN)
    said = " ".join(capsys.readouterr().out.split())
    assert (f"{len(report.provisional)} parts of the plan can reach days after" in said) is told
    assert (f"starter.py check {PLAN} --starts-on 2030-03-01" in said) is told
    assert launched_json(launched)["provisional"] == len(report.provisional)
    assert " header row 1 " in said
    read = launched_json(launched)["register"]
    assert (read["file"], read["sheet"], read["header_row"], read["warnings"]) == ("register.csv", None, 1, [])
