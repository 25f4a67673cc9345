"""What follows from the commands around a level's verdict: opinions of experts, and problems by themselves."""

from rules.site.options.acceptance.panel import opinion, replacement
from rules.site.options.acceptance.problems import problem_judged
from rules.site.state import SiteState
from schemas.event import Event
from schemas.options.acceptance import CloseProblem, GiveOpinion, ReplaceExpert
from schemas.site.terms import SiteTerms

PartOfAcceptance = GiveOpinion | ReplaceExpert | CloseProblem


def around_the_verdict(terms: SiteTerms, state: SiteState, command: PartOfAcceptance) -> Event:
    """One event; raises Refused where the plan asks for nothing of the kind, or not of this person."""
    match command:
        case GiveOpinion():
            return opinion(state, command)
        case ReplaceExpert():
            return replacement(terms, state, command)
        case CloseProblem():
            return problem_judged(terms, state, command)
