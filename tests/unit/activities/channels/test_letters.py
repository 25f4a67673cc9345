"""Documents as e-mail messages."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from activities.channels.letters import letter, mail_addresses, message_id, page_with_note, pdf_name
from activities.channels.protocol import PdfResult
from rendering.letter import one_line
from rendering.specimens import frozen_plan
from rendering.wording import wording
from schemas.documents.delivery import key_digest
from schemas.documents.document import Document
from schemas.errors import DeliveryRefused
from schemas.offices import Recipient
from tests.support.document_samples import document

SENDER = "百日办 <campaign@province.example>"
ZONE = frozen_plan().plan.zone


def test_the_same_document_always_makes_the_same_message() -> None:
    to = mail_addresses(document().recipients)

    assert bytes(letter(document(), PdfResult(), SENDER, to, ZONE)) == bytes(
        letter(document(), PdfResult(), SENDER, to, ZONE)
    )


def test_message_id_differs_per_document_at_sender_domain() -> None:
    first, second = message_id(document().key, SENDER), message_id("other", SENDER)

    assert first != second
    assert first.startswith("<") and first.endswith("@province.example>")


def test_a_sender_without_a_domain_still_has_message_ids() -> None:
    assert message_id("key", "campaign").endswith("@localhost>")


def test_message_has_text_and_html_parts_dated_in_plan_zone() -> None:
    sent = bytes(letter(document(), PdfResult(), SENDER, mail_addresses(document().recipients), ZONE))

    message = message_from_bytes(sent, policy=SMTP)
    assert isinstance(message, EmailMessage)
    assert message["Subject"] == "关于平顶山市2个点位整改期限临近的提醒"
    assert message["Date"] == "Fri, 03 Sep 2021 09:00:00 +0800"
    assert [address.addr_spec for address in message["To"].addresses] == ["office@city.example", "duty@city.example"]
    contents = [part.get_content().splitlines() for part in message.iter_parts()]
    assert contents == [document().text.splitlines(), document().html.splitlines()]


def test_line_breaks_in_subject_and_names_add_no_header() -> None:
    evil = "report\r\nBcc: everybody@evil.example\r\n\r\nnew body\x85\u2028"
    to = mail_addresses((Recipient(name=evil, email="office@city.example"),))

    message = message_from_bytes(bytes(letter(document(subject=evil), PdfResult(), SENDER, to, ZONE)), policy=SMTP)

    assert set(message.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert message["Subject"] == "report Bcc: everybody@evil.example new body"
    assert [address.addr_spec for address in message["To"].addresses] == ["office@city.example"]


def test_recipients_without_address_omitted_duplicates_merged() -> None:
    recipients = (
        Recipient(name="Office", email="office@city.example"),
        Recipient(name="Duty Room"),
        Recipient(name="The same office", email="office@city.example"),
    )

    assert [address.addr_spec for address in mail_addresses(recipients)] == ["office@city.example"]


@pytest.mark.parametrize(
    "email", ["a<b@city.example", "a@b>,c@d.example", '"@city.example', "@x@city.example", "a@b,c"]
)
def test_an_address_that_cannot_be_written_to_is_refused_by_name(email: str) -> None:
    with pytest.raises(DeliveryRefused, match="of 'Office'"):
        mail_addresses((Recipient.model_construct(name="Office", email=email),))


def test_one_line_removes_control_characters_keeps_all_scripts() -> None:
    assert one_line("  一号\t硐口\r\n\x00\x1b[31m\u2028№ 1 ") == "一号 硐口 [31m № 1"


NUMBERED = document(number="豫自然资督〔2021〕12号", letter={"labels": wording("zh-CN").words.model_dump(), "cc": []})
PDF = PdfResult(pdf=b"%PDF-1.7 not text \x00\xff")
LEFT_OUT = PdfResult(why_not="本机没有可用的<中文>字体。")


def read(issued: Document, sheet: PdfResult) -> EmailMessage:
    """The message as it arrives."""
    message = message_from_bytes(
        bytes(letter(issued, sheet, SENDER, mail_addresses(issued.recipients), ZONE)), policy=SMTP
    )
    assert isinstance(message, EmailMessage)
    return message


def test_pdf_attached_under_document_number_and_named_in_body() -> None:
    message = read(NUMBERED, PDF)

    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "豫自然资督〔2021〕12号.pdf"
    assert attachment.get_content_type() == "application/pdf" and attachment.get_content() == PDF.pdf
    assert "filename*" in str(attachment.as_bytes()[:400])  # RFC 2231: no raw bytes in a header
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    assert all(
        body is not None and "附有本文书的PDF版式文件：豫自然资督〔2021〕12号.pdf" in body.get_content()
        for body in bodies
    )


def test_where_there_is_no_pdf_both_parts_of_the_mail_say_why() -> None:
    message = read(NUMBERED, LEFT_OUT)

    assert list(message.iter_attachments()) == []
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and "未附PDF版式文件：本机没有可用的<中文>字体。" in plain.get_content()
    assert page is not None and "未附PDF版式文件：本机没有可用的&lt;中文&gt;字体。" in page.get_content()


def test_pdf_note_placed_inside_html_body() -> None:
    page = page_with_note(document(html="<html><body><p>一</p></body></html>\n", letter=NUMBERED.letter), LEFT_OUT)

    assert page.startswith("<html><body><p>一</p><p><em>") and page.endswith("</em></p>\n</body></html>\n")


def test_same_document_with_pdf_makes_identical_message() -> None:
    assert bytes(read(NUMBERED, PDF)) == bytes(read(NUMBERED, PDF))
    to = mail_addresses(NUMBERED.recipients)
    assert bytes(letter(NUMBERED, PDF, SENDER, to, ZONE)) == bytes(letter(NUMBERED, PDF, SENDER, to, ZONE))


def test_copies_go_to_cc_and_never_stand_alone_there() -> None:
    copied = NUMBERED.model_copy(update={"letter": {"cc": ["duty@city.example"]}})
    message = read(copied, PDF)

    assert message["To"].addresses[0].addr_spec == "office@city.example"
    assert [address.addr_spec for address in message["Cc"].addresses] == ["duty@city.example"]
    only_copies = copied.model_copy(update={"recipients": copied.recipients[1:]})
    assert read(only_copies, PDF)["Cc"] is None
    assert read(only_copies, PDF)["To"].addresses[0].addr_spec == "duty@city.example"


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("豫自然资督〔2021〕12号", "豫自然资督〔2021〕12号.pdf"),
        ("../../etc/passwd\r\nBcc: x", "_.._etc_passwd Bcc_ x.pdf"),
        (None, "关于平顶山市2个点位整改期限临近的提醒.pdf"),
        ("..", f"{key_digest(document().key)}.pdf"),
        ("号" * 300, "号" * 60 + ".pdf"),
    ],
)
def test_a_pdf_has_a_name_that_every_file_system_takes(number: str | None, name: str) -> None:
    assert pdf_name(document(number=number)) == name
