"""Documents as e-mail messages."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from activities.letters import letter, mail_addresses, message_id, one_line
from schemas.errors import DeliveryRefused
from schemas.plan import Recipient
from tests.unit.documents.samples import document, frozen_plan

SENDER = "百日办 <campaign@province.example>"
ZONE = frozen_plan().plan.zone


def test_the_same_document_always_makes_the_same_message() -> None:
    to = mail_addresses(document().recipients)

    assert bytes(letter(document(), SENDER, to, ZONE)) == bytes(letter(document(), SENDER, to, ZONE))


def test_another_document_has_another_message_id_at_the_domain_of_the_sender() -> None:
    first, second = message_id(document().key, SENDER), message_id("other", SENDER)

    assert first != second
    assert first.startswith("<") and first.endswith("@province.example>")


def test_a_sender_without_a_domain_still_has_message_ids() -> None:
    assert message_id("key", "campaign").endswith("@localhost>")


def test_a_message_says_the_document_in_text_and_html_and_is_dated_in_its_zone() -> None:
    sent = bytes(letter(document(), SENDER, mail_addresses(document().recipients), ZONE))

    message = message_from_bytes(sent, policy=SMTP)
    assert isinstance(message, EmailMessage)
    assert message["Subject"] == "关于平顶山市2个点位整改期限临近的提醒"
    assert message["Date"] == "Fri, 03 Sep 2021 09:00:00 +0800"
    assert [address.addr_spec for address in message["To"].addresses] == ["office@city.example", "duty@city.example"]
    contents = [part.get_content().splitlines() for part in message.iter_parts()]
    assert contents == [document().text.splitlines(), document().html.splitlines()]


def test_line_breaks_in_subject_and_names_start_no_header_of_their_own() -> None:
    evil = "report\r\nBcc: everybody@evil.example\r\n\r\nnew body\x85\u2028"
    to = mail_addresses((Recipient(name=evil, email="office@city.example"),))

    message = message_from_bytes(bytes(letter(document(subject=evil), SENDER, to, ZONE)), policy=SMTP)

    assert set(message.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert message["Subject"] == "report Bcc: everybody@evil.example new body"
    assert [address.addr_spec for address in message["To"].addresses] == ["office@city.example"]


def test_recipients_without_address_are_left_out_and_nobody_is_written_to_twice() -> None:
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


def test_one_line_has_no_control_characters_and_keeps_every_script() -> None:
    assert one_line("  一号\t硐口\r\n\x00\x1b[31m\u2028№ 1 ") == "一号 硐口 [31m № 1"
