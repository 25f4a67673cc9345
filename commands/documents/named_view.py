"""What `documents CAMPAIGN NAME` shows: one document whole, or those that share a number."""

from rich.console import Group
from rich.text import Text

from commands.common.page import Page
from commands.documents.view import document_page, documents_data, documents_table
from schemas.errors import NotFound
from services.common.document_names import named_documents
from services.common.subjects import Subject, city_subject, document_subject
from services.common.text import counted
from storage.connections import Pool
from storage.document_file import read_docket


async def named_page(pool: Pool, subject: Subject, name: str, unit: str | None) -> Page:
    """The document of this name whole (of the city `unit` if it says one); the list, where several share the number.

    NotFound for a name that nobody bears, or that no document of the city does.
    """
    city = None if unit is None else (await city_subject(pool, subject.campaign_id, unit)).city
    named = await named_documents(pool, subject.campaign_id, name)
    meant = [one for one in named if city in (None, one.city)]
    if not meant:
        raise NotFound(f"document {name}: not one of {unit}; it is of {', '.join(one.city for one in named)}")
    if len(meant) == 1:
        return await document_page(pool, await document_subject(pool, subject.campaign_id, meant[0].key))
    keys = {one.key for one in meant}
    entries = [entry for entry in await read_docket(pool, subject.campaign_id) if entry.key in keys]
    hint = f"{counted(len(entries), 'document')} of one number; one whole: starter.py documents "
    hint += f"{subject.campaign_id} '{name}' --unit {meant[-1].city}"
    return Page(documents_data(entries, subject), Group(documents_table(entries, subject), Text(hint)))
