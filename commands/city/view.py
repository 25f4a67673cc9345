"""The versions of the cities' implementation opinions, for people and for programs."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import table
from schemas.local_time import last_day, local_day
from schemas.options.opinion import OpinionVersion
from services.city.opinions import Opinions
from services.common.text import counted, deadline, local

_HEADS = ("city", "version", "submitted", "due", "late", "decision", "decided", "due by", "late by", "reason")


def opinions_page(opinions: Opinions, full: bool) -> Page:
    """Every version; with `full` also their texts."""
    found, now, zone = opinions.cities, opinions.subject.now, opinions.subject.zone
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
        _by_days(one.submitted_late, one.due, one.submitted_at, zone),
        decision,
        local(one.decided_at, zone),
        deadline(one.decision_due, zone),
        _by_days(one.decided_late(now), one.decision_due, one.decided_at or now, zone),
        one.reason,
    )


def _by_days(late: bool, due: datetime | None, at: datetime, zone: ZoneInfo) -> str:
    """The days after the last one that counts; empty if it was in time."""
    return "" if not late or due is None else counted((local_day(at, zone) - last_day(due, zone)).days, "day")


def _text(city: str, one: OpinionVersion) -> Iterator[Text]:
    yield Text()
    yield Text(f"{city}, version {one.version}", style="bold")
    yield Text(one.opinion)
    for chapter in one.chapters:
        yield Text(f"## {chapter.title}")
        yield Text(chapter.text)
