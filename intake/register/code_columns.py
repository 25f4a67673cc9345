"""Removes from ids and codes what was added to them: quotation marks that force text, a point and zero."""

import re
from collections.abc import Mapping, Sequence

from intake.register.mapping import Source

_QUOTES = "'\u2018\u2019\u201c\u201d\"`\u00b4\uff07\uff02"
_MARKED = re.compile(rf"[={_QUOTES}]+\s*(?P<bare>\w[^{_QUOTES}]*?)\s*[{_QUOTES}]*")
_ANY = re.compile(r".*")
_CODE = re.compile(r"[\w.-]+")
_NUMBERED = re.compile(r"\d[\d.-]*")
_FIELDS = {"id": _ANY, "type": _CODE, "city": _NUMBERED, "county": _NUMBERED}
"""What must be left without the marks: cities and counties have names too, in which quotes may belong to the text."""
_WHOLE = re.compile(r"(\d+)[.\uff0e][0\uff10]+")
_POINT = re.compile(r"[.\uff0e]")

Rows = Sequence[tuple[int, Sequence[str]]]


def plain_codes(rows: Rows, sources: Mapping[str, Source]) -> Rows:
    """The rows with bare ids and codes. `410400104.0` loses `.0` if no number of its column has another fraction."""
    columns = {index: left for field, left in _FIELDS.items() if field in sources for index in sources[field].indexes}
    bare = {
        column: _without_point([_unmarked(cells[column], left) if column < len(cells) else "" for _, cells in rows])
        for column, left in columns.items()
    }
    return [
        (row, [bare[column][place] if column in bare else cell for column, cell in enumerate(cells)])
        for place, (row, cells) in enumerate(rows)
    ]


def _unmarked(cell: str, left: re.Pattern[str]) -> str:
    if (found := _MARKED.fullmatch(cell.strip())) is None:
        return cell
    return found["bare"] if left.fullmatch(found["bare"]) else cell


def _without_point(cells: Sequence[str]) -> Sequence[str]:
    pointed = [cell for cell in cells if _POINT.search(cell)]
    if not pointed or not all(_WHOLE.fullmatch(cell.strip()) for cell in pointed):
        return cells
    return [found[1] if (found := _WHOLE.fullmatch(cell.strip())) else cell for cell in cells]
