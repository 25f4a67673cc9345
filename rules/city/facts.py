"""How a city's desk is seen from outside: its state row with what there is to say beyond it, and its view."""

from datetime import datetime

from rules.city.opinion import opinion_facts
from rules.city.patrol_apply import facts_of_patrol
from rules.city.state import CityState
from schemas.answers import CityView
from schemas.city import CityTerms
from schemas.facts import CityFacts
from schemas.ledger import CityRow


def facts_of_city(terms: CityTerms, state: CityState) -> CityFacts | None:
    """None for a city of which there is nothing to say beyond its row."""
    facts = CityFacts(patrol=facts_of_patrol(terms, state.patrol), **opinion_facts(terms, state))
    return facts if facts != CityFacts() else None


def row_of_city(terms: CityTerms, state: CityState) -> CityRow:
    """The current state as the state table keeps it; a city that only patrols any more is settled for its campaign."""
    patrols = state.patrol is not None and state.patrol.city_closed_at is not None
    return CityRow(
        code=terms.code,
        seq=state.seq,
        deployment=state.deployment,
        deployment_due=state.deployment_due,
        submitted_at=state.submitted_at,
        receipt_signed_at=state.receipt_signed_at,
        opened=state.opened,
        settled=state.settled_at is not None or patrols,
        facts=facts_of_city(terms, state),
    )


def view_of_city(terms: CityTerms, state: CityState, now: datetime) -> CityView:
    """What the `status` query and an accepted update say."""
    return CityView(
        campaign_id=terms.campaign_id,
        code=terms.code,
        name=terms.name,
        deployment=state.deployment,
        receipt_signed_at=state.receipt_signed_at,
        submitted_at=state.submitted_at,
        due=state.deployment_due,
        opened=state.opened,
        settled=state.settled_at is not None,
        documents=state.documents,
        approved_at=state.approved_at,
        surveys=tuple(state.surveys),
        patrol=facts_of_patrol(terms, state.patrol),
        **opinion_facts(terms, state),
        as_of=now,
        refused=tuple(state.refusals),
    )
