"""Renders a document's letter as a PDF of the official layout; where that is not possible, returns the reason.

The fonts are those of the package pylopdf-fonts-zh-cn (Noto Serif SC and Noto Sans SC, 20 MB, under the SIL Open Font
License 1.1), so that every machine renders alike, else the system's.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from activities.channels.protocol import PdfResult
from rendering.wording import TEMPLATES, wording
from schemas.canonical import canonical_json

if TYPE_CHECKING:
    import typst

_log = structlog.get_logger(__name__)

KEPT_SHEETS = 32
"""Rendered PDFs kept in memory: the channels of a document send it one after the other."""

TAGGED_ROWS = 300
"""Maximum of rows for a tagged (accessible) PDF: with thousands of rows tags make it twelve times as large."""

_FIRST_CHINESE = "\u2e80"
_LAYOUT = (TEMPLATES / "letter.typ").read_bytes()

PACKAGE = "pylopdf_fonts_zh_cn"

CHINESE = (
    "Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "FangSong", "STFangsong",
    "FZFangSong-Z02S", "SimSun", "NSimSun", "STSong", "Songti SC", "AR PL UMing CN", "AR PL SungtiL GB",
    "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip
"""Font families with the characters of official documents, the preferred first."""

LATIN = ("Libertinus Serif",)
"""Bundled with typst."""


@dataclass(frozen=True)
class Typefaces:
    """Fonts; `families` are the families to use, in order; `chinese`: whether one of them has Chinese characters."""

    fonts: "typst.Fonts"
    families: tuple[str, ...]
    chinese: bool


def find_typefaces(folders: Sequence[Path] | None = None, *, system: bool = True) -> Typefaces:
    """The typefaces to use; `folders` is by default that of the package.

    Raises:
        ImportError: typst is not installed.
    """
    import typst

    for where, with_system in ((_packaged() if folders is None else folders, False), ((), system)):
        if not where and not with_system:
            continue
        fonts = typst.Fonts(
            include_system_fonts=with_system, include_embedded_fonts=True, font_paths=[str(one) for one in where]
        )
        known = set(fonts.families())
        found = tuple(family for family in CHINESE if family in known)
        if found:
            return Typefaces(fonts, (*found[:2], *LATIN), chinese=True)
    return Typefaces(typst.Fonts(include_system_fonts=False, include_embedded_fonts=True), LATIN, chinese=False)


def _packaged() -> tuple[Path, ...]:
    spec = find_spec(PACKAGE)
    return tuple(Path(one) for one in (spec.submodule_search_locations or ())) if spec else ()


class TypstRenderer:
    """Renders PDFs with the typefaces that `find` returns, once. Thread-safe."""

    def __init__(self, find: Callable[[], Typefaces] = find_typefaces) -> None:
        self._find = find
        self._typefaces: Typefaces | None = None
        self._sheets: OrderedDict[str, PdfResult] = OrderedDict()
        self._lock = threading.Lock()

    def render(self, letter: dict[str, Any] | None, language: str) -> PdfResult:
        """The PDF of a letter (`RenderedDocument.letter`); the same letter gives the same bytes.

        Without a PDF the result has the reason in `language`. Takes about 20 ms a document, 3 s for one of 5,000 lines.
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
        sheet = self._compile(content, letter, language)
        with self._lock:
            self._sheets[digest] = sheet
            while len(self._sheets) > KEPT_SHEETS:
                self._sheets.popitem(last=False)
        return sheet

    def _compile(self, content: str, letter: dict[str, Any], language: str) -> PdfResult:
        try:
            import typst

            typefaces = self._found_typefaces()
        except ImportError:  # no wheel exists for some platforms
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
        except (typst.TypstError, KeyError, ValueError) as error:  # the document is sent without a PDF
            _log.error("no PDF of a document", subject=letter.get("subject"), reason=str(error))
            return PdfResult(None, _why("failed", language))
        assert isinstance(pdf, bytes)
        return PdfResult(pdf)

    def _found_typefaces(self) -> Typefaces:
        with self._lock:
            if self._typefaces is None:
                self._typefaces = self._find()
            return self._typefaces


def _why(reason: str, language: str) -> str:
    return wording(language).why_no_pdf[reason]
