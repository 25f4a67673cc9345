"""Imports an edited export: judges it row by row, and sends the commands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from intake.files.faults import Fault, FaultList
from intake.offline_cells import KnownIds
from intake.offline_file import OfflineFile, OfflineRow, read_offline
from reports.offline import tasks_file
from rules.command_results import Received
from rules.site.aggregate import SiteAggregate
from schemas.answers import Verdict
from schemas.errors import HundredDaysError, NotFound
from schemas.identity import Spellings
from schemas.plan import FrozenPlan, Plan
from schemas.register import Site
from schemas.streams import site_stream
from services.common.connection import Servers
from services.common.feedback import FaultsFound
from services.common.send_options import SendOptions
from services.common.sending import send
from services.common.subjects import campaign_subject, site_subject
from services.common.text import counted
from services.offline.commands import Ready, built
from services.offline.edits import Exported, Outcome, Unwanted, Wanted
from storage.connections import Pool
from storage.ledger import read_stream
from storage.status import site_status
from storage.surveys import taken_ids

REFUSED, WOULD_REFUSE, NOT_SENT = "refused", "would be refused", "not sent"


@dataclass(frozen=True)
class SentEdit:
    """An edit and its verdict: of its command, of a dry run, or that it was not sent."""

    wanted: Wanted
    verdict: str
    reason: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the rules refused it, or would refuse it."""
        return self.verdict in (REFUSED, WOULD_REFUSE)

    @property
    def went(self) -> bool:
        """Whether it was sent and accepted or kept."""
        return not self.is_refused and self.verdict != NOT_SENT


@dataclass(frozen=True)
class Imported:
    """The result of an import: its edits, and the rows without a command.

    `broken` is the error that stopped the sending.
    """

    frozen: FrozenPlan
    files: Sequence[str]
    edits: Sequence[SentEdit]
    rest: Sequence[Outcome]
    broken: HundredDaysError | None = None
    warnings: Sequence[Fault] = ()
    """What was filled, or may have been read otherwise than its author meant."""


def read_file(file: Path, plan: Plan) -> OfflineFile:
    """The rows of an edited export, of a CSV with those of its tasks; FaultsFound for invalid rows."""
    beside = tasks_file(file) if file.suffix.lower() == ".csv" else None
    read = read_offline(file, beside, (plan.starts_on, plan.ends_on))
    if read.faults:
        message = f"{counted(len(read.faults), 'fault')}; correct what is listed; nothing was sent"
        raise FaultsFound(FaultList.of(read.faults), message)
    return read


async def bring_back(servers: Servers, campaign: str, file: Path, dry_run: bool, options: SendOptions) -> Imported:
    """Read the file, judge its rows and send the commands, or with `dry_run` only predict the verdicts.

    Raises FaultsFound for invalid rows; nothing is sent then.
    """
    pool = await servers.pool()
    subject = await campaign_subject(pool, campaign)
    read = read_file(file, subject.frozen.plan)
    found = await _judged(pool, subject.frozen, read, subject.now)
    actor = options.actor(servers.settings.actor)
    ready, rest = built(found, actor, options.event_time(subject.now, subject.zone))
    broken: HundredDaysError | None = None
    if dry_run:
        edits = foreseen(ready)
    else:
        edits, broken = await send_all(servers, campaign, [one.wanted for one in ready], options)
    return Imported(subject.frozen, read.files, edits, rest, broken, read.warnings)


async def _judged(pool: Pool, frozen: FrozenPlan, read: OfflineFile, now: datetime) -> list[Outcome]:
    by_site: dict[str, list[OfflineRow]] = {}
    taken = await taken_ids(pool, frozen.plan.id, "")
    known, spellings = KnownIds(taken), Spellings(taken)
    for row in (*read.register, *read.tasks):
        site_id = spellings.known(known.restored(row.site_id))
        by_site.setdefault(site_id, []).append(row if site_id == row.site_id else replace(row, site_id=site_id))
    found: list[Outcome] = []
    for site_id, rows in by_site.items():
        try:
            status = await site_status(pool, frozen.plan.id, site_id, now)
        except NotFound as unknown:
            found += [Unwanted(row, "id", str(unknown)) for row in rows]
            continue
        entries = await read_stream(pool, site_stream(frozen.plan.id, site_id))
        exported = Exported(frozen, Site.model_validate(status.site), status.opened_at, entries, now)
        found += [outcome for row in rows for outcome in exported.judge(row)]
    return sorted(found, key=lambda one: (one.row.file, one.row.requirement is not None, one.row.row))


async def send_all(
    servers: Servers, campaign: str, wanted: Sequence[Wanted], options: SendOptions
) -> tuple[list[SentEdit], HundredDaysError | None]:
    """The result of each edit, and the error that stopped the sending, if any."""
    edits: list[SentEdit] = []
    for place, one in enumerate(wanted):
        try:
            edits.append(await _sent(servers, campaign, one, options))
        except HundredDaysError as error:
            unsure = SentEdit(one, NOT_SENT, str(error))
            return [*edits, unsure, *(SentEdit(later, NOT_SENT) for later in wanted[place + 1 :])], error
    return edits, None


def foreseen(ready: Sequence[Ready]) -> list[SentEdit]:
    """The predicted verdict of each edit, by the site's rules, its present ledger and the edits before it."""
    sites: dict[str, SiteAggregate] = {}
    edits = []
    for one in ready:
        now = one.wanted.aggregate
        site = sites.get(one.wanted.row.site_id) or SiteAggregate(now.terms, now.state.model_copy(deep=True))
        sites[one.wanted.row.site_id] = site
        outcome = site.advance([Received(one.command, one.now)], one.now)
        result = outcome.result_of(one.command.command_id)
        verdict = WOULD_REFUSE if result.verdict is Verdict.REFUSED else "would be sent"
        edits.append(SentEdit(one.wanted, verdict, result.reason, result.warnings))
    return edits


async def _sent(servers: Servers, campaign: str, one: Wanted, options: SendOptions) -> SentEdit:
    subject = await site_subject(await servers.pool(), f"{campaign}/{one.row.site_id}")
    mine = replace(options, command_id=one.command_id, at=one.at or options.at)
    sent = await send(servers, subject, one.model, mine, **one.content)
    return SentEdit(one, sent.verdict, sent.refusal, () if sent.answer is None else sent.answer.warnings)
