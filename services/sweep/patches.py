"""The two-way sweep: issues a file of patches, hands over a clue, and settles what a county has checked."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from intake.files.faults import Fault, FaultList
from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from intake.register.patch_file import read_patches
from intake.register.register_file import read_register
from intake.register.survey_check import SurveyContext
from intake.register.survey_file import survey_of
from rules.authority import require_authority
from rules.ledger_state import actor_json
from rules.terms.plan import ends_at
from rules.terms.sweep import sweep_of
from rules.terms.units import units_of_city, units_of_county
from schemas.actor import Units, unit_name
from schemas.errors import NotFound, Refused
from schemas.options.surveys import Found, Survey
from schemas.options.sweep import (
    ConfirmPatch,
    IssuePatches,
    ListedPatch,
    Outcome,
    Patch,
    PatchLine,
    RefutePatch,
    ReportClue,
    clue_of,
    patches_digest,
    survey_of_patch,
)
from schemas.register import Site
from services.common.connection import Servers
from services.common.feedback import FaultsFound
from services.common.send_options import SendOptions
from services.common.sending import Sent, command_of, send
from services.common.subjects import Subject, campaign_subject, city_subject
from services.common.text import counted
from storage.connections import Pool
from storage.register import every_site, find_site
from storage.surveys import add_survey
from storage.sweep import add_patches, list_patches


@dataclass(frozen=True)
class Issued:
    """The patches of a file, its warnings, and the result of the command to each city, by code."""

    subject: Subject
    patches: tuple[Patch, ...]
    warnings: tuple[Fault, ...]
    sent: Mapping[str, Sent]


@dataclass(frozen=True)
class NewSite:
    """What the county says of the site that a patch is; the place of the patch's row is in the file of patches."""

    id: str
    name: str
    type: str
    problems: Sequence[str] = ()
    hazard: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    missed: bool = False


async def read_sweep(pool: Pool, campaign: str) -> tuple[Subject, list[ListedPatch]]:
    """A campaign with its patches and clues."""
    return await campaign_subject(pool, campaign), await list_patches(pool, campaign)


async def issue_patches(
    servers: Servers, campaign: str, file: Path, batch: str, source: str, options: SendOptions,
    place: TablePlace = ANYWHERE,
) -> Issued:  # fmt: skip
    """Store a batch and send it to its cities; the same again reaches the cities that had not heard.

    Raises:
        FaultsFound: the file is invalid.
        Refused: the plan has no sweep, the campaign is over, the actor may not, or an id is taken.
    """
    pool = await servers.pool()
    subject = await campaign_subject(pool, campaign)
    at = options.event_time(subject.now, subject.zone)
    _require_running(subject, at)
    actor, plan = options.actor(servers.settings.actor), subject.frozen.plan
    read = read_patches(file, plan, batch, source, await every_site(pool, campaign), place)
    if read.faults:
        raise _faulty(read.faults, "issued")
    codes = sorted({one.city for one in read.patches})
    for code in codes:
        require_authority(actor, "issue_patches", units_of_city(plan, plan.city(code)))
    await add_patches(pool, campaign, read.patches, actor_json(actor), at)
    sent = {}
    for code in codes:
        own = None if options.command_id is None else f"{options.command_id}:{code}"
        sent[code] = await _issue(servers, subject, code, read.patches, replace(options, at=at, command_id=own))
    return Issued(subject, read.patches, read.warnings, sent)


async def report_clue(
    servers: Servers, campaign: str, city: str, clue: str, county: str, text: str, reference: str | None,
    options: SendOptions,
) -> Sent:  # fmt: skip
    """Store a clue of the police and send it to its city. Raises Refused as `issue_patches` does."""
    pool = await servers.pool()
    subject = await city_subject(pool, campaign, city)
    at = options.event_time(subject.now, subject.zone)
    _require_running(subject, at)
    plan, actor, code = subject.frozen.plan, options.actor(servers.settings.actor), subject.city or city
    rule = sweep_of(plan, plan.city(code))
    units = units_of_city(plan, plan.city(code))
    require_authority(actor, "report_clue", units.model_copy(update={"police": rule.police if rule else ()}))
    content: dict[str, object] = {"clue": clue, "county": county, "text": text, "reference": reference}
    command = command_of(options, servers.settings, ReportClue, subject, content)
    assert isinstance(command, ReportClue)
    await add_patches(pool, campaign, [clue_of(command, code)], actor_json(actor), at)
    return await send(servers, subject, ReportClue, replace(options, at=at), **content)


