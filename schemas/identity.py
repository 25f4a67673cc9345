"""When two spellings are one: of an id, an office, a word, a document number."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_DASHES = re.compile(r"[\u2010-\u2015\u2043\u2212\u23af\u2500\u2501\u30fc\ufe58\ufe63]")
"""Hyphens, dashes, the minus sign, and the strokes that are typed in their place."""
_BRACKETS = str.maketrans("〔【〖[{(〈《<", "(((((((((") | str.maketrans("〕】〗]})〉》>", ")))))))))")
_INVISIBLE = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp", "Mn"})
"""Categories of characters that nobody sees between two letters: joiners, marks of direction, spaces."""


def plain(text: str) -> str:
    """The text in characters of usual width, with one kind of dash; case, spaces and all that is seen stay."""
    return text if text.isascii() else _DASHES.sub("-", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """The text for comparisons: width, case, kind of dash, spaces and invisible characters do not matter.

    `\uff21\uff0d\uff10\uff10\uff11`, `a-001` and `A\u2014001` are one. Accents and other marks that are seen do matter.
    """
    if text.isascii() and text.isalnum():
        return text.casefold()
    seen = "".join(c for c in plain(unicodedata.normalize("NFKC", text).casefold()) if not _is_invisible(c))
    return unicodedata.normalize("NFKC", seen)  # what stood apart may be one character now


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Mn":  # of the marks only selectors of a glyph's variant are not seen
        return "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0100"
    return category in _INVISIBLE


def folded_number(number: str) -> str:
    """The number of a document for comparisons: as `folded`, and brackets of all kinds are one."""
    return folded(number).translate(_BRACKETS)


def same_number(one: str, other: str) -> bool:
    """Whether two numbers are of one document: `豫公督[2021]12号` is `豫公督〔2021〕 12 号`."""
    return folded_number(one) == folded_number(other)


class Spellings:
    """The first spelling of each name."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._first: dict[str, str] = {}
        for name in names:
            self._first.setdefault(folded(name), name)

    def known(self, name: str) -> str:
        """The spelling that was given first, or this one if there is none."""
        return self._first.get(folded(name), name)

    def note(self, name: str) -> str:
        """As `known`, and remembers a new name."""
        return self._first.setdefault(folded(name), name)
