"""A document as people name it: by its number, however their keyboard writes it, or by its key."""

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

from schemas.errors import NotFound
from storage.campaigns import find_campaign
from storage.connections import Pool
from storage.docket import DocketEntry, DocumentName, document_names, read_docket

_BRACKETS = str.maketrans("〔【[(〈<", "((((((") | str.maketrans("〕】])〉>", "))))))")
_NEAR = 5


def called(document: DocketEntry | DocumentName) -> str:
    """What people call a document: its number; before it has one, its key without the campaign."""
    return document.number or document.key.partition("/")[2]


async def find_document(pool: Pool, campaign_id: str, name: str) -> DocketEntry:
    """The document of this number or key (with or without its campaign).

    Brackets, widths and spaces of a number may be typed as the keyboard has them: `豫公督[2021]12号`. NotFound lists
    the nearest names.
    """
    names = await document_names(pool, campaign_id)
    if not names:
        await find_campaign(pool, campaign_id)  # says so if it is the campaign that is unknown
        raise NotFound(f"campaign {campaign_id}: no document was issued or drafted yet")
    keys: dict[str, str] = {}
    for key, number in reversed(names):  # of two documents with one name the newer is meant
        keys |= {_typed(one): key for one in (key, key.partition("/")[2], number) if one}
    meant = keys.get(_typed(name))
    if meant is None:
        near = _near([called(one) for one in names], campaign_id, name)
        raise NotFound(f"document {name}: not in campaign {campaign_id}. {near}")
    (found,) = await read_docket(pool, campaign_id, key=meant)
    return found


def _typed(name: str) -> str:
    """A name without what a keyboard makes of it: widths, the form of brackets, spaces, capitals."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_BRACKETS).split()).casefold()


def _near(names: Sequence[str], campaign_id: str, name: str) -> str:
    typed = {_typed(one): one for one in reversed(names)}
    near = get_close_matches(_typed(name), typed, n=_NEAR, cutoff=0.7)
    if near:
        return f"Did you mean: {', '.join(typed[one] for one in near)}"
    return f"Its last documents: {', '.join(names[:_NEAR])}; all of them: starter.py documents {campaign_id}"
