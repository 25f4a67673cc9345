"""Which of a site's events its city must hear of, and in which document they will be listed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules.calendar import clause_end, last_day_of
from rules.documents.addressing import LEVELS
from rules.site.notices_of_deferrals import carried_case, deferral_notices
from rules.site.options.acceptance.state import acceptance_state, acceptance_terms
from rules.site.state import SiteState
from rules.site.work import in_force
from schemas import events as ev
from schemas.actor import Role
from schemas.ledger import Notice
from schemas.options.acceptance import ProblemReturned
from schemas.options.reopening import Reopened
from schemas.options.sign_off import SignOffOverdue
from schemas.site.terms import SiteTerms


def notices_of_event(terms: SiteTerms, state: SiteState, event: ev.Event, at: datetime) -> Iterator[Notice]:
    """The notices that follow from one event; their keys are domain words and stand once in a campaign."""

    def notice(kind: str, which: str, data: dict[str, Any], rung: int = 0) -> Notice:
        key = f"{terms.site_id}:{kind}:{which}"
        return Notice(key=key, site_id=terms.site_id, kind=kind, rung=rung, at=at, data=data)

    match event:
        case ev.Reminded():
            due_on = last_day_of(terms.calendar, event.due)
            which = f"{due_on}:{event.days_before}-days:round-{event.round}"
            data = {"due": due_on.isoformat(), "days_before": event.days_before, "round": event.round}
            yield notice("reminder" if event.sheet == "blue" else "reminder_yellow", which, data, rung=1)
        case ev.Climbed():
            again = {"proposal": event.proposal} if event.proposal > 1 else {}
            data = {"due": last_day_of(terms.calendar, event.due).isoformat(), "round": event.round, **again}
            if event.exhausted:
                data["exhausted"] = True
            which = f"rung-{event.rung}:round-{event.round}" + (f":proposal-{event.proposal}" if again else "")
            yield notice(event.instrument, which, data, rung=event.rung)
        case ev.LevelFailed():
            data = {
                "opinion": event.opinion,
                "failed_requirements": list(event.failed_requirements),
                "due": last_day_of(terms.calendar, event.due).isoformat(),
                "round": event.round,
                "level": event.level,
            }
            if event.department is not None:
                data["department"] = event.department
            yield notice("rectification_opinion", f"round-{event.round}", data)
            if event.rounds_exhausted:
                yield notice("rounds_exhausted", f"round-{event.round}", {"round": event.round})
        case ev.AcceptanceOverdue():
            due_on = last_day_of(terms.calendar, event.due)
            data = {"level": event.level, "due": due_on.isoformat(), "round": event.round}
            if event.missing:
                data["missing"] = list(event.missing)
            rung = rung_of_overdue_verdict(terms, event.level)
            yield notice("acceptance_overdue", f"{event.level}:{due_on}:round-{event.round}", data, rung=rung)
        case ProblemReturned():
            data = {
                "opinion": event.opinion,
                "failed_requirements": list(event.failed_requirements),
                "due": last_day_of(terms.calendar, state.due or terms.ends_at).isoformat(),
                "round": event.round,
                "level": event.level,
                "problem": event.problem,
            }
            yield notice("rectification_opinion", f"problem-{acceptance_state(state).returned}:{event.problem}", data)
        case SignOffOverdue() if terms.sign_off is not None:
            due_on = last_day_of(terms.calendar, event.due)
            data = {
                "departments": list(event.departments),
                "lead_government": terms.sign_off.lead_government,
                "due": due_on.isoformat(),
                "round": event.round,
            }
            # With its day: a site that was recalled from its sign-off is signed anew in the same round.
            which = f"step-{event.step}:{due_on}:round-{event.round}"
            yield notice("sign_off_overdue", which, data, rung=terms.sign_off.rungs[event.step - 1])
        case ev.Closed():
            which = f"closed:round-{event.round}" if state.reopened else "closed"
            yield notice(
                "closure", which, {"level": event.level, "round": event.round, **_look_backs(terms, state, at)}
            )
        case Reopened():
            due_on = last_day_of(terms.calendar, event.due)
            data = {
                "cause": event.cause,
                "reason": event.reason,
                "failed_requirements": list(event.failed_requirements),
                "due": due_on.isoformat(),
                "round": event.round,
            }
            yield notice("reopening", f"round-{event.round}", data)
        case ev.CarriedOver():
            yield notice(
                "carry_over",
                "carried-over",
                {"reason": event.reason, "round": state.round} | carried_case(terms, state),
            )
        case _:
            for word in deferral_notices(terms, state, event):
                yield notice(word.kind, word.which, word.data, rung=word.rung)


def rung_of_overdue_verdict(terms: SiteTerms, level: str) -> int:
    """How high a verdict that does not come is told: a level above the one that is silent (rules.documents.addressing).

    0 is the city's bureaus, 1 its government, one above its head the province; bureaus where the plan names no role.
    """
    asks = acceptance_terms(terms).levels.get(level)
    return {Role.CITY: 1, Role.PROVINCE: len(LEVELS)}.get(asks.by, 0) if asks is not None and asks.by is not None else 0


def _look_backs(terms: SiteTerms, state: SiteState, at: datetime) -> dict[str, Any]:
    """What the patrol inspects again, and by when; nothing where the plan has no patrol."""
    if terms.patrol_until is None:
        return {}
    due = [
        {"requirement": r.id, "due": clause_end(terms.calendar, at, clause).isoformat()}
        for r in in_force(terms, state)
        for clause in r.look_back
    ]
    return {"look_backs": due} if due else {}
