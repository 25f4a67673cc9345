"""The cities' implementation opinions: their chapters from text, their versions from the ledger."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rules.city.aggregate import CityAggregate
from rules.city.options.counties import opinions as counties
from rules.city.options.opinion import KINDS, versions
from rules.documents.county_addressing import county_of_key
from schemas.event import Event
from schemas.ledger import LedgerEntry
from schemas.offices import City
from schemas.options.opinion import OpinionVersion
from services.common.subjects import Subject
from storage.cities import opinion_entries
from storage.connections import Pool


class Writer(NamedTuple):
    """Who writes opinions: a city, or a county or a township of it (`code` is then `360400/360429`)."""

    code: str
    name: str


@dataclass(frozen=True)
class Opinions:
    """Every version of all cities of a campaign, or of one, in the order of the plan; each with its counties."""

    subject: Subject
    cities: Sequence[tuple[Writer, Sequence[OpinionVersion]]]


async def read_opinions(pool: Pool, subject: Subject) -> Opinions:
    """The versions of the campaign or of the city that the subject is."""
    kinds = (*KINDS, *counties.KINDS)
    entries = await opinion_entries(pool, subject.campaign_id, subject.city, kinds)
    cities = [c for c in subject.frozen.plan.cities if subject.city in (None, c.code)]
    found = [one for city in cities for one in _of_city(city, list(_events(entries.get(city.code, ()))))]
    return Opinions(subject, found)


def _of_city(
    city: City, events: Sequence[tuple[Event, datetime, str]]
) -> Iterator[tuple[Writer, Sequence[OpinionVersion]]]:
    """The city's own versions, then those of its counties and townships that have written any."""
    yield Writer(city.code, city.name), versions(events)
    for unit, some in counties.county_versions(events).items():
        county, township = county_of_key(city, unit)
        below = township or county
        yield Writer(f"{city.code}/{unit}", f"{city.name} {below.name if below is not None else unit}"), some


def _events(entries: Sequence[LedgerEntry]) -> Iterator[tuple[Event, datetime, str]]:
    for entry in entries:
        yield CityAggregate.events[entry.kind].model_validate_json(entry.data), entry.at, json.loads(entry.actor)["id"]
