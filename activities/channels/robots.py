"""The group robots of WeCom, DingTalk and Feishu: a short plain message, and error codes in HTTP 200.

They accept neither files nor long texts and do not detect repeated messages. So each message ends with the document's
number and the digest of its key, by which people find the document in the outbox and recognise a repetition. A
platform is described by its `Robot`.
"""

import json
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from activities.channels.posting import PATIENCE_SECONDS, Address, Answer
from activities.channels.protocol import PdfResult
from rendering.letter import one_line
from runtime.real_time import real_now
from schemas.documents.delivery import key_digest
from schemas.documents.document import Document

_TITLE = 120
"""Maximum characters of a title, for the smallest message size."""

_MARKS = str.maketrans("<>[]`*#", "＜＞［］｀＊＃")
"""Full-width replacements of mark-up characters (mentions, links, headings), so that names are shown unchanged."""

_TOO_MUCH = ("too many request", "too fast", "frequency limit", "freq out of limit")
"""Texts of rate limits: gateways differ in their codes, and Feishu's 9499 also means a bad request."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The error codes of a robot. An unknown one defers: it is retried, and becomes a dead letter after three days.

    `code` and `words` are the fields of its response; code 0 is success. `busy` is a rate limit: retry after
    `rest_seconds`. `settings` is a wrong token, signature, keyword or group: retried until the settings are corrected.
    `content` is refused for good.
    """

    code: str
    words: str
    busy: Set[int]
    settings: Set[int]
    content: Set[int]
    rest_seconds: float

    def require_taken(self, address: Address, answer: Answer) -> None:
        """Raise the error of the response, if it has one.

        Raises:
            DeliveryDeferred: retry later, or after a correction of the settings.
            DeliveryRefused: the content is refused.
        """
        number, text = answer.content.get(self.code), str(answer.content.get(self.words, ""))
        if not isinstance(number, int) or (number == 0 and not answer.succeeded):
            raise address.verdict(answer)  # not a response of the robot itself
        if number == 0:
            return
        text = f"{number} {text}".strip()
        if number in self.busy or answer.status == 429 or any(words in text.lower() for words in _TOO_MUCH):
            raise address.deferred(text, answer.retry_after or self.rest_seconds)
        if number in self.content:
            raise address.refused(text)
        if number in self.settings:
            raise address.deferred(f"{text} (token, signature, keyword or group of the robot: set it right)")
        raise address.deferred(text)


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature of a message, in the address or in the message itself."""

    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def body_of(message: Mapping[str, Any]) -> bytes:
    """The message as posted."""
    return json.dumps(message, ensure_ascii=False).encode()


def _body_size(message: Mapping[str, Any]) -> int:
    return len(body_of(message))


@dataclass(frozen=True, slots=True)
class Robot:
    """A platform's robots. `message` builds a message of a title and a text; a longer text gives a longer message.

    A message has at most `limit` bytes by `size`, by default the size of the whole message. `sign` computes the
    signature from secret and time.
    """

    platform: str
    message: Callable[[str, str], Mapping[str, Any]]
    limit: int
    codes: Codes
    size: Callable[[Mapping[str, Any]], int] = _body_size
    sign: Callable[[str, datetime], Signed] | None = None


class RobotChannel:
    """Posts each document as a message to the robot at `url`, signed where there is a `secret`."""

    def __init__(
        self,
        robot: Robot,
        name: str,
        url: str,
        secret: str | None = None,
        *,
        now: Callable[[], datetime] = real_now,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._robot = robot
        self._address = Address(name, url, secret, patience_seconds)
        self._secret = secret
        self._now = now

    async def send(self, document: Document, sheet: PdfResult, zone: tzinfo) -> str:
        """Post the message to the robot.

        Raises:
            DeliveryDeferred: the robot is unreachable, busy, or refuses our settings.
            DeliveryRefused: the robot refuses the content.
        """
        robot, title, signed = self._robot, title_of(document), self._signed()

        def message(text: str) -> Mapping[str, Any]:
            return {**signed.fields, **robot.message(title, text)}

        text = fitted(document, lambda text: robot.size(message(text)), robot.limit)
        answer = await self._address.post(body_of(message(text)), query=signed.query)
        robot.codes.require_taken(self._address, answer)
        return f"posted to the {robot.platform} group"

    def _signed(self) -> Signed:
        if self._secret is None or self._robot.sign is None:
            return Signed()
        return self._robot.sign(self._secret, self._now())


def title_of(document: Document) -> str:
    """The subject on one line, short enough for a robot."""
    title = one_line(document.subject)
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"


def unmarked(text: str) -> str:
    """The text without mark-up characters of robots."""
    return text.translate(_MARKS)


def fitted(document: Document, size: Callable[[str], int], limit: int) -> str:
    """The document's text, cut to a message of at most `limit`, and a pointer to the whole document.

    `size` must grow with the text.
    """
    digest = key_digest(document.key)[:8]
    text = document.text.strip()
    whole = f"{text}\n\n{document.number or document.kind} · {digest}"
    if size(whole) <= limit:
        return whole
    place = f"outbox {document.campaign_id}/{document.city or 'province'}"
    rest = f"…\n\n（全文 / in full: {document.number or document.kind} · {place} · {digest}）"
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        fits, too_long = (middle, too_long) if size(text[:middle] + rest) <= limit else (fits, middle)
    return text[:fits].rstrip() + rest
