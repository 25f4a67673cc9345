"""Reads of a campaign's data: the anchor of its ledger, its settled sites, the measures of a briefing or a phase."""

from temporalio import activity

from schemas.options.briefing import BriefingOrder, BriefingReport
from schemas.options.phases import PhaseOrder, PhaseReport
from schemas.work import AnchorOrder, AnchorReport, CountOrder, CountReport
from storage import cities, ledger
from storage.briefings import measures
from storage.connections import Pool
from storage.phases import phase_report


async def anchor_ledger(pool: Pool, order: AnchorOrder) -> AnchorReport:
    """A digest over the heads of all streams of the campaign, and which of its cities are settled."""
    heads = await ledger.heads(pool, order.campaign_id)
    return AnchorReport(
        at=order.at,
        digest=heads.digest,
        streams=heads.streams,
        entries=heads.entries,
        snapshot=heads.snapshot,
        settled_cities=await cities.settled_cities(pool, order.campaign_id),
        patrolled_cities=await cities.patrolled_cities(pool, order.campaign_id),
    )


async def count_sites(pool: Pool, order: CountOrder) -> CountReport:
    """Closed and carried-over sites of the whole campaign."""
    counts = await cities.settled_counts(pool, order.campaign_id)
    return CountReport(at=order.at, closed=counts.closed, carried_over=counts.carried_over)


class Briefings:
    """The activity that counts for a briefing; built in `worker.py`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn(name="take_briefing")
    async def take_briefing(self, order: BriefingOrder) -> BriefingReport:
        """The measures of all ranked units, as of the moment in the order.

        After an outage they are of that later moment, which the briefing states: the tables hold the present state
        only.
        """
        found = await measures(self._pool, order.campaign_id, order.at, order.levels)
        return BriefingReport(week=order.week, cutoff=order.cutoff, as_of=order.at, **found._asdict())


class PhaseMeasurer:
    """The activity that counts for a phase that is over; built in `worker.py`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn(name="take_phase_measures")
    async def take_phase_measures(self, order: PhaseOrder) -> PhaseReport:
        """The measures of all cities by the present state of the tables, as of the moment in the order."""
        return await phase_report(self._pool, order)
