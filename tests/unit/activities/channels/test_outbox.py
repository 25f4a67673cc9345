"""Documents as files."""

import asyncio
import os
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from activities.channels.outbox import OutboxChannel
from activities.channels.protocol import PdfResult
from rendering.specimens import frozen_plan
from schemas.errors import DeliveryDeferred
from schemas.offices import Recipient
from tests.support.document_samples import document

ZONE = frozen_plan().plan.zone
SHEET = PdfResult(pdf=b"%PDF-1.7 of a document")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_outbox_writes_eml_html_txt_and_pdf_to_city_folder(tmp_path: Path) -> None:
    result = await OutboxChannel(tmp_path).send(document(), SHEET, ZONE)

    written = files(tmp_path)
    assert sorted(Path(name).suffix for name in written) == [".eml", ".html", ".pdf", ".txt"]
    assert all(name.startswith("henan-2021/410400/2021-09-03-reminder-r1-") for name in written)
    assert all(name.startswith(result) for name in written)
    text = next(content for name, content in written.items() if name.endswith(".txt"))
    assert text.decode() == document().text
    mail = message_from_bytes(next(content for name, content in written.items() if name.endswith(".eml")), policy=SMTP)
    assert mail["Subject"] == document().subject


async def test_outbox_file_date_is_in_campaign_time_zone(tmp_path: Path) -> None:
    midnight = document(issued_at="2021-10-31T16:00:00Z")

    result = await OutboxChannel(tmp_path).send(midnight, SHEET, ZONE)

    assert "/2021-11-01-" in result


async def test_a_document_to_the_province_has_a_folder_of_its_own(tmp_path: Path) -> None:
    result = await OutboxChannel(tmp_path).send(document(city="", kind="closing_report"), SHEET, ZONE)

    assert result.startswith("henan-2021/province/")


async def test_the_same_document_again_leaves_the_same_files(tmp_path: Path) -> None:
    channel = OutboxChannel(tmp_path)
    await channel.send(document(), SHEET, ZONE)
    once = files(tmp_path)

    await asyncio.gather(*(channel.send(document(), SHEET, ZONE) for _ in range(8)))

    assert files(tmp_path) == once


async def test_outbox_same_kind_and_day_documents_not_overwritten(tmp_path: Path) -> None:
    channel = OutboxChannel(tmp_path)

    await channel.send(document(), SHEET, ZONE)
    await channel.send(document(key="another"), SHEET, ZONE)

    assert len(files(tmp_path)) == 8


async def test_outbox_invalid_mail_address_still_writes_document(tmp_path: Path) -> None:
    wrong = Recipient.model_construct(name="Office", email="a<b@city.example")

    await OutboxChannel(tmp_path).send(document().model_copy(update={"recipients": (wrong,)}), SHEET, ZONE)

    assert len(files(tmp_path)) == 4


async def test_outbox_folder_creation_failure_defers_and_names_path(tmp_path: Path) -> None:
    (tmp_path / "henan-2021").write_text("in the way")

    with pytest.raises(DeliveryDeferred, match=r"outbox: .*henan-2021.* cannot be written"):
        await OutboxChannel(tmp_path).send(document(), SHEET, ZONE)


async def test_a_write_that_fails_half_way_leaves_no_half_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(DeliveryDeferred, match="No space left"):
        await OutboxChannel(tmp_path).send(document(), SHEET, ZONE)

    assert files(tmp_path) == {}


async def test_outbox_files_without_pdf_state_the_reason(tmp_path: Path) -> None:
    await OutboxChannel(tmp_path).send(document(), PdfResult(why_not="no font <here>"), ZONE)

    written = {Path(name).suffix: content for name, content in files(tmp_path).items()}
    assert sorted(written) == [".eml", ".html", ".txt"]
    assert "no font <here>" in written[".txt"].decode() and "no font &lt;here&gt;" in written[".html"].decode()
    body = message_from_bytes(written[".eml"], policy=SMTP).get_body(("plain",))
    assert body is not None and "no font <here>" in body.get_content()


async def test_the_pdf_lies_beside_the_mail_that_bears_it(tmp_path: Path) -> None:
    await OutboxChannel(tmp_path).send(document(), SHEET, ZONE)

    written = {Path(name).suffix: content for name, content in files(tmp_path).items()}
    (attached,) = message_from_bytes(written[".eml"], policy=SMTP).iter_attachments()
    assert written[".pdf"] == SHEET.pdf == attached.get_content()
    assert written[".txt"].decode() == document().text
