"""The versions of the cities' implementation opinions, read from the ledger: for people and for programs."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import table
from rules.city.aggregate import CityAggregate
from rules.city.options.opinion import KINDS, versions
from schemas.event import Event
from schemas.ledger import LedgerEntry
from schemas.options.opinion import OpinionVersion
from services.common.subjects import Subject
from services.common.text import counted, deadline, local
from storage.cities import opinion_entries
from storage.connections import Pool

_HEADS = ("city", "version", "submitted", "due", "late", "decision", "decided", "due by", "late by", "reason")


async def opinions_page(pool: Pool, subject: Subject, full: bool) -> Page:
    """Every version of a campaign's cities, or of one; with `full` their texts below."""
    entries = await opinion_entries(pool, subject.campaign_id, subject.city, KINDS)
    cities = [c for c in subject.frozen.plan.cities if subject.city in (None, c.code)]
    found = [(city, versions(_events(entries.get(city.code, ())))) for city in cities]
    now, zone = subject.now, subject.zone
    data = [
        {
            "code": city.code,
            "name": city.name,
            "returns": _returns(some),
            "versions": [_as_data(one, now) for one in some],
        }
        for city, some in found
    ]
    rows = [
        _row(city.name, one, now, zone) if one is not None else (city.name, "none yet")
        for city, some in found
        for one in (some or (None,))
    ]
    total = sum(len(some) for _, some in found)
    returned = sum(_returns(some) for _, some in found)
    shown: list[RenderableType] = [
        table(_HEADS, (tuple(row) + ("",) * (len(_HEADS) - len(row)) for row in rows), right=["version"]),
        Text(f"{counted(total, 'version')}, {returned:,} returned"),
    ]
    if full:
        for city, some in found:
            for one in some:
                shown.extend(_text(city.name, one))
    return Page(data, Group(*shown))


def _events(entries: Sequence[LedgerEntry]) -> Iterator[tuple[Event, datetime, str]]:
    for entry in entries:
        yield CityAggregate.events[entry.kind].model_validate_json(entry.data), entry.at, json.loads(entry.actor)["id"]


def _returns(some: Sequence[OpinionVersion]) -> int:
    return sum(one.decision == "returned" for one in some)


def _as_data(one: OpinionVersion, now: datetime) -> dict[str, Any]:
    late = {"submitted_late": one.submitted_late, "decided_late": one.decided_late(now)}
    return one.model_dump(mode="json") | late


def _row(city: str, one: OpinionVersion, now: datetime, zone: ZoneInfo) -> tuple[object, ...]:
    decision = one.decision or ("replaced" if one.replaced else "awaited")
    return (
        city,
        one.version,
        local(one.submitted_at, zone),
        deadline(one.due, zone),
        _by_days(one.submitted_late, one.due, one.submitted_at),
        decision,
        local(one.decided_at, zone),
        deadline(one.decision_due, zone),
        _by_days(one.decided_late(now), one.decision_due, one.decided_at or now),
        one.reason,
    )


def _by_days(late: bool, due: datetime | None, at: datetime) -> str:
    """By how many days begun; nothing for what was in time."""
    return "" if not late or due is None else counted((at - due).days + 1, "day")


def _text(city: str, one: OpinionVersion) -> Iterator[Text]:
    yield Text()
    yield Text(f"{city}, version {one.version}", style="bold")
    yield Text(one.opinion)
    for chapter in one.chapters:
        yield Text(f"## {chapter.title}")
        yield Text(chapter.text)
