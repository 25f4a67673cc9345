"""Hands a city's survey of a year's stock in: reads the file, checks it against the stock, keeps it, and sends it."""

from dataclasses import dataclass
from pathlib import Path

from intake.files.faults import Fault, FaultList
from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from intake.register.mapping import read_mapping
from intake.register.register_file import RegisterResult, read_register
from rules.authority import require_authority
from rules.ledger_state import actor_json
from rules.programme.aggregate import ProgrammeAggregate
from rules.programme.surveys import Merge, merged
from rules.terms.plan import programme_terms
from rules.terms.units import units_of_city
from schemas.errors import InvalidInput, Refused
from schemas.offices import City
from schemas.programme import Measure
from schemas.programme_events import HandInSurvey
from schemas.register import register_digest
from services.common.connection import Servers
from services.common.feedback import FaultsFound
from services.common.send_options import SendOptions
from services.common.sending import Sent, send
from services.common.text import counted
from services.programme.subjects import ProgrammeSubject, programme_subject
from storage.connections import Pool
from storage.ledger import read_stream
from storage.programmes import StockRow, SurveyKey, keep_survey, stock_rows


@dataclass(frozen=True)
class HandedIn:
    """A survey that was sent, with what it would change in the stock; `read` is None for one without a file."""

    sent: Sent
    campaign: str
    city: City
    merge: Merge
    read: RegisterResult | None = None


async def hand_in_survey(
    servers: Servers,
    programme_id: str,
    city: str,
    register: Path | None,
    reason: str | None,
    map_: Path | None,
    options: SendOptions,
    place: TablePlace = ANYWHERE,
) -> HandedIn:
    """Keep the survey of a city for the open year, and send it to the programme.

    Raises:
        FaultsFound: the file is invalid, has rows of another city, or rows that the stock does not allow.
        Refused: the programme has no survey, or the actor may not.
        NotFound: no such programme or city.
    """
    pool = await servers.pool()
    subject = await programme_subject(pool, programme_id)
    if subject.kept.programme.survey is None:
        raise Refused(f"programme {programme_id} has no `survey`: its stock is that of its start")
    of = _city(subject, city)
    actor = options.actor(servers.settings.actor)
    require_authority(actor, "hand_in_survey", units_of_city(subject.frozen.plan, of))
    campaign = await open_year(pool, subject)
    read = None if register is None else _read(subject, of, register, map_, place)
    rows = read.sites if read is not None else ()
    merge = _merge(await stock_rows(pool, programme_id, [row.id for row in rows]), read, of)
    digest = register_digest(rows) if rows else None
    if digest is not None:
        at = options.event_time(subject.now, subject.zone)
        await keep_survey(pool, SurveyKey(programme_id, campaign, of.code, digest), rows, at, actor_json(actor))
    content = {"campaign": campaign, "city": of.code, "sites": len(rows), "digest": digest, "reason": reason}
    sent = await send(servers, subject, HandInSurvey, options, **content)
    return HandedIn(sent, campaign, of, merge, read)


async def open_year(pool: Pool, subject: ProgrammeSubject) -> str:
    """The campaign of the year whose survey is open: the running year, or the next one."""
    aggregate = ProgrammeAggregate(programme_terms(subject.kept, subject.campaign.clock))
    aggregate.restore(await read_stream(pool, aggregate.stream))
    return aggregate.terms.years[aggregate.state.year].campaign_id


def _city(subject: ProgrammeSubject, name: str) -> City:
    cities = subject.frozen.plan.cities
    found = next((one for one in cities if name in (one.code, one.name)), None)
    if found is None:
        known = ", ".join(f"{one.code} {one.name}" for one in cities)
        raise InvalidInput(f"--city {name}: expected a city of the programme: {known}")
    return found


def _read(
    subject: ProgrammeSubject, city: City, register: Path, map_: Path | None, place: TablePlace
) -> RegisterResult:
    mapping = None
    if map_ is not None:
        mapping, wrong = read_mapping(map_)
        if wrong:
            raise _faulty(wrong)
    result = read_register(register, subject.frozen.plan, mapping, place=place)
    faults = list(result.faults)
    for site in result.sites:
        if site.city != city.code:
            faults.append(_fault(result, site.id, f"a site of {city.code} {city.name}: each city hands in its own"))
        elif subject.kept.programme.measure is Measure.AREA and not site.area_ha:
            faults.append(_fault(result, site.id, "area_ha of every site: the programme is measured by area"))
    if faults:
        raise _faulty(faults)
    if not result.sites:
        raise InvalidInput(f"{result.file}: has no row; a survey that found nothing is handed in with --reason alone")
    return result


def _merge(standing: list[StockRow], read: RegisterResult | None, city: City) -> Merge:
    waiting = {one.site.id: one.site for one in standing if one.free}
    held = {one.site.id: one for one in standing if not one.free}
    rows = read.sites if read is not None else ()
    merge = merged(waiting, {id_: one.site for id_, one in held.items()}, rows)
    strange = [site for site in (*waiting.values(), *(one.site for one in held.values())) if site.city != city.code]
    if read is not None and (merge.blocked or strange):
        faults = [
            _fault(read, site.id, f"what is known of it: campaign {held[site.id].campaign} has it, or treated it")
            for site in merge.blocked
        ]
        faults += [_fault(read, site.id, f"an id of its own: the stock has it in {site.city}") for site in strange]
        raise _faulty(faults)
    return merge


def _fault(result: RegisterResult, site: str, expected: str) -> Fault:
    return Fault(result.file, site, expected, path=f"site {site}")


def _faulty(faults: list[Fault]) -> FaultsFound:
    return FaultsFound(
        FaultList.of(faults), f"{counted(len(faults), 'fault')}; nothing was handed in. Correct what is listed"
    )
