"""The report of `check`, as a page for people and as JSON for programs."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text

from commands.campaign.totals_view import show_totals, totals_json
from commands.common.faults import fault_json, show_faults
from commands.common.reading import show_header
from commands.common.same_unit import same_unit_lines
from commands.common.tables import facts, table
from intake.check import CalendarSummary, CheckReport
from intake.plan.holidays import Provisional
from intake.register.register_file import RegisterResult
from services.common.text import counted

_DATUMS = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}


def show_check(out: Console, report: CheckReport) -> None:
    """Print faults, warnings, counts and days."""
    show_faults(out, report.faults)
    if report.register is not None:
        _show_register(out, report)
    if report.frozen is not None:
        for line in same_unit_lines(report.frozen.plan.verification.same_unit_reasons):
            out.print(Text(line, style="yellow"))
    if report.summary is not None and report.frozen is not None:
        _show_days(out, report.frozen.plan.title, report.summary)
        _show_provisional(out, report.summary, report.provisional)
    show_totals(out, report)
    if not report.faults and not report.is_empty:
        warned = f", with {counted(len(report.warnings), 'warning')}" if report.warnings else ""
        out.print(Text(f"sound{warned}: this can be started", style="bold green"))


def _show_register(out: Console, report: CheckReport) -> None:
    register = report.register
    assert register is not None and report.frozen is not None
    show_faults(out, report.warnings, "warning")
    bad = f", {counted(len(register.bad_rows), 'bad row')}" if register.bad_rows else ""
    out.print(Text(f"{register.file}: {counted(len(register.sites), 'good row')}{bad}", style="bold"))
    if register.sites:
        out.print(Text(f"places: {', '.join(_places(register))}"))
    show_header(out, register)
    for path, hazard, count in register.grades:
        what = f"{path} grades {hazard.value}" if hazard is not None else "no rule matches, graded by the register"
        out.print(Text(f"{what}: {counted(count, 'site')}"))
    if register.sites and not report.compared:
        out.print(Text("ids were not compared with those of running campaigns: no Postgres answers", style="dim"))
    batches: Counter[tuple[str, date]] = Counter()
    for on, survey, patch in report.rounds.planned:
        if patch is None:
            out.print(Text(f"survey {survey.id} on {on}: {counted(len(survey.sites), 'site')}"))
        else:
            batches[patch.batch, on] += 1
    for (batch, on), number in batches.items():
        out.print(Text(f"batch {batch} on {on}: {counted(number, 'patch', 'patches')}"))


def _places(register: RegisterResult) -> Iterator[str]:
    for datum, count in register.datums:
        converted = "" if datum == "wgs84" else ", converted to WGS 84"
        yield f"{count:,} read as {_DATUMS[datum]}{converted}"
    if register.without_place:
        yield f"{counted(register.without_place, 'site')} without a place"


def _show_days(out: Console, title: str, days: CalendarSummary) -> None:
    out.print(Text(title, style="bold"))
    make_up = ", ".join(str(day) for day in days.work_days)
    out.print(
        facts(
            [
                ("dates", f"{days.starts_on} to {days.ends_on}"),
                ("calendar days", days.calendar_days),
                ("working days", days.working_days),
                ("day 100", days.day_100),
                ("make-up working days", f"{len(days.work_days)}: {make_up}" if make_up else "none"),
                ("days off by order", len(days.off_days)),
            ]
        )
    )


def _show_provisional(out: Console, days: CalendarSummary, provisional: tuple[Provisional, ...]) -> None:
    if not provisional:
        return
    out.print(
        Text(
            f"provisional: holidays are published until {days.published_until}; days after that rest on weekends only, "
            "and these parts of the plan can reach them (name the days in the plan's calendar once they are published)",
            style="yellow",
        )
    )
    out.print(table(("field", "what", "can reach"), ((p.path, p.what, p.reaches) for p in provisional)))


def check_json(report: CheckReport) -> dict[str, Any]:
    """The whole report: sound, faults, warnings, register, totals, days, same_unit, provisional."""
    register, days = report.register, report.summary
    return {
        "sound": not report.faults and not report.is_empty,
        "campaign_id": report.frozen.plan.id if report.frozen is not None else None,
        "faults": [fault_json(fault) for fault in report.faults],
        "warnings": [fault_json(fault) for fault in report.warnings],
        "register": None
        if register is None
        else {
            "file": register.file,
            "sheet": register.sheet,
            "header_row": register.header_row,
            "good_rows": len(register.sites),
            "bad_rows": len(register.bad_rows),
            "compared_with_running_campaigns": report.compared,
            "sites_by_city": dict(report.sites_by_city),
            "places": {
                "read_as": dict(register.datums),
                "converted": register.converted,
                "without": register.without_place,
            },
            "grades": {path: count for path, _, count in register.grades},
            "surveys": {one.survey.id: len(one.survey.sites) for one in report.rounds.planned},
        },
        "totals": totals_json(report),
        "days": None
        if days is None
        else {
            "starts_on": days.starts_on.isoformat(),
            "ends_on": days.ends_on.isoformat(),
            "calendar_days": days.calendar_days,
            "working_days": days.working_days,
            "day_100": days.day_100.isoformat() if days.day_100 is not None else None,
            "off_days": [day.isoformat() for day in days.off_days],
            "make_up_days": [day.isoformat() for day in days.work_days],
            "published_until": days.published_until.isoformat() if days.published_until is not None else None,
        },
        "same_unit": report.frozen.plan.verification.same_unit_reasons if report.frozen is not None else {},
        "provisional": [
            {"field": p.path, "what": p.what, "reaches": p.reaches.isoformat()} for p in report.provisional
        ],
    }
