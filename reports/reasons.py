"""Why a draft did not go out, in a report's language: a person's own words, or the engine's reason in ours."""

from reports.words import Words
from schemas.documents import DocumentState
from schemas.reasons import engine_reason
from storage.docket import DocketEntry


def decision_reason(words: Words, entry: DocketEntry) -> str:
    """The reason of a rejection or withdrawal; empty for a document that has none."""
    return worded_reason(words, entry.state, entry.progress.decision_reason)


def worded_reason(words: Words, state: DocumentState, kept: str | None) -> str:
    """The same of a reason as a document keeps it: only what was withdrawn has one of the engine's."""
    ours = engine_reason(kept) if kept and state is DocumentState.WITHDRAWN else None
    return words.named("withdrawn", ours) if ours else kept or ""
