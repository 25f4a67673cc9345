"""Reports of work and verdicts of a level, with what the core and every option refuse of them."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from rules.aggregate import EventTime
from rules.calendar import local_date, shown_instant
from rules.site.deferrals import require_time_ran
from rules.site.options.registry import SITE_OPTIONS
from rules.site.over_reporting import quantity_warnings
from rules.site.state import SiteState
from rules.site.twin_reports import twin_warnings
from rules.site.verdicts import decide_verdict, require_turn
from rules.site.work import in_force, task_reported
from schemas.errors import Refused
from schemas.event import Event
from schemas.evidence import EvidencePhase
from schemas.phase_end import PhaseStartTerms
from schemas.site.commands import CompleteTask, Verify
from schemas.site.events import TaskReported
from schemas.site.terms import SiteTerms


def decide_report(terms: SiteTerms, state: SiteState, command: CompleteTask, when: EventTime) -> TaskReported:
    """What follows from a report, with warnings for its sender.

    Raises Refused where it is not that person's, its evidence is out of order, or it is far more than is asked.
    """
    require_time_ran(terms, state, when.said_at)
    event = task_reported(terms, state, command)
    event.counts = state.counts(command.requirement, when.said_at)
    round_ = state.round_at(when.said_at)
    event.round = None if round_ == state.round else round_
    for option in SITE_OPTIONS.having("check_report"):
        option.check_report(terms, state, command, event.counts)
    twins = twin_warnings(terms, state, command, when.said_at)
    if event.counts:
        require_evidence_in_order(terms, state, command)
        event.warnings = (*quantity_warnings(terms, state, command), *_early(terms, when.said_at), *twins)
    else:
        event.warnings = (_sent_back_since(terms, state, command.requirement, when.said_at), *twins)
    return event


def _early(terms: SiteTerms, said_at: datetime) -> Iterator[str]:
    """A note for work before the phase that opens works: it counts, and was not asked for yet."""
    within = terms.rectification
    if isinstance(within, PhaseStartTerms) and said_at < within.starts_at:
        day = local_date(terms.calendar, within.starts_at)
        yield f"this work was done before the phase {within.phase}, which opens works on {day}; it counts"


def _sent_back_since(terms: SiteTerms, state: SiteState, requirement: str, said_at: datetime) -> str:
    day, since = (shown_instant(terms.calendar, one) for one in (said_at, state.again_since[requirement]))
    return (
        f"this work of {day} belongs to round {state.round_at(said_at)} and does not count: {requirement!r} was sent "
        f"back on {since} and must be done again since; report the rework with its own day"
    )


def decide_verification(terms: SiteTerms, state: SiteState, command: Verify, when: EventTime) -> Iterator[Event]:
    """The events of a level's verdict; raises Refused if it is not that level's turn, or not that person's."""
    require_turn(state, command)
    for option in SITE_OPTIONS.having("check_verdict"):
        option.check_verdict(terms, state, command)
    yield from decide_verdict(terms, state, command, when)


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
    completes = state.done.get(requirement.id, Decimal()) + command.quantity >= requirement.quantity
    if missing(EvidencePhase.DURING) and (completes or EvidencePhase.AFTER in there):
        what = "this report completes the work" if completes else "this report shows it `after`"
        raise Refused(f"the photo `during` of {requirement.id!r} is missing, and {what}")
