"""Days and hours of instants in a campaign's zone, and that no other module makes them."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import end_of
from schemas.calendar import Calendar
from schemas.local_time import last_day, local_day, shown_instant

ROOT = Path(__file__).parents[3]
FOLDERS = (
    "schemas", "rules", "workflows", "activities", "storage", "runtime", "simulation", "services", "commands", "intake",
    "reports", "rendering",
)  # fmt: skip
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Africa/Cairo")
"""Cairo's summer time begins at midnight: that day has no 00:00."""

ALLOWED = {
    "schemas/local_time.py": {"astimezone", ".date()", "format"},
    # Writes instants in UTC.
    "schemas/base.py": {"astimezone", "slice"},
    # From days to instants.
    "rules/calendar.py": {"astimezone"},
    # An identifier in stored ledgers.
    "rules/city/options/patrol/state.py": {"format"},
    # The notation of a language; the moment comes in the campaign's zone from rendering/facts.py.
    "rendering/wording.py": {".date()", "format"},
    # Days of an axis.
    "reports/burndown_chart.py": {"strftime"},
}
"""What only the named modules may do."""


@given(st.dates(date(2000, 1, 1), date(2037, 12, 31)), st.sampled_from(ZONES))
def test_deadline_is_shown_as_the_day_it_ends(day: date, zone: str) -> None:
    due = end_of(Calendar(time_zone=zone), day)
    assert last_day(due, ZoneInfo(zone)) == day
    assert local_day(due, ZoneInfo(zone)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Shanghai", "2021-10-31 08:30"), ("Europe/Berlin", "2021-10-31 02:30"), ("UTC", "2021-10-31 00:30")],
)
def test_an_instant_is_shown_by_the_clock_of_its_zone(zone: str, shown: str) -> None:
    assert shown_instant(datetime(2021, 10, 31, 0, 30, tzinfo=UTC), ZoneInfo(zone)) == shown


def test_an_instant_outside_of_the_calendar_is_shown_as_it_is() -> None:
    assert shown_instant(datetime.min.replace(tzinfo=UTC), ZoneInfo("America/Los_Angeles")).startswith("0001-01-01T00")


def made_in(source: str) -> Iterator[tuple[str, int]]:
    """What makes a day, an hour or their text of an instant, and its line."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="date" | "datetime"), attr="today" | "utcnow")):
                yield "machine", node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="datetime"), attr="now"), args=[], keywords=[]):
                yield "machine", node.lineno
            case ast.Call(func=ast.Attribute(attr="astimezone"), args=[], keywords=[]):
                yield "machine", node.lineno
            case ast.Call(func=ast.Attribute(attr="astimezone" | "strftime" as called)):
                yield called, node.lineno
            case ast.Call(func=ast.Attribute(attr="date"), args=[], keywords=[]):
                yield ".date()", node.lineno
            case ast.FormattedValue(format_spec=ast.JoinedStr() as spec) if re.search("%[A-Za-z]", ast.unparse(spec)):
                yield "format", node.lineno
            case ast.Subscript(value=ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called))) if called in (
                "iso_utc",
                "isoformat",
            ):
                yield "slice", node.lineno


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("date.today()", "machine"),
        ("datetime.now()", "machine"),
        ("now.astimezone().date()", "machine"),
        ("now.astimezone(UTC)", "astimezone"),
        ("event.at.date()", ".date()"),
        ("f'since {since:%Y-%m-%d %H:%M} UTC'", "format"),
        ("at.strftime('%H')", "strftime"),
        ("iso_utc(at)[:10]", "slice"),
        ("at.isoformat()[:16]", "slice"),
    ],
)
def test_each_way_to_make_a_day_of_an_instant_is_found(source: str, what: str) -> None:
    assert what in [found for found, _ in made_in(source)]
    assert list(made_in("f'{share:.1%} of {sites:,}'; datetime.now(UTC); isoformat(day)")) == []


def test_no_other_module_makes_days_or_hours_of_instants() -> None:
    files = [
        ROOT / "starter.py",
        ROOT / "worker.py",
        *(file for name in FOLDERS for file in (ROOT / name).rglob("*.py")),
    ]
    elsewhere = [
        f"{name}:{line}: {what}; use schemas.local_time or rules.calendar"
        for file in files
        for name in [file.relative_to(ROOT).as_posix()]
        for what, line in made_in(file.read_text(encoding="utf-8"))
        if what not in ALLOWED.get(name, ())
    ]
    assert elsewhere == []


def test_every_exception_is_needed() -> None:
    for name, allowed in ALLOWED.items():
        assert {what for what, _ in made_in((ROOT / name).read_text(encoding="utf-8"))} >= allowed, name
