"""What kinds of documents are called, and why a draft was not issued, in a report's language."""

from reports.words.catalogue import Words
from schemas.documents.document import DocumentState
from schemas.documents.reasons import engine_reason
from schemas.plan import Plan
from storage.document_file import DocumentFileEntry

_BRIEFING = "briefing"


def kind_name(plan: Plan, kind: str, instrument: str | None = None) -> str:
    """A kind in the plan's language; the plan's own name for it goes before the house's.

    A document on a unit's conduct is the instrument that the plan chose for it: `约谈通知书（逾期未部署）`.
    """
    words = Words(plan.language)
    if instrument is not None:
        return words("of_conduct", instrument=kind_name(plan, instrument), conduct=words.named("kind", kind))
    said = plan.templates.wording.get(kind, {}) if plan.templates else {}
    own = said.get("name") or said.get("heading")
    if isinstance(own, str) and "{" not in own:  # a heading made out of facts is another document's
        return own
    return words.named("kind", kind)


def ladder_rung(plan: Plan, kind: str, rung: int) -> int | None:
    """The rung of the plan's ladder that a document of this kind stands on, or None.

    What else a document's `rung` counts (the week of a briefing, the steps of a silence) is no rung of the ladder.
    """
    return rung if any((one.rung, one.instrument) == (rung, kind) for one in plan.ladder) else None


def briefing_week(kind: str, rung: int) -> int | None:
    """The week that a weekly briefing is about: a briefing carries it where other documents have their rung."""
    return rung if kind == _BRIEFING else None


def kind_names(plan: Plan) -> dict[str, str]:
    """Every kind of document that there can be, with its name."""
    return {kind: kind_name(plan, kind) for kind in Words(plan.language).family("kind")}


def decision_reason(words: Words, entry: DocumentFileEntry) -> str:
    """The reason of a rejection or withdrawal; empty for a document that has none."""
    return worded_reason(words, entry.state, entry.progress.decision_reason)


def worded_reason(words: Words, state: DocumentState, kept: str | None) -> str:
    """The same of a reason as a document keeps it: only what was withdrawn has one of the engine's."""
    ours = engine_reason(kept) if kept and state is DocumentState.WITHDRAWN else None
    return words.named("withdrawn", ours) if ours else kept or ""
