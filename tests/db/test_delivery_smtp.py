"""Documents by e-mail with a real SMTP server on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from activities.channels.protocol import PdfResult
from activities.channels.smtp import SmtpChannel
from rendering.specimens import frozen_plan
from schemas.errors import DeliveryDeferred, DeliveryRefused
from schemas.offices import Recipient
from tests.support.document_samples import document

SENDER = "campaign@province.example"
ZONE = frozen_plan().plan.zone
NO_SHEET = PdfResult(None, "no font")


@dataclass
class MailServer:
    """A mail server with configured `recipients` and `answers`; it stores accepted mails in `letters`."""

    port: int = 0
    recipients: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    hang_up: bool = False
    hang_up_after: bool = False
    silence_seconds: float = 0
    letters: list[tuple[Envelope, EmailMessage]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hang_up:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "451 gone"
        await asyncio.sleep(self.silence_seconds)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=MAIL_POLICY)
            assert isinstance(message, EmailMessage)
            self.letters.append((envelope, message))
            self.encrypted.append(session.ssl is not None)
            self.signed_in.append(bool(session.authenticated))
        if self.hang_up_after:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[MailServer]:
    mail = MailServer()
    loop = asyncio.get_running_loop()
    sessions: list[SMTP] = []

    def session() -> SMTP:
        sessions.append(SMTP(mail, loop=loop, hostname="mail.example", enable_SMTPUTF8=True, **options))
        return sessions[-1]

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
    mail.port = server.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        server.close()
        await server.wait_closed()
        for one in sessions:
            if one.transport is not None:
                one.transport.close()
        await asyncio.sleep(0)


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with serving() as server:
        yield server


def channel(mail: MailServer, **options: Any) -> SmtpChannel:
    return SmtpChannel("127.0.0.1", mail.port, SENDER, **options)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def client_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_one_message_goes_to_every_recipient_with_an_address(mail: MailServer) -> None:
    some = (*document().recipients, Recipient(name="值班室"))

    result = await channel(mail).send(document(recipients=some), NO_SHEET, ZONE)

    [(envelope, message)] = mail.letters
    assert envelope.mail_from == SENDER
    assert envelope.rcpt_tos == ["office@city.example", "duty@city.example"]
    assert message["Subject"] == document().subject
    assert message["Date"] == "Fri, 03 Sep 2021 09:00:00 +0800"
    assert result == "sent to office@city.example, duty@city.example; no address for 值班室"


async def test_smtp_repeated_send_has_same_message_id_and_content(mail: MailServer) -> None:
    await channel(mail).send(document(), NO_SHEET, ZONE)
    await channel(mail).send(document(), NO_SHEET, ZONE)

    (first, letter), (second, _) = mail.letters
    assert first.content == second.content
    assert letter["Message-ID"].endswith("@province.example>")


async def test_smtp_without_addresses_sends_nothing_receipt_says_so(mail: MailServer) -> None:
    result = await channel(mail).send(document(recipients=(Recipient(name="值班室"),)), NO_SHEET, ZONE)

    assert mail.letters == []
    assert result == "not sent: no address for 值班室"


async def test_a_busy_server_puts_the_document_off_and_takes_it_later(mail: MailServer) -> None:
    mail.answers = ["451 4.7.1 greylisted, come back later"]

    with pytest.raises(DeliveryDeferred, match=rf"127\.0\.0\.1:{mail.port}.*451 4\.7\.1 greylisted"):
        await channel(mail).send(document(), NO_SHEET, ZONE)
    await channel(mail).send(document(), NO_SHEET, ZONE)

    assert len(mail.letters) == 1


async def test_a_message_that_is_refused_for_good_is_not_tried_again(mail: MailServer) -> None:
    mail.answers = ["554 5.7.1 we take no circulars"]

    with pytest.raises(DeliveryRefused, match=r"554 5\.7\.1 we take no circulars"):
        await channel(mail).send(document(), NO_SHEET, ZONE)


async def test_smtp_refused_recipient_named_others_receive_message(mail: MailServer) -> None:
    mail.recipients = {"duty@city.example": "550 5.1.1 no such mailbox"}

    result = await channel(mail).send(document(), NO_SHEET, ZONE)

    assert mail.letters[0][0].rcpt_tos == ["office@city.example"]
    assert result == "sent to office@city.example; refused: duty@city.example (550 5.1.1 no such mailbox)"


async def test_when_every_recipient_is_refused_the_document_is(mail: MailServer) -> None:
    mail.recipients = dict.fromkeys(("office@city.example", "duty@city.example"), "550 5.1.1 no such mailbox")

    with pytest.raises(DeliveryRefused, match=r"office@city\.example \(550 .*duty@city\.example \(550"):
        await channel(mail).send(document(), NO_SHEET, ZONE)


async def test_smtp_temporary_recipient_refusal_defers_document(mail: MailServer) -> None:
    mail.recipients = {"office@city.example": "550 no such mailbox", "duty@city.example": "452 mailbox full"}

    with pytest.raises(DeliveryDeferred, match="452 mailbox full"):
        await channel(mail).send(document(), NO_SHEET, ZONE)


async def test_smtp_connection_drop_mid_transfer_defers_document(mail: MailServer) -> None:
    mail.hang_up = True

    with pytest.raises(DeliveryDeferred, match="did not take it"):
        await channel(mail).send(document(), NO_SHEET, ZONE)


async def test_a_server_that_is_slow_puts_the_document_off_in_time(mail: MailServer) -> None:
    mail.silence_seconds = 30

    with pytest.raises(DeliveryDeferred, match="did not take it"):
        async with asyncio.timeout(5):
            await channel(mail, answer_seconds=0.2).send(document(), NO_SHEET, ZONE)


async def test_smtp_hangup_after_message_resends_same_message_id(
    mail: MailServer,
) -> None:
    mail.hang_up_after = True
    with pytest.raises(DeliveryDeferred):
        await channel(mail).send(document(), NO_SHEET, ZONE)
    mail.hang_up_after = False

    await channel(mail).send(document(), NO_SHEET, ZONE)

    assert len(mail.letters) == 2
    assert len({message["Message-ID"] for _, message in mail.letters}) == 1


async def test_a_server_that_is_away_puts_the_document_off(mail: MailServer, unused_tcp_port: int) -> None:
    with pytest.raises(DeliveryDeferred, match=rf"127\.0\.0\.1:{unused_tcp_port} did not take it"):
        await SmtpChannel("127.0.0.1", unused_tcp_port, SENDER).send(document(), NO_SHEET, ZONE)


async def test_starttls_is_taken_when_it_is_offered(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    async with serving(tls_context=server_tls) as mail:
        await channel(mail, tls=client_tls).send(document(), NO_SHEET, ZONE)

        assert mail.encrypted == [True]


async def test_starttls_is_left_alone_when_it_is_not_wanted(server_tls: ssl.SSLContext) -> None:
    async with serving(tls_context=server_tls) as mail:
        await channel(mail, start_tls=False).send(document(), NO_SHEET, ZONE)

        assert mail.encrypted == [False]


async def test_smtp_required_starttls_missing_sends_nothing(mail: MailServer) -> None:
    with pytest.raises(DeliveryDeferred, match="STARTTLS"):
        await channel(mail, start_tls=True).send(document(), NO_SHEET, ZONE)

    assert mail.letters == []


async def test_a_certificate_that_is_not_trusted_puts_the_document_off(server_tls: ssl.SSLContext) -> None:
    async with serving(tls_context=server_tls) as mail:
        with pytest.raises(DeliveryDeferred, match="certificate"):
            await channel(mail, start_tls=True).send(document(), NO_SHEET, ZONE)

        assert mail.letters == []


async def test_smtp_implicit_tls_server_uses_tls_from_start(
    server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    async with serving(server_tls) as mail:
        await channel(mail, implicit_tls=True, tls=client_tls).send(document(), NO_SHEET, ZONE)

        assert len(mail.letters) == 1


def knows(password: bytes) -> Callable[..., AuthResult]:
    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == password, handled=False)

    return authenticate


async def test_a_server_that_asks_for_a_password_gets_it(
    server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    async with serving(tls_context=server_tls, authenticator=knows(b"s3cret"), auth_required=True) as mail:
        await channel(mail, username="campaign", password="s3cret", tls=client_tls).send(document(), NO_SHEET, ZONE)

        assert mail.signed_in == [True]


async def test_smtp_wrong_password_defers_document(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    async with serving(tls_context=server_tls, authenticator=knows(b"s3cret"), auth_required=True) as mail:
        with pytest.raises(DeliveryDeferred, match="535") as caught:
            await channel(mail, username="campaign", password="wr0ng", tls=client_tls).send(document(), NO_SHEET, ZONE)

    assert "wr0ng" not in str(caught.value)
