"""The text of a cell, and which texts a spreadsheet would run as a formula."""

import re
import unicodedata
from typing import Any

_BLANKS = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]*")
_NEGATIVE = re.compile(r"-(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def cell_text(value: Any) -> str:
    """The text of a cell; reading it gives the same value again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list | tuple):
        return "；".join(str(part) for part in value)
    return str(value)


def reads_as_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula: `=`, `+`, `-` or `@` of any width, after any blanks.

    So is a text that begins with a tab or line break.
    """
    if text.startswith(("\t", "\r", "\n")):
        return True
    first = _BLANKS.sub("", text, count=1)[:1]
    return unicodedata.normalize("NFKC", first) in tuple("=+-@")


def guarded(text: str) -> str:
    """A text for a CSV file: an apostrophe before a formula keeps it a text, and before an apostrophe keeps that.

    A negative number stays one.
    """
    is_read = reads_as_formula(text) and not _NEGATIVE.fullmatch(text)
    return f"'{text}" if is_read or text.startswith("'") else text
