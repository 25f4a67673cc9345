"""Names of kinds of documents, and reasons of drafts that were not issued, in a report's language."""

from reports.words.catalogue import Words
from schemas.documents.document import DocumentState
from schemas.plan import Plan
from storage.document_file import DocumentFileEntry

_BRIEFING = "briefing"


def kind_name(plan: Plan, kind: str, instrument: str | None = None) -> str:
    """The name of a kind in the plan's language; a name of the plan overrides the built-in one.

    A document on a unit's conduct has the name of the instrument that the plan chose: `约谈通知书（逾期未部署）`.
    """
    words = Words(plan.language)
    if instrument is not None:
        return words("of_conduct", instrument=kind_name(plan, instrument), conduct=words.named("kind", kind))
    wording = plan.templates.wording.get(kind, {}) if plan.templates else {}
    own = wording.get("name") or wording.get("heading")
    if isinstance(own, str) and "{" not in own:  # else the heading depends on another document's facts
        return own
    return words.named("kind", kind)


def ladder_rung(plan: Plan, kind: str, rung: int) -> int | None:
    """The rung of the plan's ladder that a document of this kind belongs to, or None.

    What else a document's `rung` counts (the week of a briefing, the level that is notified) is no rung of the ladder.
    """
    return rung if any((one.rung, one.instrument) == (rung, kind) for one in plan.ladder) else None


def briefing_week(kind: str, rung: int) -> int | None:
    """The week of a weekly briefing, which is stored in `rung`; None for other kinds."""
    return rung if kind == _BRIEFING else None


def kind_names(plan: Plan) -> dict[str, str]:
    """All kinds of documents, with their names."""
    return {kind: kind_name(plan, kind) for kind in Words(plan.language).family("kind")}


def decision_reason(words: Words, entry: DocumentFileEntry) -> str:
    """The reason of a rejection or withdrawal; empty for a document without one."""
    return worded_reason(words, entry.state, entry.progress.decision_reason)


def worded_reason(words: Words, state: DocumentState, reason: str | None) -> str:
    """The same for the reason that a document stores: of a withdrawn one it is an `EngineReason`, else free text."""
    if reason is None or state is not DocumentState.WITHDRAWN:
        return reason or ""
    return words.named("withdrawn", reason)
