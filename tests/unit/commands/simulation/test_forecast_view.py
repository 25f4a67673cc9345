"""The forecast as people read it, of a campaign whose patrol goes on after its closing report."""

from pathlib import Path

import pytest

from commands.simulation.forecast_view import forecast_page
from intake.check import check
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from tests.support.short_campaign import short_plan, short_register
from tests.unit.commands.common.test_tables import printed

EXAMPLE = Path(__file__).parents[4] / "examples" / "zhangping"


@pytest.fixture(scope="module")
def patrolled() -> Forecast:
    report = check(EXAMPLE / "plan.yaml", EXAMPLE / "register.csv")
    assert report.frozen is not None and report.register is not None
    return forecast(report.frozen, list(report.register.sites), Temperament.TYPICAL, 1, keep_ledger=True)


@pytest.mark.parametrize("columns", [80, 120])
def test_its_days_and_numbers_stand_whole(patrolled: Forecast, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = printed(forecast_page(patrolled).shown, columns)
    rows = [line.split() for line in lines if line.startswith("2024-")]
    assert rows[0] == ["2024-09-02", "24", "0", "0", "0", "0", "0", "1"]
    assert all(len(row) == 8 and len(row[0]) == 10 for row in rows)
    assert any("closed" in line and "day" in line for line in lines)


def test_forecast_days_reach_last_entry_and_count_all_documents(patrolled: Forecast) -> None:
    ends = max(entry.at for stream in patrolled.ledger.values() for entry in stream)
    assert patrolled.days[-1].day >= patrolled.closed_at.date()
    assert (ends.date() - patrolled.days[-1].day).days in (-1, 0)  # the ledger's day is UTC's
    assert sum(day.documents for day in patrolled.days) == len(patrolled.documents)
    last = patrolled.days[-1].by_stage
    assert (last["closed"], last["carried_over"]) == (patrolled.closed, patrolled.carried_over)
    rows = [line.split() for line in printed(forecast_page(patrolled).shown, 120) if line.startswith("2024-")]
    assert rows[-1][-1] == str(len(patrolled.documents))


def test_it_names_the_patrol_and_the_sites_opened_again(patrolled: Forecast) -> None:
    page = forecast_page(patrolled)
    told = [entry.kind for stream in patrolled.ledger.values() for entry in stream]
    text = "\n".join(printed(page.shown, 400))
    assert "patrol of 漳平市: closed; duties " in text
    duties = patrolled.patrols["350881"].duties
    kept, cured = sum(d.performed - d.cured for d in duties), sum(d.cured for d in duties)
    assert f"duties {kept} kept, {sum(d.missed for d in duties)} missed, {cured} cured; " in text
    assert f" {told.count('finding_reported')} findings, " in text
    assert "opened again: " in text
    opened = told.count("reopened")
    assert opened
    assert sum(page.data["reopened"].values()) == opened
    assert list(page.data["patrols"]) == ["350881"]


def test_a_campaign_without_a_patrol_says_nothing_of_one() -> None:
    page = forecast_page(forecast(short_plan(), short_register(), Temperament.TYPICAL, 1))
    text = "\n".join(printed(page.shown, 400))
    assert "patrol" not in text and "opened again" not in text
    assert not {"patrols", "reopened"} & page.data.keys()
