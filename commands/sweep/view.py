"""Patches and clues as they were issued, settled and listed."""

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from commands.common.page import Page
from commands.common.tables import console, print_json, table
from schemas.errors import Refused
from schemas.options.sweep import ListedPatch
from services.common.subjects import Subject
from services.common.text import local
from services.sweep.patches import Issued

_HEADS = ("patch", "city", "county", "place", "source", "due", "outcome", "site or reason")


def sweep_page(subject: Subject, listed: Sequence[ListedPatch]) -> Page:
    """The patches and clues of a campaign."""
    rows = [
        (
            one.patch.id,
            one.patch.city,
            one.patch.county,
            one.patch.place,
            f"police {one.patch.source}".strip() if one.patch.clue else one.patch.source,
            local(one.due, subject.zone),
            one.outcome or "open",
            one.said,
        )
        for one in listed
    ]
    none = Text(f"campaign {subject.campaign_id} has no patch and no clue")
    return Page([_as_data(one) for one in listed], table(_HEADS, rows) if rows else none)


def tell_issued(issued: Issued, as_json: bool) -> None:
    """Print the warnings and each city's verdict; Refused if a city refused it."""
    verdicts = {code: (one.verdict, one.refusal) for code, one in issued.sent.items()}
    count = {code: sum(one.city == code for one in issued.patches) for code in issued.sent}
    if as_json:
        cities = [{"code": c, "patches": count[c], "verdict": v, "reason": r} for c, (v, r) in verdicts.items()]
        warnings = [str(one) for one in issued.warnings]
        print_json(
            {"batch": issued.patches[0].batch, "patches": len(issued.patches), "cities": cities, "warnings": warnings}
        )
    else:
        out = console()
        for one in issued.warnings:
            out.print(Text(str(one)))
        rows = [(code, count[code], verdict, why) for code, (verdict, why) in verdicts.items()]
        out.print(table(("city", "patches", "told", "reason"), rows, right=("patches",)))
    refused = [f"{code}: {why}" for code, (_, why) in verdicts.items() if why is not None]
    if refused:
        raise Refused(f"the batch is kept, and was refused by {'; '.join(refused)}").printed(as_json)


def _as_data(one: ListedPatch) -> dict[str, Any]:
    return {
        **one.patch.model_dump(mode="json"),
        "due": one.due.isoformat() if one.due is not None else None,
        "outcome": one.outcome or "open",
        "settled_at": one.settled_at.isoformat() if one.settled_at is not None else None,
        "said": one.said,
    }
