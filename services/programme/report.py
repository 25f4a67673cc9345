"""Writes a programme's report: the page of its years and targets, and the file of its documents."""

from pathlib import Path

from reports.documents.page import write_document_file
from reports.programme import ProgrammeFacts, YearByCounty, write_programme_page
from reports.words.catalogue import Words
from rules.programme.aggregate import ProgrammeAggregate
from rules.programme.places import differing
from rules.programme.years import YearView, sums_by_city, years_of
from rules.terms.plan import city_names, county_names
from schemas.event import Event
from schemas.ledger import LedgerEntry
from schemas.plan import Plan
from schemas.programme import FrozenProgramme
from schemas.quantity import written
from services.programme.subjects import programme_subject
from storage.connections import Pool
from storage.ledger import read_stream


async def write_programme_report(pool: Pool, programme_id: str, out: Path, outbox: Path | None) -> list[Path]:
    """Write `programme.html` and `documents.html` into `out`; their paths. NotFound for an unknown programme."""
    subject = await programme_subject(pool, programme_id)
    facts = facts_of(subject.kept, await read_stream(pool, subject.stream))
    page = await write_programme_page(subject.frozen.plan, facts, out, subject.now)
    return [page, *await write_document_file(pool, programme_id, outbox, out, subject.now)]


def facts_of(frozen: FrozenProgramme, entries: list[LedgerEntry]) -> ProgrammeFacts:
    """The tables of the page, from the programme's ledger."""
    events: list[Event] = [ProgrammeAggregate.events[e.kind].model_validate_json(e.data) for e in entries]
    years, plan = years_of(frozen, events), frozen.years[0].plan
    cities = {one.code: one.name for one in city_names(plan)}
    return ProgrammeFacts(
        years=[_year(one, cities, Words(plan.language)) for one in years],
        by_county=[_by_county(one, cities, plan) for one in years if one.places],
        by_city=[
            (cities.get(one.city, one.city), written(one.target), written(one.closed.area_ha))
            for one in sums_by_city(years)
        ],
    )


def _year(year: YearView, cities: dict[str, str], words: Words) -> tuple[str, ...]:
    begun, done, none = year.started, year.closed, words("programme.open")
    kept = none if done is None else words("programme.yes" if done.met else "programme.no")
    return (
        year.campaign,
        str(begun.stock.sites) if begun else none,
        written(begun.stock.area_ha) if begun else none,
        written(begun.target) if begun else none,
        written(begun.chosen.area_ha) if begun else none,
        written(done.closed.area_ha) if done else none,
        written(done.carried_over.area_ha) if done else none,
        kept,
        words.listed(cities.get(code, code) for code in begun.silent) if begun and begun.silent else none,
    )


def _by_county(year: YearView, cities: dict[str, str], plan: Plan) -> YearByCounty:
    counties = county_names(plan)

    def place(city: str, county: str) -> tuple[str, str]:
        return cities.get(city, city), counties.get(county, county)

    return YearByCounty(
        year.campaign,
        [
            (*place(one.city, one.county), *map(written, (one.target, one.chosen.area_ha, one.closed.area_ha)))
            for one in year.places
        ],
        [
            f"{' '.join(place(one.city, one.county))}: {written(one.target)} / {written(one.chosen.area_ha)}"
            for one in differing(year.places)
        ],
    )
