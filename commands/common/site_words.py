"""A site's deferrals and case as lines of text, in its status and in the answer to a command."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.common.text import deadline, local

_BASIS = {
    "stop_work_order": "stop-work order",
    "flood": "flood",
    "planting_season": "planting season",
    "other": "other",
}


def deferral_words(deferrals: dict[str, Any] | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Refused and pending extensions, and suspended time; `deferrals` is that of schemas.deferrals.

    Its days are those of suspensions that are over; of a running one it is said since when.
    """
    if not deferrals:
        return
    asked = [
        f"{deferrals[count]} {words}"
        for count, words in (("extensions_refused", "refused"), ("extensions_lapsed", "lapsed"))
        if deferrals.get(count)
    ]
    if deferrals.get("extension_pending"):
        asked.append("1 pending")
    if deferrals.get("extensions_left") is not None:
        asked.append(f"{deferrals['extensions_left']} left")
    if asked:
        yield "requests for extension", ", ".join(asked)
    if days := deferrals.get("days_suspended"):
        own = deferrals.get("days_suspended_by_city")
        yield "days suspended", f"{days:g}" + (f", {own:g} of them by the city itself" if own else "")
    if since := deferrals.get("suspended_since"):
        until = f" to {deferrals['suspended_until']}" if deferrals.get("suspended_until") else ""
        basis = f" ({_BASIS.get(deferrals['basis'], deferrals['basis'])})" if deferrals.get("basis") else ""
        whose = " (the city itself)" if deferrals.get("suspended_by_city") else ""
        by = f", by {deferrals['suspended_by']}{whose}" if deferrals.get("suspended_by") else ""
        yield "suspended since", f"{local(datetime.fromisoformat(since), zone)}{until}{basis}{by}"


def case_words(case: dict[str, Any] | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Both tracks with their lead agencies, and the unit of the next step; `case`: schemas.options.police.CaseFacts."""
    if not case:
        return
    yield "works led by", case["works_agency"]
    yield "police track led by", case["agency"]
    said = case["state"].replace("_", " ")
    if case.get("reference"):
        said += f" ({case['reference']})"
    if case.get("carried_over"):
        said += ", carried over: the police go on without the campaign"
    yield "case", said
    if case.get("waits_for"):
        due = f", by {deadline(datetime.fromisoformat(case['due']), zone)}" if case.get("due") else ""
        told = f", overdue and told {case['told']} times" if case.get("told") else ""
        yield "case waits for", f"{case['waits_for']}{due}{told}"
