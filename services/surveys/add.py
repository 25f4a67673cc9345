"""Adds a survey: reads it, checks it against its campaign, stores it in one transaction, sends it to its cities."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from intake.files.faults import FaultList
from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from intake.register.mapping import RegisterMap, read_mapping
from intake.register.register_file import RegisterResult, read_register
from intake.register.survey_check import SurveyContext
from intake.register.survey_file import survey_of
from rules.authority import require_authority
from rules.ledger_state import actor_json
from rules.terms.plan import ends_at
from rules.terms.units import units_of_city
from schemas.actor import Actor
from schemas.base import Identifier
from schemas.errors import InvalidInput, Refused
from schemas.options.surveys import AddSurvey, Found, Survey, SurveyRecord
from services.campaign.elsewhere import elsewhere
from services.common.connection import Servers
from services.common.feedback import FaultsFound
from services.common.send_options import SendOptions
from services.common.sending import Sent, send
from services.common.subjects import Subject, campaign_subject, city_subject
from services.common.text import counted
from storage.connections import Pool
from storage.register import every_site, open_elsewhere
from storage.surveys import SurveyOutcome, add_survey, list_surveys, taken_ids


@dataclass(frozen=True)
class Added:
    """A stored survey, and the result of the command to each of its cities, by code."""

    subject: Subject
    survey: Survey
    outcome: SurveyOutcome
    sent: Mapping[str, Sent]
    register: RegisterResult


def require_identifier(survey_id: str) -> None:
    """InvalidInput for an invalid survey id."""
    try:
        TypeAdapter(Identifier).validate_python(survey_id)
    except ValidationError:
        raise InvalidInput(f"--id {survey_id}: expected letters, digits, dot, dash or underscore") from None


async def add_survey_of(
    servers: Servers,
    campaign: str,
    register: Path,
    survey_id: str,
    found: str | None,
    map_: Path | None,
    options: SendOptions,
    place: TablePlace = ANYWHERE,
) -> Added:
    """Store a survey and send it to its cities.

    Raises:
        FaultsFound: the register or its mapping is invalid.
        Refused: the plan has no surveys, the campaign is over, the actor may not, or the id has another content.
    """
    pool = await servers.pool()
    subject = await campaign_subject(pool, campaign)
    at = options.event_time(subject.now, subject.zone)
    _require_open(subject, survey_id, at)
    actor = options.actor(servers.settings.actor)
    taken = await taken_ids(pool, campaign, survey_id)
    standing = [site for site in await every_site(pool, campaign) if site.survey != survey_id]
    marking = SurveyContext(survey_id, Found(found) if found else None, _where(taken), standing)
    read = _read(subject, register, map_, marking, place)
    survey = survey_of(survey_id, read)
    also_open = elsewhere(register.name, survey.sites, await open_elsewhere(pool, campaign))
    read = replace(read, warnings=read.warnings + also_open)
    _require_authority(subject, actor, survey)
    outcome = await add_survey(pool, campaign, survey, actor_json(actor), at)
    sent = await _send_to_cities(servers, subject, survey, replace(options, at=at))
    return Added(subject, survey, outcome, sent, read)


def _require_open(subject: Subject, survey_id: str, at: datetime) -> None:
    plan = subject.frozen.plan
    if plan.survey is None:
        raise Refused(
            f"survey {survey_id}: the plan of {plan.id} has no `survey`, so nothing is added while it runs; "
            "what is found now belongs to the next campaign"
        )
    if at >= ends_at(subject.frozen):
        raise Refused(
            f"survey {survey_id}: campaign {plan.id} ended on {plan.ends_on}; what is found now belongs to the next one"
        )


def _where(taken: Mapping[str, str | None]) -> dict[str, str]:
    return {one: "the register" if survey is None else f"survey {survey}" for one, survey in taken.items()}


def _read(
    subject: Subject, register: Path, map_: Path | None, marking: SurveyContext, place: TablePlace
) -> RegisterResult:
    mapping: RegisterMap | None = None
    if map_ is not None:
        mapping, wrong = read_mapping(map_)
        if wrong:
            raise _faulty(FaultList.of(wrong))
    result = read_register(register, subject.frozen.plan, mapping, survey=marking, place=place)
    if result.faults:
        raise _faulty(FaultList(result.faults))
    if not result.sites:
        raise InvalidInput(f"{result.file}: has no row; a survey that found nothing is none")
    return result


def _faulty(faults: FaultList) -> FaultsFound:
    return FaultsFound(faults, f"{counted(len(faults), 'fault')}; nothing was added. Correct what is listed")


def _require_authority(subject: Subject, actor: Actor, survey: Survey) -> None:
    """Raises Refused unless the actor may send it to each of its cities; called before anything is stored."""
    plan = subject.frozen.plan
    for code in survey.cities():
        try:
            require_authority(actor, "survey_added", units_of_city(plan, plan.city(code)))
        except Refused as refused:
            raise Refused(f"survey {survey.id} has sites in {code} {plan.city(code).name}: {refused}") from None


async def _send_to_cities(servers: Servers, subject: Subject, survey: Survey, options: SendOptions) -> dict[str, Sent]:
    sent = {}
    for code, counts in survey.cities().items():
        city = await city_subject(await servers.pool(), subject.campaign_id, code)
        own = None if options.command_id is None else f"{options.command_id}:{code}"
        content: dict[str, Any] = {"survey": survey.id, "digest": survey.digest, **counts.model_dump()}
        sent[code] = await send(servers, city, AddSurvey, replace(options, command_id=own), **content)
    return sent


async def read_surveys(pool: Pool, campaign: str) -> tuple[Subject, list[SurveyRecord]]:
    """A campaign and its surveys, oldest first."""
    return await campaign_subject(pool, campaign), await list_surveys(pool, campaign)
