"""The outbox folder: every document as files that a person can open, print and forward."""

import asyncio
import os
from datetime import tzinfo
from pathlib import Path

from activities.channels.letters import letter, mail_addresses, page_with_note, text_with_note
from activities.channels.protocol import PdfResult
from schemas.documents.delivery import outbox_stem
from schemas.documents.document import Document
from schemas.errors import DeliveryDeferred, DeliveryRefused
from schemas.local_time import local_day
from schemas.offices import OUTBOX


class OutboxChannel:
    """Writes `<folder>/<campaign>/<city or "province">/<day>-<kind>-r<rung>-<digest>.eml`, `.html`, `.txt`, `.pdf`.

    Without a PDF the other three say why. The digest of the key distinguishes two documents of one kind and day.
    Sending a document again overwrites its files.
    """

    def __init__(self, folder: Path, sender: str = "hundred-days@localhost") -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, document: Document, sheet: PdfResult, zone: tzinfo) -> str:
        """Write the files, each atomically.

        Raises:
            DeliveryDeferred: the folder cannot be written; names the path and the system's reason.
        """
        try:
            to = mail_addresses(document.recipients)
        except DeliveryRefused:
            to = ()  # the file is readable without it; the mail channel reports the wrong address
        issued_on = local_day(document.issued_at, zone)
        stem = outbox_stem(document.campaign_id, document.city, document.kind, document.rung, document.key, issued_on)
        folder, name = (self._folder / stem).parent, (self._folder / stem).name
        contents = {
            ".eml": bytes(letter(document, sheet, self._sender, to, zone)),
            ".html": page_with_note(document, sheet).encode(),
            ".txt": text_with_note(document, sheet).encode(),
        }
        if sheet.pdf is not None:
            contents[".pdf"] = sheet.pdf
        try:
            await asyncio.to_thread(_write, folder, name, contents)
        except OSError as error:
            raise DeliveryDeferred(
                f"{OUTBOX}: {error.filename or folder} cannot be written ({error.strerror}); "
                "make it writable, the delivery is tried again"
            ) from error
        return stem


def _write(folder: Path, name: str, contents: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in contents.items():
        # Two attempts at one document may overlap (a retry after a time-out), so each writes a file of its own.
        temporary = folder / f".{name}{suffix}.{os.urandom(6).hex()}"
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(folder / f"{name}{suffix}")
        finally:
            temporary.unlink(missing_ok=True)
