"""A site that used up its rounds of acceptance climbs at once to the rung that the plan names for that.

It climbs on the first working day after the failure, though its new deadline lies ahead, and once a round; what the
rung asks for (an approval, a reply) holds as for any site there, and the next rung waits for the deadline as ever.
"""

from datetime import date, datetime, timedelta

from rules.calendar import local_date
from rules.escalation import caught_up
from rules.site.options.acceptance.state import acceptance_state, acceptance_terms
from rules.site.state import SiteState
from schemas.site.terms import RungTerms, SiteTerms
from schemas.stages import Stage


def exhausted_climb(terms: SiteTerms, state: SiteState, now: datetime) -> tuple[date, RungTerms] | None:
    """The day of that climb and its rung, seen from `now`; None where there is none, or it was made."""
    rung = acceptance_terms(terms).exhausted_rung
    if rung is None or not acceptance_state(state).exhausted or str(rung) in state.proposals or state.due_since is None:
        return None
    for known in terms.ladder:
        if known.rung == rung:
            day = local_date(terms.calendar, state.due_since) + timedelta(days=1)
            if state.climbs_from is not None:
                day = max(day, state.climbs_from)
            return caught_up(terms.calendar, day, now, terms.office_catch_up), known
    return None


def stands_exhausted(terms: SiteTerms, state: SiteState) -> bool:
    """Whether the site is on that rung for that reason: its document concerns it though it is not overdue."""
    return (
        acceptance_state(state).exhausted
        and state.stage is Stage.RECTIFYING
        and state.rung == acceptance_terms(terms).exhausted_rung
    )
