"""A campaign under an amended plan: whether an amendment is accepted, and which cities are told or started."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError

from rules.amendments.deadlines import soonest
from rules.amendments.overlay import overlaid
from rules.amendments.targets import target_moves
from rules.calendar import last_day_of
from rules.campaign.state import CampaignState
from rules.effects import AmendCities
from schemas.amendments import Amend, PlanAmended
from schemas.campaign import CampaignTerms
from schemas.city import CityName
from schemas.errors import Refused
from schemas.event import Event
from schemas.stages import CampaignStage

_AMENDABLE = (CampaignStage.ISSUING, CampaignStage.RUNNING)


def decide_amendment(base: CampaignTerms, state: CampaignState, command: Amend, at: datetime) -> Iterator[PlanAmended]:
    """What follows from an amendment; nothing for one that the campaign knows.

    Raises:
        Refused: the campaign is over, the amended plan ends too soon, or its targets do not add up.
    """
    if state.stage not in _AMENDABLE:
        raise Refused(f"amend is not allowed while the campaign is {state.stage}; allowed: nothing")
    if command.amendment <= max(state.amendment, base.amendment):
        return
    terms = overlaid(base, state.overlay) if state.overlay else base
    new = amended_terms(base, command)
    require_time(new, at)
    yield PlanAmended(
        amendment=command.amendment,
        document=command.document,
        title=command.title,
        digest=command.digest,
        terms=command.terms,
        added=command.added,
        removed=command.removed,
        targets=tuple(target_moves(terms.targets, new.targets)),
    )


def amended_terms(base: CampaignTerms, command: Amend) -> CampaignTerms:
    """The campaign's terms under the amendment; raises Refused where they are no whole, such as a split that does not
    add up: then nothing of it is applied.
    """
    try:
        return overlaid(base, command.terms)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(map(str, first["loc"]))
        raise Refused(
            f"amendment {command.document} does not fit: {path}: {first['msg']}; nothing is amended"
        ) from error


def require_time(terms: CampaignTerms, at: datetime) -> None:
    """Raises Refused for terms whose campaign would end before the end of the day after `at`."""
    floor = soonest(terms.calendar, at)
    if terms.ends_at < floor:
        raise Refused(
            f"the amended campaign would end on {last_day_of(terms.calendar, terms.ends_at)}; an amendment leaves at "
            f"least until the end of the day after it is heard, {last_day_of(terms.calendar, floor)}"
        )


def apply_amendment(state: CampaignState, event: Event, at: datetime) -> None:
    """Apply an amendment to the campaign's state, in place."""
    if isinstance(event, PlanAmended):
        state.amendment, state.overlay = event.amendment, event.terms
        if state.issued_at is not None:
            state.joined = {**state.joined, **dict.fromkeys(event.added, at)}


def newly_issued(terms: CampaignTerms, state: CampaignState, event: Event) -> tuple[CityName, ...]:
    """The cities to which the plan goes out with this event: all of them, or those that an amendment adds."""
    if isinstance(event, PlanAmended):
        return tuple(c for c in terms.cities if c.code in event.added) if state.issued_at is not None else ()
    return terms.cities


def cities_to_amend(state: CampaignState, event: Event, at: datetime) -> Iterator[AmendCities]:
    """A plan that is not issued yet goes out as it is amended."""
    if isinstance(event, PlanAmended) and state.issued_at is not None:
        yield AmendCities(at, event.amendment, event.document, event.title, event.added, event.removed)
