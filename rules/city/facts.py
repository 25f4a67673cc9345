"""What status shows of a city: its state row with the facts beside it, and its view."""

from datetime import datetime

from rules.city.options.registry import CITY_OPTIONS
from rules.city.state import CityState
from rules.option_rules import together
from schemas.answers import CityView
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.facts import CityFacts
from schemas.ledger import CityRow


def facts_of_city(terms: CityTerms, state: CityState) -> CityFacts | None:
    """What options have to say beyond the city's row, and the clauses of its deadlines."""
    clauses = {**named(receipt_due=terms.receipt), **state.clauses}
    facts = CityFacts(clauses=clauses, **together(option.facts(terms, state) for option in CITY_OPTIONS))
    return facts if facts != CityFacts() else None


def row_of_city(terms: CityTerms, state: CityState) -> CityRow:
    """The current state as the state table keeps it.

    A city that an option keeps open after its campaign is settled for its campaign.
    """
    return CityRow(
        code=terms.code,
        seq=state.seq,
        deployment=state.deployment,
        deployment_due=state.deployment_due,
        submitted_at=state.submitted_at,
        receipt_signed_at=state.receipt_signed_at,
        opened=state.opened,
        settled=state.settled_at is not None or any(one.closed_for_campaign(state) for one in CITY_OPTIONS),
        facts=facts_of_city(terms, state),
    )


def view_of_city(terms: CityTerms, state: CityState, now: datetime) -> CityView:
    """The answer to the `status` query and to an accepted update."""
    return CityView(
        campaign_id=terms.campaign_id,
        code=terms.code,
        name=terms.name,
        deployment=state.deployment,
        receipt_signed_at=state.receipt_signed_at,
        submitted_at=state.submitted_at,
        due=state.deployment_due,
        clauses=named(due=state.clauses.get("deployment_due")),
        opened=state.opened,
        settled=state.settled_at is not None,
        documents=state.documents_issued,
        approved_at=state.approved_at,
        as_of=now,
        refused=tuple(state.refusals),
        **together(option.view(terms, state) for option in CITY_OPTIONS),
    )
