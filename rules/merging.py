"""Edits made offline against what happened meanwhile: three versions of the same fields.

What was exported, what the file says now, and what holds now. A field that only the file changed is an edit; one that
only others changed stays as they left it; one that both changed differently is a conflict, and nobody's word is taken.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Edit(NamedTuple):
    """A field that the file alone changed."""

    field: str
    exported: Any
    yours: Any


class Conflict(NamedTuple):
    """A field that the file and somebody else changed, differently."""

    field: str
    exported: Any
    yours: Any
    theirs: Any


class Merged(NamedTuple):
    """What is to be done, what can not be, and what both changed in the same way."""

    edits: tuple[Edit, ...]
    conflicts: tuple[Conflict, ...]
    agreed: tuple[str, ...]


def merged(exported: Mapping[str, Any], yours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """The three-way comparison of the fields that the file has; a field that was not there is None."""
    edits: list[Edit] = []
    conflicts: list[Conflict] = []
    agreed: list[str] = []
    for field, mine in yours.items():
        was, now = exported.get(field), theirs.get(field)
        if mine == was:
            continue
        if now == mine:
            agreed.append(field)
        elif now == was:
            edits.append(Edit(field, was, mine))
        else:
            conflicts.append(Conflict(field, was, mine, now))
    return Merged(tuple(edits), tuple(conflicts), tuple(agreed))
