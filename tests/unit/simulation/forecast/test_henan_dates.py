"""The Henan campaign of 2021 with slack people: every date of its ladder follows from the plan's clauses.

The auditor counts days by itself, from the State Council's order of 2021 as it was printed, and shares no code with the
calendar of the rules: rest on 19-21 September and 1-7 October, work on 18 and 26 September and 9 October.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake.check import check
from schemas.calendar import Clause
from schemas.ladder import Instrumental, Rung
from schemas.ledger import LedgerEntry
from schemas.plan import Plan
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast

HENAN = Path(__file__).parents[4] / "examples" / "henan-2021"
ZONE = ZoneInfo("Asia/Shanghai")
OFF = {date(2021, 9, day) for day in (19, 20, 21)} | {date(2021, 10, day) for day in range(1, 8)}
ON = {date(2021, 9, 18), date(2021, 9, 26), date(2021, 10, 9)}
DAY = timedelta(days=1)


_DISTURBING = {
    *("suspended", "resumed", "climb_held", "verification_requested", "rung_withdrawn", "extension_requested"),
}
"""After these the next rung is not counted by hand here."""


def works(day: date) -> bool:
    return day in ON or (day.weekday() < 5 and day not in OFF)


def on_or_after(day: date) -> date:
    while not works(day):
        day += DAY
    return day


def after(day: date, clause: Clause) -> date:
    """The last day of a clause that is occasioned on `day`, which is not counted."""
    if clause.unit == "calendar_days":
        return day + clause.amount * DAY
    for _ in range(clause.amount):
        day = on_or_after(day + DAY)
    return day


def day_of(instant: datetime | str) -> date:
    return (datetime.fromisoformat(instant) if isinstance(instant, str) else instant).astimezone(ZONE).date()


def last_day(deadline: str) -> date:
    """A deadline is the midnight that ends its day."""
    moment = datetime.fromisoformat(deadline).astimezone(ZONE)
    assert (moment.hour, moment.minute) == (0, 0), deadline
    return moment.date() - DAY


@pytest.fixture(scope="module", params=[7, 8, 2021])
def campaign(request: pytest.FixtureRequest) -> tuple[Plan, Forecast]:
    report = check(HENAN / "plan.yaml", HENAN / "register.csv")
    assert report.frozen is not None and report.register is not None and not list(report.faults)
    found = forecast(report.frozen, report.register.sites, Temperament.SLACK, request.param, keep_ledger=True)
    return report.frozen.plan, found


def instrument(plan: Plan, data: dict[str, Any]) -> Instrumental | None:
    for rung in plan.ladder:
        if (rung.rung, rung.instrument) == (data["rung"], data["document"]):
            return rung
    return getattr(plan.behaviour, data["document"], None)


def entries(plan: Plan, found: Forecast, subject: str) -> Iterator[tuple[LedgerEntry, dict[str, Any]]]:
    for stream, written in found.ledger.items():
        if stream.startswith(f"{subject}/{plan.id}"):
            for entry in written:
                yield entry, json.loads(entry.data)


def test_slack_people_climb_to_the_listing_at_least(campaign: tuple[Plan, Forecast]) -> None:
    plan, found = campaign
    issued = {data["rung"] for _, data in issues(plan, found) if isinstance(instrument(plan, data), Rung)}
    assert issued >= {1, 2, 3, 4, 5}


def issues(plan: Plan, found: Forecast) -> list[tuple[LedgerEntry, dict[str, Any]]]:
    return [(entry, data) for entry, data in entries(plan, found, "city") if entry.kind == "document_issued"]


def test_every_document_leaves_at_nine_on_a_working_day(campaign: tuple[Plan, Forecast]) -> None:
    for entry, _ in issues(*campaign):
        moment = entry.at.astimezone(ZONE)
        assert works(moment.date()) and (moment.hour, moment.minute) == (9, 0), entry


def test_document_deadlines_count_from_day_of_issue(campaign: tuple[Plan, Forecast]) -> None:
    plan, _ = campaign
    judged = 0
    for entry, data in issues(*campaign):
        on, one = day_of(entry.at), instrument(plan, data)
        if data.get("receipt_due"):
            receipt = one.receipt if one is not None and one.receipt is not None else plan.clauses.receipt
            assert last_day(data["receipt_due"]) == after(on, receipt), entry
            judged += 1
        if one is not None and one.reply is not None:
            assert last_day(data["reply_due"]) == after(on, one.reply), entry
        if one is not None and one.publication is not None:
            assert day_of(data["publishes_at"]) == on_or_after(after(on, one.publication)), entry
    assert judged > 100


def test_an_approver_has_the_clause_from_the_day_of_the_draft(campaign: tuple[Plan, Forecast]) -> None:
    plan, found = campaign
    drafts = [(e, d) for e, d in entries(plan, found, "city") if e.kind == "document_drafted"]
    assert drafts
    for entry, data in drafts:
        one = instrument(plan, data)
        assert one is not None and (one.approval or plan.clauses.approval) is not None
        assert last_day(data["due"]) == after(day_of(entry.at), one.approval or plan.clauses.approval), entry  # type: ignore[arg-type]


def test_each_rung_follows_previous_by_at_least_its_grace(campaign: tuple[Plan, Forecast]) -> None:
    """To the day where nothing happened in between; a suspension, a reply or an extension only ever makes it later."""
    _, found = campaign
    exact = 0
    for stream, written in found.ledger.items():
        if not stream.startswith("site/"):
            continue
        since: date | None = None
        before: date | None = None
        undisturbed = True
        for entry in written:
            data = json.loads(entry.data)
            match entry.kind:
                case "opened" | "level_failed" | "extended" | "reopened":
                    since, undisturbed = last_day(data["due"]), True
                case "regraded" if "due" in data:
                    since, undisturbed = last_day(data["due"]), False
                case "climb_held" if "back_to" in data:  # the rung that was only proposed is dropped
                    since, undisturbed = before, False
                case kind if kind in _DISTURBING:
                    undisturbed = False
                case "climbed":
                    assert since is not None
                    on = date.fromisoformat(data["on"])
                    said = data["clauses"]["on"]
                    assert said["name"].endswith(".after") or said["name"].startswith("variations[0].ladder.")
                    grace = Clause(amount=said["amount"], unit=said["unit"])
                    earliest = max(after(since, grace), last_day(data["due"]) + DAY)
                    assert on == on_or_after(earliest) if undisturbed else on >= earliest, (stream, data)
                    exact += undisturbed
                    before, since, undisturbed = since, on, True
                case "rung_issued":
                    since, undisturbed = date.fromisoformat(data["on"]), True
                case _:
                    pass
    assert exact > 30


def test_rung_document_never_precedes_rung_of_its_site(campaign: tuple[Plan, Forecast]) -> None:
    plan, found = campaign
    reached: dict[tuple[str, int], list[date]] = {}
    for entry, data in entries(plan, found, "site"):
        if entry.kind == "climbed":
            reached.setdefault((entry.stream, data["rung"]), []).append(date.fromisoformat(data["on"]))
    for entry, data in issues(plan, found):
        if isinstance(instrument(plan, data), Rung):
            for site in data["sites"]:
                days = reached[f"site/{plan.id}/{site}", data["rung"]]
                assert any(day <= day_of(entry.at) for day in days), (entry, site)
