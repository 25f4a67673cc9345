"""Which documents of a list are meant: by state, by kind, by unit."""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches

from reports.documents.kinds import kind_name, kind_names
from rules.documents.addressing import unit_names
from schemas.errors import NotFound
from schemas.plan import Plan
from storage.document_file import DocumentFileEntry


def is_in(entry: DocumentFileEntry, state: str, now: datetime) -> bool:
    """Whether a document is in this state as of now; `open`, `unsigned`, `overdue` and `dead` follow from the rest."""
    match state:
        case "open":
            return entry.is_open
        case "unsigned":
            return bool(entry.unsigned)
        case "overdue":
            return bool(entry.overdue(now))
        case "dead":
            return bool(entry.dead_letters)
        case _:
            return entry.state == state


def of_kind(plan: Plan, entries: Sequence[DocumentFileEntry], kind: str) -> list[DocumentFileEntry]:
    """Those of a kind, as the engine, the plan or the house calls it; NotFound for what is no kind at all."""
    found = [
        entry
        for entry in entries
        if kind in (entry.kind, entry.instrument, kind_name(plan, entry.kind, entry.instrument))
    ]
    names = kind_names(plan)
    if not found and kind not in names and kind not in names.values():
        near = get_close_matches(kind, [*names, *names.values()], n=3, cutoff=0.5)
        said = ", ".join(near) or ", ".join(f"{one} ({name})" for one, name in names.items())
        raise NotFound(
            f"kind {kind}: there is no such kind of document. {'Did you mean' if near else 'There are'}: {said}"
        )
    return found


def require_unit(plan: Plan, unit: str) -> None:
    """NotFound, with the nearest names, for a unit that the plan does not name."""
    names = unit_names(plan)
    if unit in names:
        return
    cities = [name for city in plan.cities for name in (city.code, city.name)]
    near = get_close_matches(unit, [*cities, *sorted(names)], n=3)
    raise NotFound(
        f"{unit}: neither a city nor a unit of campaign {plan.id}. "
        + (f"Did you mean: {', '.join(near)}" if near else f"Its cities: {', '.join(cities[::2])}")
    )
