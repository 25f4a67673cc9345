"""Documents by e-mail."""

import asyncio
import ssl
from collections.abc import Iterable
from datetime import tzinfo

import aiosmtplib

from activities.channels.letters import letter, mail_addresses
from activities.channels.protocol import PdfResult
from schemas.documents.document import Document
from schemas.errors import DeliveryDeferred, DeliveryRefused
from schemas.offices import MAIL

ATTEMPT_SECONDS = 20.0
"""Timeout of one response of the mail server."""

WHOLE_SECONDS = 45.0
"""Timeout of the whole session: shorter than that of the activity attempt."""

SIGN_IN_CODES = {530, 534, 535, 538}
"""Permanent codes that are about our settings, not the document: retried until the settings are corrected."""


class SmtpChannel:
    """Sends one message to all recipients of a document that have an e-mail address.

    `start_tls`: True requires it, False never uses it, None uses it if the server offers it.
    `tls` has the certificates of a private authority; by default the system's are trusted.
    """

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        *,
        username: str | None = None,
        password: str | None = None,
        implicit_tls: bool = False,
        start_tls: bool | None = None,
        tls: ssl.SSLContext | None = None,
        answer_seconds: float = ATTEMPT_SECONDS,
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._username = username
        self._password = password
        self._implicit_tls = implicit_tls
        self._start_tls = start_tls
        self._tls = tls
        self._answer_seconds = answer_seconds

    async def send(self, document: Document, sheet: PdfResult, zone: tzinfo) -> str:
        """Send the message to the mail server.

        Raises:
            DeliveryDeferred: the server is unreachable, busy, or refuses our settings.
            DeliveryRefused: the server refuses the message or every recipient for good.
        """
        to = mail_addresses(document.recipients)
        without = [recipient.name for recipient in document.recipients if recipient.email is None]
        if not to:
            return f"not sent: no address for {', '.join(without) or 'anybody'}"
        message = letter(document, sheet, self._sender, to, zone)
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                refused, _ = await aiosmtplib.send(
                    message,
                    hostname=self._host,
                    port=self._port,
                    username=self._username,
                    password=self._password,
                    use_tls=self._implicit_tls,
                    start_tls=False if self._implicit_tls else self._start_tls,
                    tls_context=self._tls,
                    timeout=self._answer_seconds,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            answers = [(answer.recipient, answer.code, answer.message) for answer in error.recipients]
            raise self._verdict(_listed(answers), [code for _, code, _ in answers]) from error
        except aiosmtplib.SMTPConnectResponseError as error:
            raise self._deferred(f"the server greets with {error.code} {error.message}") from error
        except aiosmtplib.SMTPResponseException as error:
            raise self._verdict(f"{error.code} {error.message}", [error.code]) from error
        except aiosmtplib.SMTPNotSupported as error:
            international = [address.addr_spec for address in to if not address.addr_spec.isascii()]
            if international:
                raise DeliveryRefused(
                    f"{MAIL}: {self._host}:{self._port} takes no addresses beyond ASCII ({', '.join(international)})"
                ) from error
            raise self._deferred(str(error)) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise self._deferred(str(error) or type(error).__name__) from error
        reason = f"sent to {', '.join(address.addr_spec for address in to if address.addr_spec not in refused)}"
        if refused:
            reason += f"; refused: {_listed((who, code, text) for who, (code, text) in refused.items())}"
        if without:
            reason += f"; no address for {', '.join(without)}"
        return reason

    def _verdict(self, reason: str, codes: list[int]) -> DeliveryDeferred | DeliveryRefused:
        if all(code >= 500 and code not in SIGN_IN_CODES for code in codes):
            return DeliveryRefused(f"{MAIL}: {self._host}:{self._port} refuses: {reason}")
        return self._deferred(reason)

    def _deferred(self, reason: str) -> DeliveryDeferred:
        return DeliveryDeferred(f"{MAIL}: {self._host}:{self._port} did not take it: {reason}; it is tried again")


def _listed(answers: Iterable[tuple[str, int, str]]) -> str:
    return "; ".join(f"{who} ({code} {text})" for who, code, text in answers)
