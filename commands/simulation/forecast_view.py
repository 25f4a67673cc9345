"""A forecast for people, and as JSON for programs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Group
from rich.text import Text

from commands.campaign.phases_view import phases_in_words
from commands.common.page import Page
from commands.common.tables import stage_heads, table
from commands.patrol.view import in_short
from commands.simulation.outcome_view import outcome_data, outcome_tables
from schemas.base import iso_utc
from schemas.ladder import Instrument
from schemas.status import STAGES
from services.common.text import counted, local
from simulation.forecast.result import DayCount, Forecast

_EVERY_DAYS = 7
_WIDE = 110
"""Minimum terminal columns for long stage heads."""
_SUMS = ("rungs climbed so far", "documents so far")


def forecast_page(foreseen: Forecast) -> Page:
    """The forecast end of the campaign by city, and its weeks."""
    total = foreseen.closed + foreseen.carried_over
    commands, stages = foreseen.commands, stage_heads(_WIDE)
    shown = Group(
        Text(
            f"{foreseen.campaign_id}, {foreseen.temperament} people, seed {foreseen.seed}: of {counted(total, 'site')} "
            f"{foreseen.closed:,} are closed and {foreseen.carried_over:,} carried over",
            style="bold",
        ),
        Text(
            f"{counted(len(foreseen.documents), 'document')} ({_ladder(foreseen)}), {commands.taken:,} commands taken, "
            f"{commands.turned_down:,} turned down at once, {commands.gone:,} too late; "
            f"{foreseen.entries:,} ledger entries, {commands.refused:,} of them refused commands"
        ),
        *_signatures(foreseen),
        *_afterwards(foreseen),
        Text(),
        table(
            ("code", "city", "sites", "closed", "carried over", "ever on the ladder", "deployed"),
            (
                (c.code, c.name, c.sites, c.closed, c.carried_over, c.climbed, "yes" if c.opened else "never")
                for c in foreseen.cities
            ),
            right=("sites", "closed", "carried over", "ever on the ladder"),
        ),
        *phases_in_words(foreseen.phases, {c.code: c.name for c in foreseen.cities}),
        Text(),
        table(
            ("day", *stages, *_SUMS),
            _weeks(foreseen.days),
            right=(*stages, *_SUMS),
        ),
        *outcome_tables(foreseen.outcome),
    )
    return Page(_data(foreseen), shown)


def _signatures(foreseen: Forecast) -> Iterator[Text]:
    """The signatures under a joint plan, and when it is issued after the last of them."""
    issued = local(foreseen.issued_at, foreseen.signed_in) or "never"
    for one in foreseen.signing:
        yield Text(f"signatures: {one.in_words(foreseen.signed_in)}; issued: {issued}")


def _ladder(foreseen: Forecast) -> str:
    """The number of documents by instrument of the ladder, in its order."""
    kinds = Counter(document.kind for document in foreseen.documents)
    found = [f"{kinds[one]:,} {one.replace('_', ' ')}" for one in Instrument if kinds[one]]
    return ", ".join(found) or "none of the ladder"


def _afterwards(foreseen: Forecast) -> Iterator[Text]:
    """The patrol of each city and the reopened sites; nothing without either."""
    for city in foreseen.cities:
        patrol = foreseen.patrols.get(city.code)
        if patrol is not None:
            yield Text(f"patrol of {city.name}: {in_short(patrol)}")
    if foreseen.reopened:
        causes = (f"{number:,} {cause.replace('_', ' ')}" for cause, number in foreseen.reopened.items())
        yield Text(f"opened again: {', '.join(causes)}")


def _weeks(days: tuple[DayCount, ...]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    climbed = documents = 0
    for place, day in enumerate(days, 1):
        climbed += day.climbed
        documents += day.documents
        if place % _EVERY_DAYS == 0 or place in (1, len(days)):
            rows.append((day.day, *(day.by_stage[stage] for stage in STAGES), climbed, documents))
    return rows


def _data(foreseen: Forecast) -> dict[str, Any]:
    patrols = {code: patrol.model_dump(mode="json") for code, patrol in foreseen.patrols.items()}
    return {
        "campaign_id": foreseen.campaign_id,
        "people": str(foreseen.temperament),
        "seed": foreseen.seed,
        "sites": foreseen.closed + foreseen.carried_over,
        "closed": foreseen.closed,
        "carried_over": foreseen.carried_over,
        "documents": len(foreseen.documents),
        "documents_by_kind": dict(sorted(Counter(document.kind for document in foreseen.documents).items())),
        "entries": foreseen.entries,
        "commands": asdict(foreseen.commands),
        "cities": [asdict(city) for city in foreseen.cities],
        "days": [{**asdict(day), "day": day.day.isoformat()} for day in foreseen.days],
        "outcome": outcome_data(foreseen.outcome),
        **({"phases": [one.model_dump(mode="json") for one in foreseen.phases]} if foreseen.phases else {}),
        "issued_at": iso_utc(foreseen.issued_at) if foreseen.issued_at is not None else None,
        **({"signing": [one.model_dump(mode="json") for one in foreseen.signing]} if foreseen.signing else {}),
        **({"patrols": patrols} if patrols else {}),
        **({"reopened": foreseen.reopened} if foreseen.reopened else {}),
    }
