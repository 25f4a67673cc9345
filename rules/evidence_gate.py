"""Evidence in order: no work before the photo of `before`, none completed before that of `during`."""

from rules.site_state import SiteState
from rules.site_work import EPSILON, in_force
from schemas.commands import CompleteTask
from schemas.errors import Refused
from schemas.plan import EvidencePhase
from schemas.terms import SiteTerms


def require_evidence_in_order(terms: SiteTerms, state: SiteState, command: CompleteTask) -> None:
    """Raises Refused, saying which photo is missing; a photo that comes with the report is there."""
    requirement = next(r for r in in_force(terms, state) if r.id == command.requirement)
    if not requirement.in_order:
        return
    there = {*state.evidence.get(requirement.id, ()), *(one.phase for one in command.evidence)}

    def missing(phase: EvidencePhase) -> bool:
        return phase in requirement.evidence and phase not in there

    if missing(EvidencePhase.BEFORE):
        raise Refused(
            f"the photo `before` of {requirement.id!r} is missing: it comes before the work or with its first report"
        )
    completes = state.done.get(requirement.id, 0.0) + command.quantity >= requirement.quantity - EPSILON
    if missing(EvidencePhase.DURING) and (completes or EvidencePhase.AFTER in there):
        what = "this report completes the work" if completes else "this report shows it `after`"
        raise Refused(f"the photo `during` of {requirement.id!r} is missing, and {what}")
