"""Finds a document by its number, in any typed form, or by its key."""

from collections.abc import Sequence
from difflib import get_close_matches

from schemas.errors import InvalidInput, NotFound
from schemas.identity import folded_number
from storage.campaigns import find_campaign
from storage.connections import Pool
from storage.document_file import DocumentFileEntry, DocumentName, document_names, read_document_file

_NEAR = 5


def called(document: DocumentFileEntry | DocumentName) -> str:
    """The name of a document for people: its number, or without one its key without the campaign."""
    return document.number or document.key.partition("/")[2]


async def find_document(pool: Pool, campaign_id: str, name: str, city: str | None = None) -> DocumentFileEntry:
    """The document of this number or key (with or without its campaign), as `same_number` reads it.

    The plan's number is that of a document in every city: `city` (a code) selects one. NotFound lists the
    nearest names, InvalidInput the keys of the documents that share the number.
    """
    named = await named_documents(pool, campaign_id, name)
    meant = [one for one in named if one.city == city] or named
    if len(meant) > 1:
        keys = [called(one._replace(number=None)) for one in meant]
        more = f" and {len(keys) - _NEAR} more" if len(keys) > _NEAR else ""
        raise InvalidInput(
            f"{name} is the number of {len(meant)} documents, one a city; name one by its key: "
            f"{', '.join(keys[:_NEAR])}{more}"
        )
    (found,) = await read_document_file(pool, campaign_id, key=meant[0].key)
    return found


async def named_documents(pool: Pool, campaign_id: str, name: str) -> list[DocumentName]:
    """The documents of this number or key: one, or for the plan's number one per city; else NotFound."""
    names = await document_names(pool, campaign_id)
    if not names:
        await find_campaign(pool, campaign_id)  # raises NotFound for an unknown campaign
        raise NotFound(f"campaign {campaign_id}: no document was issued or drafted yet")
    typed = folded_number(name)
    meant = [
        one
        for one in names
        if typed in {folded_number(name) for name in (one.key, one.key.partition("/")[2], one.number or "")}
    ]
    if not meant:
        near = _near(list(dict.fromkeys(called(one) for one in names)), campaign_id, name)
        raise NotFound(f"document {name}: not in campaign {campaign_id}. {near}")
    return sorted(meant, key=lambda one: one.city)


def _near(names: Sequence[str], campaign_id: str, name: str) -> str:
    typed = {folded_number(one): one for one in reversed(names)}
    near = get_close_matches(folded_number(name), typed, n=_NEAR, cutoff=0.7)
    if near:
        return f"Did you mean: {', '.join(typed[one] for one in near)}"
    return f"Its last documents: {', '.join(names[:_NEAR])}; all of them: starter.py documents {campaign_id}"
