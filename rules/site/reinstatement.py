"""A site that was carried over at the campaign's end although an amendment had moved that end before.

The news of an amendment reaches sites page by page, so a site may come to the old end first. It is opened again when it
hears of it, where it stood: a carry-over for another reason (a stop, the province's decision) stays.
"""

from datetime import datetime
from typing import Any

from rules.site.state import SiteState
from schemas.amendments import AmendSite, Reinstated, SiteReinstated, VerificationReinstated
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN, Stage

CAMPAIGN_ENDED = "the campaign ended"
"""The reason of a site that was carried over at the campaign's end."""

_ENDED_BY_IT = {"stage", "level", "level_due", "acceptance", "sign_off", "extension_requests", "police", "options"}
"""The fields that a carry-over changes, those of options among them."""


def what_it_ends(state: SiteState, reason: str) -> dict[str, Any]:
    """What a carry-over for this reason ends, as data: kept until the site is opened again."""
    return {"reason": reason, **state.model_dump(mode="json", include=_ENDED_BY_IT)}


def reinstated(state: SiteState) -> SiteState:
    """The state as it was before its carry-over, as a copy."""
    assert state.carried_over_from is not None
    before = SiteState.model_validate(state.carried_over_from)
    kept: dict[str, Any] = {name: getattr(before, name) for name in _ENDED_BY_IT}
    return state.model_copy(update=kept | {"settled_at": None, "carried_over_from": None})


def apply_reinstatement(state: SiteState, event: Reinstated) -> None:
    """Apply it to the state, in place."""
    before = reinstated(state)
    for name in (*_ENDED_BY_IT, "settled_at", "carried_over_from"):
        setattr(state, name, getattr(before, name))
    state.reinstated = event.amendment


def decide_reinstatement(
    terms: SiteTerms, new: SiteTerms, state: SiteState, command: AmendSite
) -> SiteReinstated | VerificationReinstated | None:
    """The event that opens a carried-over site again; None for one whose carry-over stays.

    `terms` are those under which it was carried over, `new` those of the amendment.
    """
    before, at = state.carried_over_from, state.settled_at
    if before is None or at is None or before["reason"] != CAMPAIGN_ENDED or before["stage"] not in OPEN:
        return None
    if not _moved_in_time(terms, new, at, command.effective_at):
        return None
    event = VerificationReinstated if before["stage"] == Stage.VERIFYING else SiteReinstated
    return event(amendment=command.amendment, document=command.document, settled_at=at)


def _moved_in_time(terms: SiteTerms, new: SiteTerms, at: datetime, amended_at: datetime) -> bool:
    """Whether the end at which the site was carried over had been moved before it came."""
    return at == terms.ends_at and new.ends_at > at and amended_at < at
