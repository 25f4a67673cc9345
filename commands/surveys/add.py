"""One survey: read and checked against its campaign, kept in Postgres as a whole, then told to its cities."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from rich.text import Text

from commands.campaign.check_view import show_faults
from commands.common.actors import acting
from commands.common.connection import Servers, connected
from commands.common.flags import Sending
from commands.common.sending import verdict_on
from commands.common.subjects import Subject, campaign_subject, city_subject
from commands.common.tables import console, counted, local, print_json, table
from intake.files.faults import FaultList
from intake.register.mapping import RegisterMap, read_mapping
from intake.register.register_file import read_register
from intake.register.survey_check import Marking
from intake.register.survey_file import survey_of
from rules.aggregate import actor_json
from rules.authority import require_authority
from rules.terms.plan import ends_at
from rules.terms.units import units_of_city
from schemas.actor import Actor
from schemas.base import Identifier
from schemas.errors import InvalidInput, Refused
from schemas.options.surveys import AddSurvey, Found, Survey
from storage.surveys import SurveyOutcome, add_survey, list_surveys, taken_ids

_HEADS = ("survey", "added", "sites", "newly found", "missed", "cities", "digest")


async def survey_all(
    campaign: str, register: Path, survey_id: str, found: str | None, map_: Path | None, sending: Sending
) -> int:
    """Keep a survey and tell its cities; returns 0.

    Raises:
        InvalidInput: the register is faulty, after all faults were shown.
        Refused: the plan takes no surveys, the campaign is over, the actor may not, or the id has another content;
            or a city refused what it was told, after all cities were told.
    """
    try:
        TypeAdapter(Identifier).validate_python(survey_id)
    except ValidationError:
        raise InvalidInput(f"--id {survey_id}: expected letters, digits, dot, dash or underscore") from None
    async with connected() as servers:
        pool = await servers.pool()
        subject = await campaign_subject(pool, campaign)
        at = sending.at or subject.now
        _require_open(subject, survey_id, at)
        actor = acting(sending.as_, servers.settings.actor)
        taken = await taken_ids(pool, campaign, survey_id)
        survey = _read(subject, register, map_, Marking(survey_id, Found(found) if found else None, _where(taken)))
        _require_authority(subject, actor, survey)
        outcome = await add_survey(pool, campaign, survey, actor_json(actor), at)
        verdicts = await _tell(servers, subject, survey, replace(sending, at=at))
        _show(subject, survey, outcome, verdicts, as_json=sending.json)
        refused = [f"{code}: {why}" for code, (verdict, why) in verdicts.items() if verdict == "refused"]
        if refused:
            raise Refused(f"survey {survey_id} is kept, and was refused by {'; '.join(refused)}")
    return 0


async def list_all(campaign: str, *, as_json: bool) -> int:
    """The surveys of a campaign."""
    async with connected() as servers:
        pool = await servers.pool()
        subject = await campaign_subject(pool, campaign)
        found = await list_surveys(pool, campaign)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    elif not found:
        console().print(f"campaign {campaign} has no survey")
    else:
        rows = [
            (
                one.id, local(one.at, subject.zone), *_sums(one.cities.values()), " ".join(sorted(one.cities)),
                one.digest[:12],
            )
            for one in found
        ]  # fmt: skip
        console().print(table(_HEADS, rows, right=_HEADS[2:5]))
    return 0


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


def _read(subject: Subject, register: Path, map_: Path | None, marking: Marking) -> Survey:
    mapping: RegisterMap | None = None
    if map_ is not None:
        mapping, wrong = read_mapping(map_)
        if wrong:
            raise _invalid(FaultList.of(wrong))
    result = read_register(register, subject.frozen.plan, mapping, survey=marking)
    if result.faults:
        raise _invalid(FaultList(result.faults))
    if not result.sites:
        raise InvalidInput(f"{result.file}: has no row; a survey that found nothing is none")
    return survey_of(marking.survey, result)


def _invalid(faults: FaultList) -> InvalidInput:
    show_faults(console(), faults)
    return InvalidInput(f"{counted(len(faults), 'fault')}; nothing was added. Correct what is listed")


def _require_authority(subject: Subject, actor: Actor, survey: Survey) -> None:
    """Whoever brings it may tell each of its cities; said before anything is kept."""
    plan = subject.frozen.plan
    for code in survey.cities():
        try:
            require_authority(actor, "survey_added", units_of_city(plan, plan.city(code)))
        except Refused as refused:
            raise Refused(f"survey {survey.id} has sites in {code} {plan.city(code).name}: {refused}") from None


async def _tell(
    servers: Servers, subject: Subject, survey: Survey, sending: Sending
) -> dict[str, tuple[str, str | None]]:
    """Each city's verdict, and the reason of a refusal."""
    verdicts = {}
    for code, counts in survey.cities().items():
        city = await city_subject(await servers.pool(), subject.campaign_id, code)
        own = None if sending.command_id is None else f"{sending.command_id}:{code}"
        told: dict[str, Any] = {"survey": survey.id, "digest": survey.digest, **counts.model_dump()}
        verdicts[code] = await verdict_on(servers, city, AddSurvey, replace(sending, command_id=own), **told)
    return verdicts


def _show(
    subject: Subject,
    survey: Survey,
    outcome: SurveyOutcome,
    verdicts: Mapping[str, tuple[str, str | None]],
    *,
    as_json: bool,
) -> None:
    cities = survey.cities()
    if as_json:
        told = [
            {"code": code, **cities[code].model_dump(), "verdict": verdict, "reason": why}
            for code, (verdict, why) in verdicts.items()
        ]
        kept = {"campaign_id": subject.campaign_id, "survey": survey.id, "digest": survey.digest}
        print_json({**kept, "outcome": outcome.value, "sites": len(survey.sites), "cities": told})
        return
    out, plan = console(), subject.frozen.plan
    number = counted(len(survey.sites), "site")
    headline = {
        SurveyOutcome.ADDED: f"added: survey {survey.id} with {number}",
        SurveyOutcome.ALREADY_THERE_SAME: f"unchanged: survey {survey.id} with {number} was added before",
    }[outcome]
    out.print(Text(headline, style="bold"))
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
