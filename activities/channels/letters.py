"""A document as an e-mail message; the same document always gives the same message."""

from datetime import tzinfo
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape

from activities.channels.protocol import PdfResult
from rendering.letter import one_line
from schemas.documents.delivery import key_digest
from schemas.documents.document import Document
from schemas.errors import DeliveryRefused
from schemas.local_time import local_time
from schemas.offices import Recipient

_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
"""Characters that are not allowed in file names on some file system."""


def header_text(text: str) -> str:
    """A text that is safe in a header: text like an encoded word (`=?utf-8?b?..?=`) would be decoded by the reader."""
    return one_line(text).replace("=?", "= ?")


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
            address = Address(header_text(recipient.name), addr_spec=recipient.email)
        except (MessageError, ValueError, IndexError) as error:  # the standard library raises any of these
            faults.append(f"{recipient.email!r} of {recipient.name!r} ({error})")
        else:
            addresses.setdefault(address.addr_spec, address)
    if faults:
        raise DeliveryRefused(f"e-mail: no address that can be written to: {'; '.join(faults)}; correct the plan")
    return tuple(addresses.values())


def letter(document: Document, sheet: PdfResult, sender: str, to: tuple[Address, ...], zone: tzinfo) -> EmailMessage:
    """The message with its text and HTML parts and its PDF, dated as the document is, in its campaign's zone.

    Copies (抄送) go to Cc. Where there is no PDF, both parts say why.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = header_text(document.subject)
    message["From"] = sender
    copied = set((document.letter or {}).get("cc", ()))
    direct = tuple(address for address in to if address.addr_spec not in copied)
    copies = tuple(address for address in to if address.addr_spec in copied)
    for field, addresses in (("To", direct or copies), ("Cc", copies if direct else ())):
        if addresses:
            message[field] = addresses
    message["Date"] = format_datetime(local_time(document.issued_at, zone))
    message["Message-ID"] = message_id(document.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text_with_note(document, sheet, attached=True), cte="base64")
    message.add_alternative(page_with_note(document, sheet, attached=True), subtype="html", cte="base64")
    # The standard library uses random boundaries; a fixed one gives the same bytes each time.
    message.set_boundary(f"=_{key_digest(document.key)}")
    if sheet.pdf is not None:
        message.add_attachment(sheet.pdf, maintype="application", subtype="pdf", filename=pdf_name(document))
        message.set_boundary(f"=_{key_digest(document.key)}_pdf")
    return message


def pdf_name(document: Document) -> str:
    """The file name of the PDF: the document's number, or its title while it has none."""
    number = document.number or (document.letter or {}).get("number") or ""
    name = "".join("_" if character in _NOT_IN_NAMES else character for character in one_line(number))
    title = "".join("_" if character in _NOT_IN_NAMES else character for character in one_line(document.subject))
    return f"{(name or title).strip(' .')[:60] or key_digest(document.key)}.pdf"


def text_with_note(document: Document, sheet: PdfResult, *, attached: bool = False) -> str:
    """The text with a note at its end: why there is no PDF, or (in a mail) that it is attached."""
    note = _note(document, sheet, attached)
    return f"{document.text}\n{note}\n" if note else document.text


def page_with_note(document: Document, sheet: PdfResult, *, attached: bool = False) -> str:
    """The page with the same note, inside its body where the layout has one."""
    note = _note(document, sheet, attached)
    if not note:
        return document.html
    paragraph = f"<p><em>{escape(note)}</em></p>\n"
    at = document.html.rfind("</body>")  # text of people is escaped, so this tag is the layout's
    return document.html + paragraph if at < 0 else document.html[:at] + paragraph + document.html[at:]


def _note(document: Document, sheet: PdfResult, attached: bool) -> str:
    labels = (document.letter or {}).get("labels", {})
    if sheet.pdf is not None:
        return f"{labels.get('attached', 'PDF: ')}{pdf_name(document)}" if attached else ""
    return f"{labels.get('left_out', 'PDF: ')}{one_line(sheet.why_not)}" if sheet.why_not else ""
