"""Sends a command to the city of a document, or to the delivery of a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from rules.documents.addressing import FOR_THE_APPROVER, FOR_THE_SIGNERS
from schemas.command import Command
from schemas.documents.delivery import DeadLetter, Resend
from schemas.errors import Refused
from schemas.identity import same_number
from services.common.connection import Servers
from services.common.document_names import called, find_document
from services.common.send_options import SendOptions
from services.common.sending import Sent, send
from services.common.subjects import Subject, city_subject, document_subject
from services.programme.subjects import issuer_subject
from storage.deliveries import dead_letters
from storage.document_file import DocumentFileEntry


async def send_to_document(
    servers: Servers,
    campaign: str,
    document: str,
    model: type[Command],
    options: SendOptions,
    city: str | None = None,
    **content: object,
) -> Sent:
    """Send a command about a document, by its number or key, to its city; the command has the key.

    A request for approval or signatures, and its reminder, are replaced by the draft that they are about. With `city`
    the document must be one of that city; Refused names its city.
    """
    pool = await servers.pool()
    if city is not None:
        asked = await city_subject(pool, campaign, city)
        if same_number(document, asked.frozen.plan.document_number):  # every city has the plan as a document
            if content.get("unit") is not None:
                raise Refused(f"{document} is the plan: the city signs for it as a whole, without --unit")
            return await send(servers, asked, model, options)
    subject = await document_subject(pool, campaign, document, None if city is None else asked.city)
    if subject.document is not None and subject.document.kind in FOR_THE_APPROVER | FOR_THE_SIGNERS:
        subject = await document_subject(pool, campaign, subject.document.about or document)
    kept = _of_a_city(subject)
    if city is not None and asked.city != kept.city:
        raise Refused(f"{subject.label} is a document of {kept.city} {subject.frozen.plan.city(kept.city).name}")
    return await send(servers, subject, model, options, **content, document=kept.key)


def _of_a_city(subject: Subject) -> DocumentFileEntry:
    """The document; Refused if it has no city."""
    assert subject.document is not None
    if subject.city is None:
        raise Refused(
            f"{subject.label} is a document of the campaign as a whole: no city's desk keeps it, and nothing is "
            "asked for under it; a joint plan and its amendments are signed with sign-plan"
        )
    return subject.document


async def resend(servers: Servers, campaign: str, document: str, options: SendOptions, channel: str | None) -> Sent:
    """Send the dead letters of one document (of a campaign or a programme) again, through `channel` only if given."""
    pool = await servers.pool()
    issuer, found = await issuer_subject(pool, campaign), await find_document(pool, campaign, document)
    label = f"{campaign} {called(found)}"
    subject = replace(issuer, label=label, city=found.city or None, document=found, is_delivery=True)
    return await send(servers, subject, Resend, options, channel=channel)


@dataclass(frozen=True)
class ResentAll:
    """The dead letters of a campaign, and the results of the sent commands by the document's key."""

    letters: Sequence[DeadLetter]
    channels: Mapping[str, Sequence[str]]
    sent: Sequence[Sent]


async def resend_all(servers: Servers, campaign: str, options: SendOptions, channel: str | None) -> ResentAll:
    """Send every dead letter again (through `channel`, if given), with one command per document."""
    pool = await servers.pool()
    await issuer_subject(pool, campaign)
    channels: dict[str, list[str]] = {}
    letters = await dead_letters(pool, campaign)
    for letter in letters:
        if channel in (None, letter.channel):
            channels.setdefault(letter.key, []).append(letter.channel)
    sent = [
        await resend(servers, campaign, key, replace(options, command_id=str(uuid4())), channel) for key in channels
    ]
    return ResentAll(letters, channels, sent)
