"""Reads the documents of a campaign: a filtered list, or one with its text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from reports.documents.kinds import kind_name, kind_names
from rules.documents.addressing import unit_names
from schemas.documents.document import Document
from schemas.errors import NotFound
from schemas.plan import Plan
from services.common.document_names import called, named_documents
from services.common.subjects import Subject, city_subject
from storage.connections import Pool
from storage.document_file import DocumentFileEntry, read_document_file
from storage.documents import load


@dataclass(frozen=True)
class DocumentList:
    """The documents of this unit, state and kind; `has_others`: whether others exist in another state."""

    subject: Subject
    entries: Sequence[DocumentFileEntry]
    has_others: bool
    unit: str | None = None
    state: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class WholeDocument:
    """One document with its text."""

    subject: Subject
    entry: DocumentFileEntry
    document: Document


@dataclass(frozen=True)
class SameNumber:
    """Documents of several cities that share their number; `name` is the requested name, `city` one of the cities."""

    subject: Subject
    entries: Sequence[DocumentFileEntry]
    name: str
    city: str


async def find_documents(
    pool: Pool, subject: Subject, unit: str | None, state: str | None, kind: str | None
) -> DocumentList:
    """The documents of a campaign, filtered by unit, state and kind; NotFound for an unknown unit or kind."""
    plan, now = subject.frozen.plan, subject.now
    city = next((c.code for c in plan.cities if unit in (c.code, c.name)), None)
    of_unit = unit if city is None else None
    entries = await read_document_file(pool, subject.campaign_id, city=city, unit=of_unit)
    if of_unit is not None and not entries:
        _require_unit(plan, of_unit)
    if kind is not None:
        entries = _of_kind(plan, entries, kind)
    found = [entry for entry in entries if state is None or _is_in(entry, state, now)]
    return DocumentList(subject, found, len(entries) > len(found), unit, state, kind)


async def read_document(pool: Pool, subject: Subject) -> WholeDocument:
    """The document of a subject, with its text."""
    assert subject.document is not None
    return WholeDocument(subject, subject.document, await load(pool, subject.document.key))


async def find_named(pool: Pool, subject: Subject, name: str, unit: str | None) -> WholeDocument | SameNumber:
    """The document of this name (of the city `unit`, if given), or all if several share the number.

    NotFound if no document (of the city) has this name.
    """
    city = None if unit is None else (await city_subject(pool, subject.campaign_id, unit)).city
    named = await named_documents(pool, subject.campaign_id, name)
    meant = [one for one in named if city in (None, one.city)]
    if not meant:
        raise NotFound(f"document {name}: not one of {unit}; it is of {', '.join(one.city for one in named)}")
    if len(meant) == 1:
        (entry,) = await read_document_file(pool, subject.campaign_id, key=meant[0].key)
        label = f"{subject.campaign_id} {called(entry)}"
        return await read_document(pool, replace(subject, label=label, city=entry.city or None, document=entry))
    keys = {one.key for one in meant}
    entries = [entry for entry in await read_document_file(pool, subject.campaign_id) if entry.key in keys]
    return SameNumber(subject, entries, name, meant[-1].city)


def _is_in(entry: DocumentFileEntry, state: str, now: datetime) -> bool:
    """Whether a document is in this state as of now; `open`, `unsigned`, `overdue` and `dead` are derived states."""
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


def _of_kind(plan: Plan, entries: Sequence[DocumentFileEntry], kind: str) -> list[DocumentFileEntry]:
    """The entries of a kind, by wire name, by name in the plan or by default name; NotFound for an unknown one."""
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


def _require_unit(plan: Plan, unit: str) -> None:
    """NotFound, with the nearest names, for a unit that is not in the plan."""
    names = unit_names(plan)
    if unit in names:
        return
    cities = [name for city in plan.cities for name in (city.code, city.name)]
    near = get_close_matches(unit, [*cities, *sorted(names)], n=3)
    raise NotFound(
        f"{unit}: neither a city nor a unit of campaign {plan.id}. "
        + (f"Did you mean: {', '.join(near)}" if near else f"Its cities: {', '.join(cities[::2])}")
    )
