"""A document as an e-mail message: the same document always makes the same message."""

import hashlib
from datetime import tzinfo
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from schemas.documents import Document
from schemas.errors import DeliveryRefused
from schemas.plan import Recipient

_LINE_BREAKING = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
"""Control characters, line and paragraph separators."""


def one_line(text: str) -> str:
    """The text on one line, without control characters: nothing in it can start a header or a row of its own."""
    return " ".join(text.translate(_LINE_BREAKING).split())


def key_digest(key: str) -> str:
    """32 hex digits that stand for a document's key where the key itself cannot: file names, message ids."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def message_id(key: str, sender: str) -> str:
    """The Message-ID of a document, at the sender's domain; mail systems drop a second copy by it."""
    _, at, domain = parseaddr(sender)[1].rpartition("@")
    if not at:
        domain = "localhost"
    return f"<{key_digest(key)}@{domain}>"


def mail_addresses(recipients: tuple[Recipient, ...]) -> tuple[Address, ...]:
    """The addresses of those recipients that have one, each once.

    Raises:
        DeliveryRefused: an address that no mail system could read; names all of them.
    """
    addresses: dict[str, Address] = {}
    faults = []
    for recipient in recipients:
        if recipient.email is None:
            continue
        try:
            address = Address(one_line(recipient.name), addr_spec=recipient.email)
        except (MessageError, ValueError, IndexError) as error:  # the standard library has three ways to refuse
            faults.append(f"{recipient.email!r} of {recipient.name!r} ({error})")
        else:
            addresses.setdefault(address.addr_spec, address)
    if faults:
        raise DeliveryRefused(f"e-mail: no address that can be written to: {'; '.join(faults)}; correct the plan")
    return tuple(addresses.values())


def letter(document: Document, sender: str, to: tuple[Address, ...], zone: tzinfo) -> EmailMessage:
    """The message with its text and HTML parts, dated as the document is, in its campaign's zone."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(document.subject)
    message["From"] = sender
    if to:
        message["To"] = to
    message["Date"] = format_datetime(document.issued_at.astimezone(zone))
    message["Message-ID"] = message_id(document.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(document.text, cte="base64")
    message.add_alternative(document.html, subtype="html", cte="base64")
    # The standard library draws the boundary at random; the same document shall make the same bytes.
    message.set_boundary(f"=_{key_digest(document.key)}")
    return message
