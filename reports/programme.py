"""The page of a programme's report: its years, the targets by county against what is done, and all years by city."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from reports.files import environment, replacing, writable
from reports.words.catalogue import Words
from schemas.local_time import shown_instant
from schemas.plan import Plan

PAGE = "programme.html"


@dataclass(frozen=True)
class YearByCounty:
    """A year's counties (`COUNTY_COLUMNS`), and in words those whose target is not what was chosen."""

    campaign: str
    rows: Sequence[Sequence[str]]
    differences: Sequence[str]


@dataclass(frozen=True)
class ProgrammeFacts:
    """The rows of the page's tables, every cell as text; amounts are hectares."""

    YEAR_COLUMNS: ClassVar = (
        "year", "sites", "stock", "target", "chosen", "done", "carried_over", "kept", "silent",
    )  # fmt: skip
    COUNTY_COLUMNS: ClassVar = ("city", "county", "target", "chosen", "done")
    CITY_COLUMNS: ClassVar = ("city", "target", "done")
    years: Sequence[Sequence[str]]
    by_county: Sequence[YearByCounty]
    by_city: Sequence[Sequence[str]]


async def write_programme_page(plan: Plan, facts: ProgrammeFacts, out: Path, as_of: datetime) -> Path:
    """Writes `programme.html` into `out`, which is created if missing; `plan` is the programme's letterhead.

    Raises:
        InvalidInput: the folder or the file cannot be written; names it and the system's reason.
    """
    page = out / PAGE
    with writable(out):
        await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    with replacing(page) as unfinished:
        text = render_programme_page(plan, facts, as_of)
        await asyncio.to_thread(unfinished.write_text, text, encoding="utf-8")
    return page


def render_programme_page(plan: Plan, facts: ProgrammeFacts, as_of: datetime) -> str:
    """The whole HTML text in the plan's language."""
    template = environment().get_template("programme.html.j2")
    return template.render(plan=plan, facts=facts, words=Words(plan.language), as_of=shown_instant(as_of, plan.zone))
