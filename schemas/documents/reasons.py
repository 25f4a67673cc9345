"""The engine's own reasons for what it does to a document: stored as ids and worded by the reports.

A person's reason is free text and is shown as it was written.
"""

from enum import StrEnum


class EngineReason(StrEnum):
    """Why the engine withdrew a draft, or a site from the rung that it waited for."""

    SITES_SETTLED = "sites_settled"
    """No site escalates any more: the campaign's sites are closed or carried over."""
    NONE_OVERDUE = "none_overdue"
    """None of the sites it lists is overdue any more."""
    PROPOSED_AGAIN = "proposed_again"
    """All of its sites are in a newer draft of the same rung."""
    CURED = "cured"
    """The city has signed or deployed in the meantime."""
    NOT_OVERDUE_AT_ISSUE = "not_overdue_at_issue"
    """The site alone was not overdue any more when the document was issued."""
