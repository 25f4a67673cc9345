"""What a city, a decider or the police must be told of a site's extensions and of its case: data of notices."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from rules.calendar import last_day_of
from rules.site.options.police import case_facts
from rules.site.state import SiteState
from schemas import events as ev
from schemas.event import Event
from schemas.options.extensions import ExtensionRefused, ExtensionRequested, ExtensionUndecided
from schemas.options.police import CaseOverdue, CaseState
from schemas.site.terms import SiteTerms


class NoticeContent(NamedTuple):
    """A notice without its key: `which` tells it from others of its kind and site."""

    kind: str
    which: str
    data: dict[str, Any]
    rung: int = 0


def deferral_notices(terms: SiteTerms, state: SiteState, event: Event) -> Iterator[NoticeContent]:
    """What follows from one event, after it was folded."""

    def day(due: Any) -> str:
        return last_day_of(terms.calendar, due).isoformat()

    decider = terms.extension.decider if terms.extension is not None else ""
    data: dict[str, Any]
    match event:
        case ExtensionRequested():
            data = {"asked_until": event.until.isoformat(), "reason": event.reason, "due": day(event.decision_due)}
            yield NoticeContent("extension_request", f"request-{event.request}", data)
        case ExtensionUndecided():
            data = {"decider": decider, "step": event.step, "due": day(event.due)}
            yield NoticeContent("extension_overdue", f"request-{event.request}:step-{event.step}", data)
        case ExtensionRefused():
            data = {"granted": False, "reason": event.reason, "due": day(state.due) if state.due else None}
            yield NoticeContent("extension_decision", f"request-{event.request}", data)
        case ev.Extended() if event.request is not None:
            data = {"granted": True, "reason": event.reason, "due": day(event.due)}
            yield NoticeContent("extension_decision", f"request-{event.request}", data)
        case CaseOverdue() if event.state is CaseState.TO_TRANSFER:
            yield NoticeContent("case_transfer_overdue", f"step-{event.told}", {"due": day(event.due)}, rung=event.told)
        case CaseOverdue():
            case = case_facts(terms, state)
            data = {
                "case": event.state.value,
                "bureau": event.waits_for,
                "reference": case.reference if case is not None else None,
                "due": day(event.due),
            }
            yield NoticeContent("case_decision_overdue", f"{event.state}:step-{event.told}", data)
        case _:
            pass


def carried_case(terms: SiteTerms, state: SiteState) -> dict[str, Any]:
    """How the case of a site stands that is carried over, where it is not over."""
    case = case_facts(terms, state)
    return {"case": case.state} if case is not None and case.carried_over else {}
