"""The engine's own reasons for what it does to a document: kept by their ids, worded where people read them.

A person's reason is free text and stands as it was written.
"""

from enum import StrEnum


class EngineReason(StrEnum):
    """Why a draft was put away, or a site fell back from the rung it waited for, without anybody having said so."""

    SITES_SETTLED = "sites_settled"
    """Nothing climbs any more: the campaign's sites are closed or carried over."""
    NONE_OVERDUE = "none_overdue"
    """None of the sites it lists is overdue any more."""
    PROPOSED_AGAIN = "proposed_again"
    """All of its sites are in a newer draft of the same rung."""
    CURED = "cured"
    """The city has signed or deployed meanwhile."""
    NOT_OVERDUE_AT_ISSUE = "not_overdue_at_issue"
    """The site alone was not overdue any more when the document went out."""


_AS_TEXT = {
    "the sites are settled": EngineReason.SITES_SETTLED,
    "none of its sites is overdue any more": EngineReason.NONE_OVERDUE,
    "all of its sites were proposed again": EngineReason.PROPOSED_AGAIN,
    "the site was not overdue any more when the document went out": EngineReason.NOT_OVERDUE_AT_ISSUE,
}
"""How an earlier release wrote them: its ledgers and documents keep these texts."""


def engine_reason(kept: str) -> EngineReason | None:
    """The engine's reason that a kept text is, by its id or its old text; None for a text that it does not know."""
    try:
        return EngineReason(kept)
    except ValueError:
        return _AS_TEXT.get(kept)
