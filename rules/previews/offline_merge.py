"""The three-way merge of offline edits: exported, edited and present values of the same fields."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rules.site.aggregate import SiteAggregate
from rules.site.state import SiteState
from schemas.ledger import LedgerEntry
from schemas.register import Site
from schemas.site.correction import CORRECTABLE


class Edit(NamedTuple):
    """A field that only the file changed."""

    field: str
    exported: Any
    yours: Any


class Conflict(NamedTuple):
    """A field that the file and another actor changed to different values."""

    field: str
    exported: Any
    yours: Any
    theirs: Any


class Merged(NamedTuple):
    """The edits to apply, the conflicts, and the fields with the same change on both sides."""

    edits: tuple[Edit, ...]
    conflicts: tuple[Conflict, ...]
    agreed: tuple[str, ...]


def merged(exported: Mapping[str, Any], yours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """The three-way merge of the fields in the file; a missing field is None."""
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


_DEGREES = ("latitude", "longitude")

DONE = "done:"
"""The prefix of a requirement's id in the name of its done quantity."""


def corrected(site: Site, state: SiteState) -> dict[str, Any]:
    """The register data of a site with its corrections, as JSON data."""
    record = site.model_dump(mode="json")
    found = {field: state.corrections.get(field, record.get(field)) for field in CORRECTABLE}
    for field in _DEGREES:
        if (degrees := found[field]) is not None:
            found[field] = round(degrees, 9)  # 0.1 mm: a workbook keeps fewer digits than a float
    return found


def fields_of(site: Site, aggregate: SiteAggregate) -> dict[str, Any]:
    """All editable fields of a site in its present state."""
    return corrected(site, aggregate.state) | {DONE + r: done for r, done in aggregate.state.done.items()}


def touched(entry: LedgerEntry) -> Iterator[str]:
    """The editable fields that an entry changed.

    An event of a site names them by its own fields: `record` the corrected ones, `requirement` the one that was worked
    on, `failed_requirements` those that are done again.
    """
    data = json.loads(entry.data)
    yield from data.get("record", ())
    if "requirement" in data and data.get("counts", True):
        yield DONE + data["requirement"]
    yield from (DONE + requirement for requirement in data.get("failed_requirements", ()))


def last_to_touch(field: str, entries: list[LedgerEntry]) -> LedgerEntry | None:
    """The newest of these entries that changed the field."""
    return next((entry for entry in reversed(entries) if field in touched(entry)), None)
