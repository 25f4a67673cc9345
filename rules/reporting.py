"""A report of work, and every reason for which it is not taken."""

from rules.evidence_gate import require_evidence_in_order
from rules.hands import require_no_judge
from rules.panel import require_no_expert
from rules.parts import require_not_accepted
from rules.site_state import SiteState
from rules.site_work import reported
from schemas.commands import CompleteTask
from schemas.events import TaskReported
from schemas.terms import SiteTerms


def work_reported(terms: SiteTerms, state: SiteState, command: CompleteTask) -> TaskReported:
    """What follows from a report; raises Refused where it is not that person's, or its evidence is out of order."""
    event = reported(terms, state, command)
    require_no_judge(terms, state, command.actor)
    require_no_expert(state, command.actor)
    require_not_accepted(terms, state, command.requirement)
    require_evidence_in_order(terms, state, command)
    return event
