"""Renders a draft: loads the lines it lists, then composes its text."""

import asyncio
from collections.abc import Sequence

import structlog

from rendering.composing import compose, lists_sites, source_of_lines
from rendering.letter import one_line
from schemas.documents.delivery import NoticeLine
from schemas.documents.document import RenderedDocument
from schemas.errors import NotFound
from schemas.ledger import DocumentDraft
from schemas.plan import FrozenPlan
from storage.briefings import read_briefing
from storage.connections import Pool
from storage.notices import read_notice_lines

_log = structlog.get_logger(__name__)

_FAULT = 300
"""Maximum characters of a stored template fault."""


class Renderer:
    """Renders the text of documents; the lines of a listing come from its notices."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def render(self, frozen: FrozenPlan, draft: DocumentDraft) -> RenderedDocument:
        """The document's text in the plan's language; rendering again gives the same text.

        Raises:
            NotFound: the draft lists a site without a notice, the plan has no such city, or no briefing was frozen for
                that week; names them.
            InvalidInput: no such kind of document.
        """
        if draft.city and draft.city not in {city.code for city in frozen.plan.cities}:
            raise NotFound(f"document {draft.key}: the plan {frozen.plan.id} has no city {draft.city}")
        if draft.kind == "briefing":
            frozen_briefing = await read_briefing(self._pool, frozen.plan.id, draft.rung)
            draft = draft.model_copy(update={"data": frozen_briefing.model_dump(mode="json")})
        if not lists_sites(frozen, draft):
            return composed(frozen, draft)
        source = source_of_lines(draft)
        lines = await read_notice_lines(self._pool, frozen.plan.id, source)
        if draft.sites:  # an approved draft lists those of its sites that are still overdue
            listed = set(draft.sites)
            lines = tuple(line for line in lines if line.site_id in listed or not line.site_id)
        silent = sorted(set(draft.sites) - {line.site_id for line in lines})
        if silent or not lines:
            raise NotFound(
                f"document {draft.key}: no {source.kind} notice of {', '.join(silent[:5]) or 'any site'} "
                f"({len(silent)} of {len(draft.sites)} sites) waits in {draft.city}, so nothing could be said of them"
            )
        # Thousands of lines take most of a second, so a thread keeps the event loop free.
        return await asyncio.to_thread(composed, frozen, draft, lines)


def composed(frozen: FrozenPlan, draft: DocumentDraft, lines: Sequence[NoticeLine] = ()) -> RenderedDocument:
    """The document by the plan's own templates, or by the default ones if those fail.

    `check` has rendered them with specimens, so a failure is rare and does not stop the document. The fault is stored
    in its letter (`template_fault`), which `documents` and the file of documents show.
    """
    if frozen.plan.templates is None:
        return compose(frozen, draft, lines)
    try:
        return compose(frozen, draft, lines)
    except Exception as error:  # a template can raise any exception
        fault = one_line(f"{type(error).__name__}: {error}")[:_FAULT]
        _log.error("a template of the plan failed, the house's is used", document=draft.key, reason=fault)
        house = frozen.plan.model_copy(update={"templates": None})
        made = compose(frozen.model_copy(update={"plan": house}), draft, lines)
        return made.model_copy(update={"letter": {**(made.letter or {}), "template_fault": fault}})
