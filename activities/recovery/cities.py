"""Lost cities. City workflows use ParentClosePolicy.ABANDON, so their campaign does not see that one is gone."""

from collections.abc import AsyncIterator, Sequence

from activities.recovery.recovery import Candidate, LostSubject
from rules.amendments.plan import in_force_at
from rules.city.aggregate import CityAggregate
from rules.city.amendment import amend_city_command
from rules.terms.plan import campaign_terms, city_terms
from runtime.workflow_start import WorkflowStart
from schemas.amendments import AmendCity
from schemas.city import PlanReceived
from schemas.clock import Clock
from schemas.starts import CityStart
from schemas.streams import city_stream
from schemas.work import AnchorOrder
from storage.amendments import list_amendments, plan_versions
from storage.cities import unsettled_cities
from storage.connections import Pool
from storage.ledger import read_stream


class LostCities(LostSubject[None]):
    """Every issued, unsettled city of a campaign. A restarted one requests again what its ledger does not have."""

    name = "city"

    def __init__(self, pool: Pool, order: AnchorOrder) -> None:
        self._pool = pool
        self._order = order

    async def candidates(self) -> AsyncIterator[Sequence[Candidate[None]]]:
        campaign_id = self._order.campaign_id
        codes = await unsettled_cities(self._pool, campaign_id)
        yield [Candidate(code, city_stream(campaign_id, code), None) for code in codes]

    async def rebuild(self, candidate: Candidate[None]) -> WorkflowStart | None:
        """The city under the plan with which it began; it gets the amendment that it missed as a signal."""
        order = self._order
        entries = await read_stream(self._pool, candidate.workflow_id)
        versions = await plan_versions(self._pool, order.campaign_id)
        began = PlanReceived.model_validate_json(entries[0].data).amendment
        terms = campaign_terms(in_force_at(versions, began), order.at, order.clock)
        city = next(city for city in terms.cities if city.code == candidate.id)
        aggregate = CityAggregate(city_terms(terms, city, entries[0].at))
        aggregate.restore(entries)
        if aggregate.settled:
            return None
        missed = await self._missed_amendment(aggregate, candidate.id)
        return WorkflowStart(
            "CityWorkflow",
            CityStart(terms=aggregate.base, state=aggregate.state.model_dump(mode="json")),
            candidate.workflow_id,
            order.task_queue,
            signal=("amend_city", missed) if missed else None,
        )

    async def _missed_amendment(self, aggregate: CityAggregate, code: str) -> AmendCity | None:
        """The newest amendment in force, if the city does not know it."""
        known = await list_amendments(self._pool, self._order.campaign_id)
        missed = [one for one in known if one.heard and one.amendment > aggregate.state.amendment]
        if not missed:
            return None
        record, issued_at = missed[-1], aggregate.base.issued_at
        assert record.heard_at is not None
        campaign = campaign_terms(record.frozen, issued_at, Clock())
        city = next(city for city in campaign.cities if city.code == code)
        terms = city_terms(campaign, city, issued_at)
        return amend_city_command(terms, record.amendment, record.document_number, record.title, record.heard_at)
