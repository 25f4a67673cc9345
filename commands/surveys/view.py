"""A survey that was added, and the surveys of a campaign."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from commands.common.page import Page
from commands.common.reading import reading_json, show_header, tell_warnings
from commands.common.tables import console, print_json, table
from schemas.errors import Refused
from schemas.options.surveys import SurveyRecord
from services.common.text import counted, local
from services.surveys.add import Added

_HEADS = ("survey", "added", "sites", "newly found", "missed", "cities", "digest")


def surveys_page(campaign: str, found: Sequence[SurveyRecord], zone: ZoneInfo) -> Page:
    """The surveys of a campaign."""
    rows = [
        (one.id, local(one.at, zone), *_sums(one.cities.values()), " ".join(sorted(one.cities)), one.digest[:12])
        for one in found
    ]
    listed = table(_HEADS, rows, right=_HEADS[2:5])
    none = Text(f"campaign {campaign} has no survey")
    return Page([one.model_dump(mode="json") for one in found], listed if rows else none)


def tell_added(added: Added, as_json: bool) -> None:
    """Print the register's warnings, the stored survey and each city's verdict; Refused if a city refused it."""
    tell_warnings(added.register, as_json)
    _tell_cities(added, as_json)
    refused = [f"{code}: {sent.refusal}" for code, sent in added.sent.items() if sent.refusal is not None]
    if refused:
        raise Refused(f"survey {added.survey.id} is kept, and was refused by {'; '.join(refused)}").printed(as_json)


def _tell_cities(added: Added, as_json: bool) -> None:
    survey, subject, outcome = added.survey, added.subject, added.outcome
    verdicts = {code: (sent.verdict, sent.refusal) for code, sent in added.sent.items()}
    cities = survey.cities()
    if as_json:
        told = [
            {"code": code, **cities[code].model_dump(), "verdict": verdict, "reason": why}
            for code, (verdict, why) in verdicts.items()
        ]
        kept = {"campaign_id": subject.campaign_id, "survey": survey.id, "digest": survey.digest}
        print_json(
            {
                **kept,
                "outcome": outcome.value,
                "sites": len(survey.sites),
                "cities": told,
                "register": reading_json(added.register),
            }
        )
        return
    out, plan = console(), subject.frozen.plan
    number = counted(len(survey.sites), "site")
    headline = {
        "added": f"added: survey {survey.id} with {number}",
        "already_there_same": f"unchanged: survey {survey.id} with {number} was added before",
    }[outcome.value]
    out.print(Text(headline, style="bold"))
    show_header(out, added.register)
    rows = (
        (code, plan.city(code).name, *_sums([cities[code]]), verdict, why) for code, (verdict, why) in verdicts.items()
    )
    out.print(table(("code", "city", *_HEADS[2:5], "told", "reason"), rows, right=_HEADS[2:5]))
    out.print(f"next: starter.py status {subject.campaign_id}")


def _sums(counts: Any) -> tuple[int, int, int]:
    kept: Sequence[Any] = list(counts)
    return (
        sum(one.sites for one in kept), sum(one.newly_found for one in kept), sum(one.missed for one in kept),
    )  # fmt: skip
