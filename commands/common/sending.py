"""Giving a command: as an update that answers, or, where no worker answers in time, as a signal that is kept.

Both bear the same command id, so that a command which arrives twice counts once.
"""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import ValidationError

from commands.common.actors import acting
from commands.common.answers import name_of, tell_judged, tell_kept, tell_refused
from commands.common.connection import Servers, connected
from commands.common.document_names import same_name
from commands.common.flags import Sending
from commands.common.subjects import Subject, campaign_subject, city_subject, document_subject, site_subject
from intake.files.wording import from_pydantic
from rules.documents.addressing import FOR_THE_APPROVER
from runtime.settings import Settings
from schemas.answers import Answer, Verdict
from schemas.command import Command
from schemas.documents.delivery import Resend
from schemas.errors import HundredDaysError, InvalidInput, NoOpenDocument, Refused, Unreachable
from storage.connections import Pool
from storage.document_file import DocumentFileEntry
from storage.ledger import read_stream

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_SIGNAL_PATIENCE = timedelta(seconds=5)
_ENDED_MEANWHILE = "AcceptedUpdateCompletedWorkflow"
"""Temporal's word for an update whose workflow ended before it answered."""


async def to_campaign(campaign: str, model: type[Command], sending: Sending, **content: object) -> int:
    """Give a command of this kind and content to a campaign; returns 0, raises as `send` does."""
    async with connected() as servers:
        subject = await campaign_subject(await servers.pool(), campaign)
        return await send(servers, subject, _command(sending, servers.settings, model, subject, content), sending)


async def to_city(campaign: str, city: str, model: type[Command], sending: Sending, **content: object) -> int:
    """The same to a city, by its code or name."""
    async with connected() as servers:
        subject = await city_subject(await servers.pool(), campaign, city)
        return await send(servers, subject, _command(sending, servers.settings, model, subject, content), sending)


async def to_site(site: str, model: type[Command], sending: Sending, **content: object) -> int:
    """The same to a site, by CAMPAIGN/SITE or an id that only one campaign has."""
    async with connected() as servers:
        subject = await site_subject(await servers.pool(), site)
        return await send(servers, subject, _command(sending, servers.settings, model, subject, content), sending)


async def to_document(
    campaign: str, document: str, model: type[Command], sending: Sending, city: str | None = None, **content: object
) -> int:
    """The same to the desk that keeps a document, by the document's number or key; the command names the key.

    A request for approval, and what reminds of it, stands for the draft it speaks of. With `city` the document must
    be one of that city; Refused says whose it is.
    """
    async with connected() as servers:
        pool = await servers.pool()
        if city is not None:
            desk = await city_subject(pool, campaign, city)
            if same_name(document, desk.frozen.plan.document_number):  # the plan stands in every city's file
                if content.get("unit") is not None:
                    raise Refused(f"{document} is the plan: the city signs for it as a whole, without --unit")
                return await send(servers, desk, _command(sending, servers.settings, model, desk, {}), sending)
        subject = await document_subject(pool, campaign, document, None if city is None else desk.city)
        if subject.document is not None and subject.document.kind in FOR_THE_APPROVER and subject.document.about:
            subject = await document_subject(pool, campaign, subject.document.about)
        kept = _kept_by_a_desk(subject)
        if city is not None and desk.city != kept.city:
            raise Refused(f"{subject.label} is a document of {kept.city} {subject.frozen.plan.city(kept.city).name}")
        command = _command(sending, servers.settings, model, subject, {**content, "document": kept.key})
        return await send(servers, subject, command, sending)


async def to_delivery(campaign: str, document: str, sending: Sending, channel: str | None) -> int:
    """Have a document's dead letters sent again."""
    async with connected() as servers:
        subject = replace(await document_subject(await servers.pool(), campaign, document), is_delivery=True)
        content: dict[str, object] = {"channel": channel}
        return await send(servers, subject, _command(sending, servers.settings, Resend, subject, content), sending)


async def to_subject(
    servers: Servers, subject: Subject, model: type[Command], sending: Sending, **content: object
) -> int:
    """The same to a subject that was found already."""
    return await send(servers, subject, _command(sending, servers.settings, model, subject, content), sending)


def _kept_by_a_desk(subject: Subject) -> DocumentFileEntry:
    """The document itself; Refused if no city's desk keeps it."""
    assert subject.document is not None
    if subject.city is None:
        raise Refused(
            f"{subject.label} is a document of the campaign as a whole: no city's desk keeps it, and nothing is "
            "asked for under it"
        )
    return subject.document


async def send(servers: Servers, subject: Subject, command: Command, sending: Sending) -> int:
    """Give one command and tell what became of it; returns 0.

    Raises:
        Refused: the rules do not allow it, or its workflow is not there; says why.
        Unreachable: Temporal does not answer.
    """
    try:
        answer = await _judged(servers, subject, command, sending)
    except Refused as refused:
        if sending.json:
            tell_refused(command, str(refused))
        raise Refused(f"{name_of(command)} at {subject.label}: {_once_named(subject, str(refused))}") from None
    if answer is None:
        tell_kept(subject, command, sending.json, None if sending.signal else sending.wait)
    else:
        tell_judged(subject, command, answer, sending.json, dated=sending.at is not None)
    return 0


