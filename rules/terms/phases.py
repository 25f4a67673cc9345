"""The plan's phases as absolute instants, and the deadlines that count to their ends."""

from rules.calendar import end_of, start_of
from rules.terms.clause_names import with_names
from schemas.calendar import Calendar
from schemas.campaign import PhaseTerms
from schemas.options.phases import Opened
from schemas.phase_end import ClauseOrPhase, PhaseEnd, PhaseEndTerms, PhaseStartTerms, Within
from schemas.plan import FrozenPlan, Plan


def within(plan: Plan, clause: ClauseOrPhase, opened: Opened | None = None) -> Within:
    """The clause for the terms of a site; the days of a phase are those of the plan as it is amended.

    `opened` is what the clause asks for, if a phase may open it: its days do not count before that phase.
    """
    if not isinstance(clause, PhaseEnd):
        opens = next((phase for phase in plan.phases if opened in phase.opens), None)
        if opens is None:
            return clause
        starts_at = start_of(Calendar(time_zone=plan.time_zone), opens.starts_on)
        return PhaseStartTerms(phase=opens.id, starts_at=starts_at, clause=clause)
    last_day = next((phase.ends_on for phase in plan.phases if phase.id == clause.end_of_phase), plan.ends_on)
    return PhaseEndTerms(
        phase=clause.end_of_phase,
        ends_at=end_of(Calendar(time_zone=plan.time_zone), last_day),
        or_at_least=clause.or_at_least,
        name=clause.name,
    )


def phases_of(frozen: FrozenPlan) -> tuple[PhaseTerms, ...]:
    """The campaign's phases, in the order of the plan."""
    rounds = frozen.plan.survey.rounds if frozen.plan.survey is not None else ()
    return tuple(
        PhaseTerms(
            id=p.id,
            starts_at=start_of(frozen.calendar, p.starts_on),
            ends_at=end_of(frozen.calendar, p.ends_on),
            gate=p.gate,
            holds_next=p.holds_next,
            milestones=p.milestones,
            summary=p.summary,
            rounds=tuple(one.id for one in rounds if one.on <= p.ends_on) if p.gate is not None else (),
        )
        for p in with_names(frozen).phases
    )
