"""A document's content by parts, which the layouts of text, page and PDF share."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from schemas.base import iso_utc
from schemas.canonical import canonical_json
from schemas.ledger import DocumentDraft


@dataclass(frozen=True)
class Table:
    """A table of a document; `widths` are the columns' shares of the page, 0 for the width of the content."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Letter:
    """The parts of a document; every text is one plain line.

    `number` is its own (发文字号), empty while it has none; `plan_number` the plan's, empty where that is its own.
    `copies` (抄送) is empty if there are none.
    """

    issuers: tuple[str, ...]
    agencies: str
    heading: str
    sheet: str
    subject: str
    number: str
    plan_number: str
    draft: bool
    addressee: str
    copies: str
    recipients: str
    paragraphs: tuple[str, ...]
    quote: tuple[str, ...]
    tables: tuple[Table, ...]
    tasks: tuple[str, ...]
    requests: tuple[str, ...]
    issued_on: str


def letter_json(
    letter: Letter, draft: DocumentDraft, language: str, words: dict[str, Any], cc: list[str]
) -> dict[str, Any]:
    """The letter as JSON with all data that its PDF or mail needs; later changes of the catalogue do not alter it.

    `cc` are the addresses of the copies.
    """
    labels = ("colon", "plan_number", "copies", "tasks", "quote", "seal", "draft", "attached", "left_out")
    content = {
        **asdict(letter),
        "language": language,
        "issued_at": iso_utc(draft.issued_at),
        "labels": {name: words[name] for name in labels},
        "cc": cc,
    }
    plain: dict[str, Any] = json.loads(canonical_json(content))  # lists, because Postgres returns lists
    return plain


_LINE_BREAKING = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
"""Control characters, line and paragraph separators."""


_TURNING = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks that change the text direction: a name with one could reverse the display of the words after it."""


_DROPPED: dict[int, str | None] = {**_LINE_BREAKING, **_TURNING}


def one_line(text: str) -> str:
    """The text on one line, without control characters: nothing in it can start a header or a row."""
    return " ".join(text.translate(_DROPPED).split())