def _once_named(subject: Subject, reason: str) -> str:
    """The reason without the name of the document that it is about, which the label before it says already."""
    if subject.document is None:
        return reason
    for name in (subject.document.number, subject.document.key):
        if name and reason.startswith(f"{name} "):
            return f"it {reason.removeprefix(f'{name} ')}"
    return reason


async def verdict_on(
    servers: Servers, subject: Subject, model: type[Command], sending: Sending, **content: object
) -> tuple[str, str | None]:
    """One of many commands: its verdict (accepted, duplicate, kept, refused) and the reason of a refusal."""
    try:
        answer = await _judged(servers, subject, _command(sending, servers.settings, model, subject, content), sending)
    except Refused as refused:
        return "refused", str(refused)
    return ("kept", None) if answer is None else (answer.verdict.value, None)


async def _judged(servers: Servers, subject: Subject, command: Command, sending: Sending) -> Answer | None:
    """The answer, None for a command that was kept; Refused gives the reason alone."""
    handle = (await servers.client()).get_workflow_handle(subject.stream)
    try:
        answer = await _give(handle, command, sending)
        if answer is not None and sending.command_id is not None:
            # Temporal answers an update id it knows without asking the rules, whatever the update says this time.
            await _has_counted(await servers.pool(), subject, command)
        return answer
    except _Absent:
        from commands.common.absence import last_state, why_absent

        pool = await servers.pool()
        if not await _has_counted(pool, subject, command):
            raise await why_absent(pool, subject, command) from None
        verdict = Verdict.ACCEPTED if sending.command_id is None else Verdict.DUPLICATE
        return Answer(command_id=command.command_id, verdict=verdict, state=await last_state(pool, subject))
    except NoOpenDocument as error:
        from commands.common.absence import settled_document

        raise settled_document(subject, command) or error from None
    except Refused as refused:
        from commands.common.absence import still_tried

        raise Refused(f"{refused}{still_tried(subject)}") from None


async def _has_counted(pool: Pool, subject: Subject, command: Command) -> bool:
    """Whether the ledger has this command, other than as refused; Refused if its id stands there for another one."""
    from rules.aggregate import fingerprint

    counted = False
    for entry in await read_stream(pool, subject.stream):
        data = json.loads(entry.data)
        if data.get("command_id") != command.command_id:
            continue
        counted = counted or entry.kind != "refused"
        if data.get("fingerprint") not in (None, fingerprint(command)):
            raise Refused(
                f"command id {command.command_id!r} was used before for another content; give each command its own id"
            )
    return counted


def _command(
    sending: Sending, settings: Settings, model: type[Command], subject: Subject, content: dict[str, object]
) -> Command:
    """The command itself; InvalidInput lists everything that does not hold, Misused where nobody gives it."""
    said = {
        "command_id": sending.command_id or str(uuid4()),
        "actor": acting(sending.as_, settings.actor),
        "effective_at": sending.at or subject.now,
        **content,
    }
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise InvalidInput("; ".join(said_wrong(error))) from None


def said_wrong(error: ValidationError) -> list[str]:
    """What of a command does not hold, in the order of its fields: the field, what it expects, what was said."""
    said = []
    for fault in error.errors(include_url=False):
        field = ".".join(map(str, fault["loc"])) or "command"
        expected = from_pydantic(fault["type"], fault["msg"], fault.get("ctx", {}))
        if fault["type"] == "value_error":  # a sentence of the command itself
            said.append(f"{field}: {expected}")
        else:
            given = "" if fault["type"] == "missing" else f", not {str(fault['input'])[:80]!r}"
            said.append(f"{field}: expected {expected}{given}")
    return said


class _Absent(Exception):
    """There is no running workflow of this id. Never leaves this module."""


async def _give(handle: "WorkflowHandle[Any, Any]", command: Command, sending: Sending) -> Answer | None:
    """The answer, None for a command that was kept as a signal."""
    from temporalio.service import RPCError, RPCStatusCode

    try:
        answer = None if sending.signal else await _ask(handle, command, sending.wait)
        if answer is None:
            await handle.signal(name_of(command), command, rpc_timeout=_SIGNAL_PATIENCE)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise _Absent from None
        if error.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED):
            raise Unreachable(
                f"Temporal went away while the command was given ({error.message}); give it again"
            ) from error
        raise HundredDaysError(
            f"{name_of(command)} was not taken by Temporal ({error.message}); give it again"
        ) from error
    return answer


async def _ask(handle: "WorkflowHandle[Any, Any]", command: Command, patience: float) -> Answer | None:
    """The update's answer; None if none came in time: it may still be judged, so its id goes on with the signal."""
    from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
    from temporalio.exceptions import ApplicationError
    from temporalio.service import RPCError, RPCStatusCode

    from runtime.temporal import ask

    try:
        async with asyncio.timeout(patience):
            return await ask(handle, name_of(command), command)
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        return None
    except RPCError as error:
        if error.status is RPCStatusCode.RESOURCE_EXHAUSTED:  # too many callers wait there already
            return None
        raise
    except WorkflowUpdateFailedError as failure:
        cause = failure.cause
        if not isinstance(cause, ApplicationError):
            raise HundredDaysError(f"{name_of(command)} was not judged: {cause}; give it again") from failure
        if cause.type == _ENDED_MEANWHILE:
            raise _Absent from None
        raise (NoOpenDocument if cause.type == NoOpenDocument.__name__ else Refused)(cause.message) from None
