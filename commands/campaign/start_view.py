"""The faults or the result of `start`, for people and as JSON for programs."""

from pathlib import Path
from shlex import quote
from typing import Any
from zoneinfo import ZoneInfo

from commands.campaign.check_view import check_json
from commands.common.faults import show_faults
from commands.common.reading import header_said, reading_json, show_header, tell_warnings
from commands.common.tables import console, facts, print_json
from intake.check import CheckReport
from schemas.base import iso_utc
from services.campaign.checking import Sound, startable
from services.campaign.launching import Launched
from services.common.feedback import FaultsFound
from services.common.text import counted, local


def startable_or_shown(report: CheckReport, skip_bad: bool, as_json: bool) -> Sound:
    """The part that may be started; the register's warnings are printed.

    If none may, all faults are printed and InvalidInput is raised.
    """
    try:
        sound = startable(report, skip_bad)
    except FaultsFound as found:
        if as_json:
            print_json(check_json(report))
        else:
            _show_refused(report)
        raise found.printed(as_json) from None
    tell_warnings(report.register, as_json)
    return sound


def _show_refused(report: CheckReport) -> None:
    out = console()
    if report.register is not None:
        show_faults(out, report.register.warnings, "warning")
        show_header(out, report.register)
    show_faults(out, report.faults)


def launched_json(launched: Launched) -> dict[str, Any]:
    """The object of `start --json`."""
    sound, plan = launched.sound, launched.sound.frozen.plan
    return {
        "campaign_id": plan.id,
        "document_number": plan.document_number,
        "outcome": launched.outcome,
        "sites": len(sound.sites),
        "cities": len(plan.cities),
        "rejected_rows": len(sound.rejected),
        "provisional": sound.provisional,
        "bad_rows_file": str(sound.bad_file) if sound.bad_file is not None else None,
        "issues_at": iso_utc(launched.issues_at),
        "unsigned": list(launched.unsigned),
        "register": reading_json(sound.register) if sound.register is not None else None,
    }


def tell_launched(launched: Launched, plan_file: Path) -> None:
    """Print the result and the next steps."""
    sound, plan = launched.sound, launched.sound.frozen.plan
    number = f"{plan.id} ({plan.document_number})"
    headline = {
        "started": f"started: {number}",
        "completed": f"completed: the start of {number} had died half-way; it runs now",
        "unchanged": f"unchanged: {number} was started before with this plan and register; nothing was done",
    }[launched.outcome]
    out = console()
    out.print(headline, style="bold")
    out.print(
        facts(
            [
                ("title", plan.title),
                ("dates", f"{plan.starts_on} to {plan.ends_on}"),
                (
                    "plan goes out",
                    _goes_out(launched, plan.zone),
                ),
                ("still to sign", ", ".join(launched.unsigned)),
                ("register", f"{counted(len(sound.sites), 'site')} in {counted(len(plan.cities), 'city', 'cities')}"),
                ("header", header_said(sound.register) if sound.register is not None else None),
                (
                    "left out",
                    f"{counted(len(sound.rejected), 'bad row')}, see {sound.bad_file}" if sound.rejected else None,
                ),
                ("provisional", _provisional(sound, plan_file)),
                ("next", f"starter.py status {plan.id}"),
            ]
        )
    )


def _provisional(sound: Sound, plan_file: Path) -> str | None:
    """The hint that days depend on unpublished holidays, and how to list them."""
    if not sound.provisional:
        return None
    plan, until = sound.frozen.plan, sound.frozen.calendar.published_until
    return (
        f"{counted(sound.provisional, 'part')} of the plan can reach days after {until}, whose holidays are not "
        f"published yet; listed by: starter.py check {quote(str(plan_file))} --starts-on {plan.starts_on}"
    )


def _goes_out(launched: Launched, zone: ZoneInfo) -> str:
    """When the plan is issued; a joint one not before the last signature."""
    return local(launched.issues_at, zone) + (" at the earliest" if launched.unsigned else "")
