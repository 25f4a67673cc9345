"""The grade of a site: a person overrides the plan's rules with a reason, and what depends on the hazard changes.

A stricter grade never sets a deadline in the past: its clause counts from when the site heard of it, and a day that an
extension granted stays. A milder one takes away no time that was granted: the deadline only moves where the clause of
the new grade, from the same occasion, ends later.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from rules.aggregate import EventTime
from rules.amendments.deadlines import soonest
from rules.calendar import last_day_of
from rules.site.amendment import work_clause, work_unmoved
from rules.site.options.protocol import NoticeContent, SiteOption
from rules.site.reopening import bounded
from rules.site.standing_time import moved
from rules.site.state import SiteState
from rules.site.variations import grade_in_force
from schemas.actor import Actor, Role
from schemas.calendar import ClauseNames, clause_data, named
from schemas.command import Command
from schemas.deferrals import UnmovedDeadline
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.grading import GRADING, Grade, Regrade, Regraded
from schemas.register import Hazard
from schemas.site.terms import SiteTerms
from schemas.stages import Stage

_STRICTER = (Hazard.LOW, Hazard.MEDIUM, Hazard.HIGH)


class GradingOption(SiteOption):
    """The plan's option `grading`: the order that overrides the rules, and the grade in status and reports."""

    data = GRADING

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        assert isinstance(command, Regrade)
        yield decide_regrading(terms, state, command, when.heard_at)

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        if isinstance(event, Regraded):
            state.grade = Grade(hazard=event.hazard, by=event.by, reason=event.reason)

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        if isinstance(event, Regraded):
            data: dict[str, Any] = {
                "hazard": event.hazard.value,
                "before": event.before.value,
                "by": event.by,
                "reason": event.reason,
            }
            if event.due is not None:
                data |= {"due": last_day_of(terms.calendar, event.due).isoformat(), **clause_data(event.clauses)}
            yield NoticeContent("regrading", f"grade-{state.seq}", data)

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {"grade": grade_in_force(terms, state)}

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {"grade": grade_in_force(terms, state)}


def decide_regrading(terms: SiteTerms, state: SiteState, command: Regrade, heard_at: datetime) -> Regraded:
    """The new grade, with the deadline that follows from it; raises Refused where nothing depends on grades."""
    grade = grade_in_force(terms, state)
    if grade is None:
        raise Refused("regrade is not known in this campaign: its plan has neither `grading` nor `variations`")
    if command.hazard is grade.hazard:
        raise Refused(f"the site is graded {grade.hazard} already, by {grade.by}")
    milder = _STRICTER.index(command.hazard) < _STRICTER.index(grade.hazard)
    if milder and command.actor.role is Role.COUNTY:
        raise Refused(
            f"a county only raises the hazard of its sites; from {grade.hazard} to {command.hazard} the city or the "
            "province grades"
        )
    found = _deadline(terms, state, command.hazard, heard_at)
    return Regraded(
        hazard=command.hazard,
        before=grade.hazard,
        by=command.actor.unit,
        reason=command.reason,
        due=None if found is None else found.due,
        due_unmoved=None if found is None else found.unmoved,
        counts_from=None if found is None else found.counts_from,
        clauses={} if found is None else found.clauses,
    )


class _Regraded(NamedTuple):
    due: datetime
    unmoved: UnmovedDeadline
    clauses: ClauseNames
    counts_from: datetime | None


def _deadline(terms: SiteTerms, state: SiteState, hazard: Hazard, heard_at: datetime) -> _Regraded | None:
    """The work's deadline under the new hazard; None where it stays, or where no work is awaited."""
    present, since = state.due, state.work_since
    if state.stage is not Stage.RECTIFYING or present is None or since is None or state.reopened:
        return None
    graded = state.model_copy(update={"grade": Grade(hazard=hazard, by="")})
    old, new = work_unmoved(terms, state), work_unmoved(terms, graded)
    if old is None or new is None or old.due == new.due:
        return None
    if new.due > old.due:
        due = bounded(terms, state, moved(terms.calendar, new, state.standing))
        return _Regraded(due, new, named(due=work_clause(terms, graded)), None) if due > present else None
    from_now = graded.model_copy(update={"work_since": heard_at, "extended_to": None, "extended_at": None})
    counted = work_unmoved(terms, from_now)
    assert counted is not None
    due = max(counted.due, soonest(terms.calendar, heard_at), state.extended_to or counted.due)
    due = bounded(terms, state, due)
    if due >= present:
        return None
    clauses = named(due=work_clause(terms, from_now))
    return _Regraded(due, UnmovedDeadline(due=due, since=heard_at), clauses, heard_at)
