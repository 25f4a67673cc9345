"""The fields of a site that people edit offline, as they stood after any entry of its ledger, and who touched them."""

import json
from collections.abc import Iterator
from typing import Any

from rules.lifecycle import SiteCase
from rules.site_state import SiteState
from schemas.correction import CORRECTABLE
from schemas.ledger import LedgerEntry
from schemas.site import Site

DONE = "done:"
"""Before a requirement's id: how much of it is done."""


def corrected(site: Site, state: SiteState) -> dict[str, Any]:
    """What the register says of a site, with its corrections (as JSON has it)."""
    record = site.model_dump(mode="json")
    return {field: _plain(state.corrections.get(field, record.get(field))) for field in CORRECTABLE}


def _plain(value: Any) -> Any:
    """Degrees to nine decimals, a tenth of a millimetre: a workbook keeps fewer digits than a float has."""
    return round(value, 9) if isinstance(value, float) else value


def fields_of(site: Site, case: SiteCase) -> dict[str, Any]:
    """All editable fields of a site as its case stands."""
    return corrected(site, case.state) | {DONE + r: round(done, 6) for r, done in case.state.done.items()}


def touched(entry: LedgerEntry) -> Iterator[str]:
    """The editable fields that an entry changed."""
    data = json.loads(entry.data)
    match entry.kind:
        case "task_reported":
            yield DONE + data["requirement"]
        case "record_corrected":
            yield from data["record"]
        case "level_failed" | "problem_returned" | "reopened":
            yield from (DONE + requirement for requirement in data.get("failed_requirements", ()))


def last_to_touch(field: str, entries: list[LedgerEntry]) -> LedgerEntry | None:
    """The newest of these entries that changed the field."""
    return next((entry for entry in reversed(entries) if field in touched(entry)), None)
