"""Finding cities that are not settled and have no running workflow, and starting them again from their ledger."""

import structlog
from temporalio.client import Client

from activities.recovery.sites import runs, start_again
from activities.sites.amendments import SiteAmender
from rules.amendments.plan import in_force_at
from rules.city.aggregate import CityAggregate
from rules.terms.plan import campaign_terms, city_terms
from schemas.city import PlanReceived
from schemas.starts import CityStart
from schemas.streams import city_stream
from schemas.work import AnchorOrder
from storage.amendments import plan_versions
from storage.cities import unsettled_cities
from storage.connections import Pool
from storage.documents import numbers_documents
from storage.ledger import read_stream

_log = structlog.get_logger(__name__)


class LostCities:
    """A campaign's cities are abandoned children: nobody else would notice that one is gone."""

    def __init__(self, pool: Pool, client: Client, amender: SiteAmender) -> None:
        self._pool = pool
        self._client = client
        self._amender = amender

    async def restart(self, order: AnchorOrder) -> tuple[str, ...]:
        """Start again every issued, unsettled city without a running workflow; their codes.

        What the desk had asked for and its ledger does not have (an opening, a settlement) it asks for again.
        """
        restarted = []
        for code in await unsettled_cities(self._pool, order.campaign_id):
            stream = city_stream(order.campaign_id, code)
            if await runs(self._client, stream):
                continue
            entries = await read_stream(self._pool, stream)
            versions = await plan_versions(self._pool, order.campaign_id)
            began = PlanReceived.model_validate_json(entries[0].data).amendment
            terms = campaign_terms(in_force_at(versions, began), order.at, order.clock)
            if not await numbers_documents(self._pool, order.campaign_id):
                terms = terms.model_copy(update={"papers": None})  # it goes on as it began
            city = next(city for city in terms.cities if city.code == code)
            desk = CityAggregate(city_terms(terms, city, entries[0].at))
            desk.restore(entries)
            if desk.settled:
                continue
            start = CityStart(terms=desk.base, state=desk.state.model_dump(mode="json"))
            await start_again(self._client, "CityWorkflow", start, stream, order.task_queue)
            _log.warning("city had no running workflow and was started again", city=stream)
            await self._amender.tell_city(versions[-1], code, entries[0].at, desk.state.amendment)
            restarted.append(code)
        return tuple(restarted)
