"""Renders a draft: loads the lines it lists, then composes its text."""

import asyncio

from activities.composing import compose, lists_sites
from schemas.documents import RenderedDocument
from schemas.errors import NotFound
from schemas.ledger import DocumentDraft
from schemas.plan import FrozenPlan
from storage.connections import Pool
from storage.notice_lines import read_notice_lines


class Renderer:
    """Makes the text of documents; a listing's lines come from the notices it answers."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def render(self, frozen: FrozenPlan, draft: DocumentDraft) -> RenderedDocument:
        """The document's text in the plan's language; rendering again gives the same text.

        Raises:
            NotFound: the draft lists a site without a notice, or the plan has no such city; names them.
            InvalidInput: no such kind of document.
        """
        if draft.city and draft.city not in {city.code for city in frozen.plan.cities}:
            raise NotFound(f"document {draft.key}: the plan {frozen.plan.id} has no city {draft.city}")
        if not lists_sites(frozen, draft.kind):
            return compose(frozen, draft)
        lines = await read_notice_lines(self._pool, frozen.plan.id, draft)
        silent = sorted(set(draft.sites) - {line.site_id for line in lines})
        if silent or not lines:
            raise NotFound(
                f"document {draft.key}: no {draft.kind} notice of {', '.join(silent[:5]) or 'any site'} "
                f"({len(silent)} of {len(draft.sites)} sites) waits in {draft.city}, so nothing could be said of them"
            )
        # Thousands of lines take a good part of a second, which the other activities of this worker need not wait.
        return await asyncio.to_thread(compose, frozen, draft, lines)
