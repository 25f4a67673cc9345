"""What follows from the commands around a level's verdict: opinions of experts, and problems by themselves."""

from rules.site.options.acceptance.panel import decide_opinion, decide_replacement
from rules.site.options.acceptance.problems import decide_problem
from rules.site.state import SiteState
from schemas.event import Event
from schemas.options.acceptance import CloseProblem, GiveOpinion, ReplaceExpert
from schemas.site.terms import SiteTerms

AroundVerdict = GiveOpinion | ReplaceExpert | CloseProblem


def decide_around_verdict(terms: SiteTerms, state: SiteState, command: AroundVerdict) -> Event:
    """One event; raises Refused where the plan asks for nothing of the kind, or not of this person."""
    match command:
        case GiveOpinion():
            return decide_opinion(state, command)
        case ReplaceExpert():
            return decide_replacement(terms, state, command)
        case CloseProblem():
            return decide_problem(terms, state, command)
