"""The cities' implementation opinions: their chapters from text, their versions from the ledger."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.city.aggregate import CityAggregate
from rules.city.options.opinion import KINDS, versions
from schemas.event import Event
from schemas.ledger import LedgerEntry
from schemas.offices import City
from schemas.options.opinion import OpinionVersion
from services.common.subjects import Subject
from storage.cities import opinion_entries
from storage.connections import Pool


@dataclass(frozen=True)
class Opinions:
    """Every version of all cities of a campaign, or of one, in the order of the plan."""

    subject: Subject
    cities: Sequence[tuple[City, Sequence[OpinionVersion]]]


async def read_opinions(pool: Pool, subject: Subject) -> Opinions:
    """The versions of the campaign or of the city that the subject is."""
    entries = await opinion_entries(pool, subject.campaign_id, subject.city, KINDS)
    cities = [c for c in subject.frozen.plan.cities if subject.city in (None, c.code)]
    return Opinions(subject, [(city, versions(_events(entries.get(city.code, ())))) for city in cities])


def _events(entries: Sequence[LedgerEntry]) -> Iterator[tuple[Event, datetime, str]]:
    for entry in entries:
        yield CityAggregate.events[entry.kind].model_validate_json(entry.data), entry.at, json.loads(entry.actor)["id"]
