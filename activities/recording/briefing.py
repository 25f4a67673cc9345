"""Taking the measures of a weekly briefing; the campaign's board ranks and freezes them."""

from temporalio import activity

from schemas.briefing import BriefingOrder, BriefingReport
from storage.briefings import measures
from storage.connections import Pool


class Briefings:
    """The activity that counts for a briefing; built in `worker.py`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn(name="take_briefing")
    async def take_briefing(self, order: BriefingOrder) -> BriefingReport:
        """The measures of all cities, as of the moment that the order says.

        Taken late, after an outage, they are those of that later moment, and the briefing says so: the tables that
        are counted hold the present state only.
        """
        cities = await measures(self._pool, order.campaign_id, order.at)
        return BriefingReport(week=order.week, cutoff=order.cutoff, as_of=order.at, cities=cities)
