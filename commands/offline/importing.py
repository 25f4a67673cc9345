"""Bringing an edited export back: judged row by row, sent, and told."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from commands.campaign.check_view import show_faults
from commands.common.actors import acting
from commands.common.connection import Servers, connected
from commands.common.flags import Sending
from commands.common.sending import verdict_on
from commands.common.subjects import campaign_subject, site_subject
from commands.common.tables import console, counted, local, print_json, table
from commands.offline.commands import Ready, built
from commands.offline.edits import Clash, Exported, Outcome, Unwanted, Wanted
from intake.files.faults import FaultList
from intake.offline_file import OfflineFile, OfflineRow, read_offline
from reports.offline import cell_text, tasks_file
from schemas.errors import HundredDaysError, InvalidInput, NotFound, Refused
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.streams import site_stream
from storage.connections import Pool
from storage.ledger import read_stream
from storage.status import site_status

_HEADERS = ("file", "row", "site", "column", "exported", "yours", "now", "who", "when", "what")
_REFUSED, _WOULD_REFUSE, _NOT_SENT = "refused", "would be refused", "not sent"


async def brought_back(campaign: str, file: Path, dry_run: bool, conflicts: Path | None, sending: Sending) -> int:
    """Judge the file, send what may be sent, and tell everything; returns 0.

    Raises:
        InvalidInput: rows that can not be read, all of them shown; nothing was sent.
        Refused: there were conflicts or refusals; everything else was taken.
        Unreachable: a server went away midway; what was sent and what was not was told.
    """
    read = read_offline(file, tasks_file(file) if file.suffix.lower() == ".csv" else None)
    if read.faults:
        show_faults(console(), FaultList.of(read.faults))
        raise InvalidInput(f"{counted(len(read.faults), 'fault')}; correct what is listed; nothing was sent")
    async with connected() as servers:
        pool = await servers.pool()
        subject = await campaign_subject(pool, campaign)
        found = await _judged(pool, subject.frozen, read, subject.now)
        actor = acting(sending.as_, servers.settings.actor)
        ready, rest = built(found, actor, sending.at or subject.now)
        broken: HundredDaysError | None = None
        if dry_run:
            told = [_foreseen(one) for one in ready]
        else:
            told, broken = await _all_sent(servers, campaign, [one.wanted for one in ready], sending)
    trouble = [_trouble(one, subject.frozen) for one in rest]
    trouble += [_refused(line) for line in told if line["verdict"] in (_REFUSED, _WOULD_REFUSE)]
    if conflicts is not None:
        _write(conflicts, trouble)
    _show(read.files, told, trouble, sending.json)
    went = sum(line["verdict"] not in (_REFUSED, _WOULD_REFUSE, _NOT_SENT) for line in told)
    if broken is not None:
        if not sending.json:
            sent = f"{went} of {counted(len(told), 'edit')} sent"
            console().print(f"broken off: {sent}; the same file again sends the rest")
        raise broken
    if trouble:
        sent = "nothing was sent" if dry_run else f"{counted(went, 'edit')} sent"
        raise Refused(f"{counted(len(trouble), 'edit')} in conflict or refused, listed above; {sent}")
    return 0


async def _judged(pool: Pool, frozen: FrozenPlan, read: OfflineFile, now: Any) -> list[Outcome]:
    by_site: dict[str, list[OfflineRow]] = {}
    for row in (*read.register, *read.tasks):
        by_site.setdefault(row.site_id, []).append(row)
    found: list[Outcome] = []
    for site_id, rows in by_site.items():
        try:
            status = await site_status(pool, frozen.plan.id, site_id, now)
        except NotFound as unknown:
            found += [Unwanted(row, "id", str(unknown)) for row in rows]
            continue
        entries = await read_stream(pool, site_stream(frozen.plan.id, site_id))
        exported = Exported(frozen, Site.model_validate(status.site), status.opened_at, entries)
        found += [outcome for row in rows for outcome in exported.judge(row)]
    return sorted(found, key=lambda one: (one.row.file, one.row.requirement is not None, one.row.row))


async def _all_sent(
    servers: Servers, campaign: str, wanted: Sequence[Wanted], sending: Sending
) -> tuple[list[dict[str, Any]], HundredDaysError | None]:
    """What became of each edit; with the error that broke it off, after which nothing was sent."""
    told: list[dict[str, Any]] = []
    for place, one in enumerate(wanted):
        try:
            told.append(await _sent(servers, campaign, one, sending))
        except HundredDaysError as error:
            unsure = _told(one, _NOT_SENT, str(error))
            return [*told, unsure, *(_told(later, _NOT_SENT, None) for later in wanted[place + 1 :])], error
    return told, None


def _foreseen(one: Ready) -> dict[str, Any]:
    reason = one.refusal
    return _told(one.wanted, "would be sent" if reason is None else _WOULD_REFUSE, reason)


async def _sent(servers: Servers, campaign: str, one: Wanted, sending: Sending) -> dict[str, Any]:
    subject = await site_subject(await servers.pool(), f"{campaign}/{one.row.site_id}")
    mine = replace(sending, command_id=one.command_id, at=one.at or sending.at)
    verdict, reason = await verdict_on(servers, subject, one.model, mine, **one.content)
    return _told(one, verdict, reason)


def _told(one: Wanted, verdict: str, reason: str | None) -> dict[str, Any]:
    place = {"file": one.row.file, "row": one.row.row, "site": one.row.site_id, "edit": one.said}
    return {**place, "verdict": verdict, "reason": reason, "command_id": one.command_id}


def _trouble(one: Outcome, frozen: FrozenPlan) -> dict[str, Any]:
    line = dict.fromkeys(_HEADERS, "") | {"file": one.row.file, "row": one.row.row, "site": one.row.site_id}
    if isinstance(one, Unwanted):
        return line | {"column": one.column, "yours": one.row.cells.get(one.column, ""), "what": one.reason}
    assert isinstance(one, Clash)
    c, who = one.conflict, one.who
    line |= {"column": c.field, "exported": cell_text(c.exported), "yours": cell_text(c.yours)}
    line |= {"now": cell_text(c.theirs), "what": "changed meanwhile"}
    if one.entry is not None and who is not None:
        line |= {"who": f"{who.id} ({who.role}, {who.unit})", "when": local(one.entry.at, frozen.plan.zone)}
        line["what"] = f"changed meanwhile: {one.entry.kind}"
    return line


def _refused(told: dict[str, Any]) -> dict[str, Any]:
    line = dict.fromkeys(_HEADERS, "") | {name: told[name] for name in ("file", "row", "site")}
    return line | {"column": told["edit"], "what": f"{told['verdict']}: {told['reason']}"}


def _write(target: Path, trouble: Sequence[dict[str, Any]]) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", newline="", encoding="utf-8-sig") as out:
            writer = csv.DictWriter(out, _HEADERS)
            writer.writeheader()
            writer.writerows(trouble)
    except OSError as error:
        raise InvalidInput(f"{target}: can not be written ({error.strerror})") from error


def _show(
    files: Sequence[str], told: Sequence[dict[str, Any]], trouble: Sequence[dict[str, Any]], as_json: bool
) -> None:
    """Each edit once: what was refused stands among the troubles."""
    if as_json:
        print_json({"files": files, "edits": told, "conflicts": trouble})
        return
    out = console()
    out.print(f"read: {' and '.join(files)}")
    named = ("file",) if len(files) > 1 else ()
    shown = [line for line in told if line["verdict"] not in (_REFUSED, _WOULD_REFUSE)]
    if shown:
        headers = (*named, "row", "site", "edit", "verdict", "reason")
        out.print(table(headers, _cells(shown, headers)))
    if trouble:
        headers = (*named, *_HEADERS[1:])
        out.print(table(headers, _cells(trouble, headers)))
    if not told and not trouble:
        out.print("no edits: every field is as it was exported, or as others left it meanwhile")


def _cells(lines: Iterable[dict[str, Any]], headers: Sequence[str]) -> list[list[Any]]:
    return [[line[header] for header in headers] for line in lines]