async def confirm_patch(
    servers: Servers, campaign: str, patch: str, new: NewSite | str, options: SendOptions
) -> tuple[Sent, tuple[Fault, ...]]:
    """Confirm a patch or clue as a new site, or as the known one of this id; with the warnings of the new one's row."""
    pool = await servers.pool()
    subject, listed = await _listed(pool, campaign, patch)
    found = listed.patch
    actor = options.actor(servers.settings.actor)
    require_authority(actor, "confirm_patch", _units(subject, found))
    if isinstance(new, str):
        known = await find_site(pool, f"{campaign}/{new}")
        if known.city != found.city:
            raise Refused(f"{patch} lies in {found.city}, site {new} in {known.city}")
        return await send(servers, subject, ConfirmPatch, options, patch=patch, site=new), ()
    if listed.outcome not in (None, Outcome.CONFIRMED):  # nothing is stored for it; the same site again is no fault
        raise Refused(f"{patch} is settled already: it was {listed.outcome}")
    survey, warnings = _surveyed(subject, found, new, await every_site(pool, campaign))
    at = options.event_time(subject.now, subject.zone)
    await add_survey(pool, campaign, survey, actor_json(actor), at)
    content = {"patch": patch, "site": survey.sites[0].id, "digest": survey.digest, "missed": new.missed}
    return await send(servers, subject, ConfirmPatch, replace(options, at=at), **content), warnings


async def refute_patch(
    servers: Servers, campaign: str, patch: str, reason: str, evidence: str | None, options: SendOptions
) -> Sent:
    """Refute a patch or clue, with the reason."""
    subject, _ = await _listed(await servers.pool(), campaign, patch)
    return await send(servers, subject, RefutePatch, options, patch=patch, reason=reason, evidence=evidence)


async def _listed(pool: Pool, campaign: str, patch: str) -> tuple[Subject, ListedPatch]:
    """The city of a patch or clue, and the patch. Raises NotFound."""
    found = await list_patches(pool, campaign, patch)
    if not found:
        raise NotFound(f"patch {patch}: campaign {campaign} has none of this id; starter.py patches {campaign}")
    return await city_subject(pool, campaign, found[0].patch.city), found[0]


async def _issue(servers: Servers, subject: Subject, code: str, patches: Sequence[Patch], options: SendOptions) -> Sent:
    own = [one for one in patches if one.city == code]
    lines = [PatchLine(id=one.id, county=one.county, place=one.place).model_dump() for one in own]
    city = await city_subject(await servers.pool(), subject.campaign_id, code)
    content = {"batch": own[0].batch, "source": own[0].source, "digest": patches_digest(own), "patches": lines}
    return await send(servers, city, IssuePatches, options, **content)


def _require_running(subject: Subject, at: datetime) -> None:
    plan = subject.frozen.plan
    if plan.sweep is None:
        raise Refused(f"the plan of {plan.id} has no `sweep`: patches and clues are not checked in it")
    if at >= ends_at(subject.frozen):
        raise Refused(f"campaign {plan.id} ended on {plan.ends_on}; what is found now belongs to the next one")


def _units(subject: Subject, patch: Patch) -> Units:
    plan = subject.frozen.plan
    county = tuple(unit_name(one) for one in units_of_county(plan, patch.city, patch.county))
    return units_of_city(plan, plan.city(patch.city)).model_copy(update={"county": county})


def _surveyed(
    subject: Subject, patch: Patch, new: NewSite, standing: Sequence[Site]
) -> tuple[Survey, tuple[Fault, ...]]:
    """The survey of the new site: a register of one row, checked as any."""
    name = survey_of_patch(patch.id)
    others = [site for site in standing if site.survey != name]
    found = Found.MISSED if new.missed else Found.NEWLY
    context = SurveyContext(name, found, {one.id: "the register" for one in others}, others)
    row = {
        "id": new.id, "name": new.name, "city": patch.city, "county": patch.county, "type": new.type,
        "latitude": new.latitude or "", "longitude": new.longitude or "",
        "area_ha": "" if patch.area_ha is None else str(patch.area_ha),
        "problems": ";".join(new.problems), "hazard": new.hazard or "medium",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        path.write_text("\n".join(_quoted(cells) for cells in (row.keys(), row.values())), encoding="utf-8")
        read = read_register(path, subject.frozen.plan, survey=context)
    if read.faults or not read.sites:
        raise _faulty(read.faults, "confirmed")
    return survey_of(name, read), read.warnings


def _quoted(cells: Iterable[str]) -> str:
    """A line that our own reader takes; it is no file for a spreadsheet."""
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def _faulty(faults: Sequence[Fault], done: str) -> FaultsFound:
    found = FaultList(tuple(faults))
    return FaultsFound(found, f"{counted(len(found), 'fault')}; nothing was {done}. Correct what is listed")
