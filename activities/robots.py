"""What the group robots of WeCom, DingTalk and Feishu have in common: a short plain message, and codes in HTTP 200.

They take neither files nor long texts and drop no repeated message. So each message ends with the document's number and
the digest of its key, by which people find the whole in the outbox and recognise a repetition.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass

from activities.letters import key_digest
from activities.posting import Address, Answer
from papers.lines import one_line
from schemas.documents import Document

_TITLE = 120
"""Characters of a title that a robot's smallest message has room for."""

_MARKS = str.maketrans("<>[]`*#", "＜＞［］｀＊＃")
"""Full-width twins of what robots read as mark-up (mentions, links, headings): a site's name must stay a name."""


_TOO_MUCH = ("too many request", "too fast", "frequency limit", "freq out of limit")
"""Words of robots that are asked too often: gateways differ in their codes, and Feishu's 9499 is also a bad request."""


@dataclass(frozen=True, slots=True)
class Codes:
    """How a robot's error codes are read. An unknown one defers: it may pass, and three days later a person looks.

    `busy` is too much at once: not before `rest_seconds`. `settings` speaks of our token, signature, keyword or group,
    so the document waits until they are set right. `content` is refused for good.
    """

    busy: Set[int]
    settings: Set[int]
    content: Set[int]
    rest_seconds: float

    def require_taken(self, address: Address, answer: Answer, code: str, words: str) -> None:
        """Whether the robot took the message, by its answer's fields `code` (0 is success) and `words`.

        Raises:
            DeliveryDeferred: not now, or not before somebody has set something right.
            DeliveryRefused: never.
        """
        number, said = answer.content.get(code), str(answer.content.get(words, ""))
        if not isinstance(number, int) or (number == 0 and not answer.succeeded):
            raise address.verdict(answer)  # not the robot's own words
        if number == 0:
            return
        said = f"{number} {said}".strip()
        if number in self.busy or answer.status == 429 or any(words in said.lower() for words in _TOO_MUCH):
            raise address.deferred(said, answer.retry_after or self.rest_seconds)
        if number in self.content:
            raise address.refused(said)
        if number in self.settings:
            raise address.deferred(f"{said} (token, signature, keyword or group of the robot: set it right)")
        raise address.deferred(said)


def title_of(document: Document) -> str:
    """The subject on one line, short enough for a robot."""
    title = one_line(document.subject)
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"


def unmarked(text: str) -> str:
    """The text with nothing in it that a robot would read as mark-up."""
    return text.translate(_MARKS)


def fitted(document: Document, build: Callable[[str], bytes], limit: int) -> bytes:
    """What `build` makes of as much of the document's text as fits into `limit` bytes, and where the whole is.

    `build` must make longer messages of longer texts.
    """
    digest = key_digest(document.key)[:8]
    text = document.text.strip()
    whole = build(f"{text}\n\n{document.number or document.kind} · {digest}")
    if len(whole) <= limit:
        return whole
    place = f"outbox {document.campaign_id}/{document.city or 'province'}"
    rest = f"…\n\n（全文 / in full: {document.number or document.kind} · {place} · {digest}）"
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        fits, too_long = (middle, too_long) if len(build(text[:middle] + rest)) <= limit else (fits, middle)
    return build(text[:fits].rstrip() + rest)
