"""Presses a document's letter into a PDF of the official layout; where that is not possible, says why."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from activities.channels.fonts import Typefaces, find_typefaces
from activities.channels.protocol import PdfResult
from rendering.wording import TEMPLATES, wording
from schemas.canonical import canonical_json

_log = structlog.get_logger(__name__)

KEPT_SHEETS = 32
"""A document goes out through several channels one after the other; each of them gets the same bytes."""

TAGGED_ROWS = 300
"""Tags make a PDF readable aloud; of thousands of rows they would make it twelve times as large."""

_FIRST_CHINESE = "\u2e80"
_LAYOUT = (TEMPLATES / "letter.typ").read_bytes()


class TypstRenderer:
    """The press of a worker; `find` brings its typefaces, once. Safe to be used from several threads."""

    def __init__(self, find: Callable[[], Typefaces] = find_typefaces) -> None:
        self._find = find
        self._typefaces: Typefaces | None = None
        self._sheets: OrderedDict[str, PdfResult] = OrderedDict()
        self._lock = threading.Lock()

    def press(self, letter: dict[str, Any] | None, language: str) -> PdfResult:
        """The PDF of a letter (`RenderedDocument.letter`); the same letter makes the same bytes.

        Without a PDF the sheet says why in `language`. Takes about 20 ms a document, 3 s for one of 5,000 lines.
        """
        if letter is None:
            return PdfResult(None, _why("no_letter", language))
        content = canonical_json(letter)
        digest = hashlib.sha256(content.encode()).hexdigest()
        with self._lock:
            kept = self._sheets.get(digest)
            if kept is not None:
                self._sheets.move_to_end(digest)
                return kept
        sheet = self._pressed(content, letter, language)
        with self._lock:
            self._sheets[digest] = sheet
            while len(self._sheets) > KEPT_SHEETS:
                self._sheets.popitem(last=False)
        return sheet

    def _pressed(self, content: str, letter: dict[str, Any], language: str) -> PdfResult:
        try:
            import typst

            typefaces = self._at_hand()
        except ImportError:  # there is no wheel of it for every machine
            return PdfResult(None, _why("no_typst", language))
        if not typefaces.chinese and any(character >= _FIRST_CHINESE for character in content):
            return PdfResult(None, _why("no_font", language))
        try:
            pdf = typst.Compiler(_LAYOUT, font_paths=typefaces.fonts, ignore_system_fonts=True).compile(
                format="pdf",
                sys_inputs={"letter": content, "families": json.dumps(typefaces.families)},
                timestamp=int(datetime.fromisoformat(letter["issued_at"]).timestamp()),
                pdf_tags=sum(len(table["rows"]) for table in letter["tables"]) <= TAGGED_ROWS,
            )
        except (typst.TypstError, KeyError, ValueError) as error:  # a document is not held up by its own PDF
            _log.error("no PDF of a document", subject=letter.get("subject"), reason=str(error))
            return PdfResult(None, _why("failed", language))
        assert isinstance(pdf, bytes)
        return PdfResult(pdf)

    def _at_hand(self) -> Typefaces:
        with self._lock:
            if self._typefaces is None:
                self._typefaces = self._find()
            return self._typefaces


def _why(reason: str, language: str) -> str:
    return wording(language).why_no_pdf[reason]
