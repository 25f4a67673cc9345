"""Why a draft did not go out, in a report's language: a person's own words, or the engine's reason in ours."""

from reports.words import Words
from storage.docket import DocketEntry


def decision_reason(words: Words, entry: DocketEntry) -> str:
    """The reason of a rejection or withdrawal; empty for a document that has none."""
    if entry.withdrawn_for is not None:
        return words.named("withdrawn", entry.withdrawn_for)
    return entry.progress.decision_reason or ""
