"""Which of a site's events its city must hear of, and in which document they will be listed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules.calendar import last_day_of
from rules.site_state import SiteState
from schemas import events as ev
from schemas.ledger import Notice
from schemas.terms import SiteTerms


def notice_of(terms: SiteTerms, state: SiteState, event: ev.Event, at: datetime) -> Iterator[Notice]:
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
            yield notice("rectification_opinion", f"round-{event.round}", data)
            if event.rounds_exhausted:
                yield notice("rounds_exhausted", f"round-{event.round}", {"round": event.round})
        case ev.AcceptanceOverdue():
            due_on = last_day_of(terms.calendar, event.due)
            data = {"level": event.level, "due": due_on.isoformat(), "round": event.round}
            yield notice("acceptance_overdue", f"{event.level}:{due_on}:round-{event.round}", data)
        case ev.Closed():
            yield notice("closure", "closed", {"level": event.level, "round": event.round})
        case ev.CarriedOver():
            yield notice("carry_over", "carried-over", {"reason": event.reason, "round": state.round})
