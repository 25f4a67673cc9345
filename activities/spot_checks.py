"""The frame of a spot check, stored once in Postgres, and the samples that `rules.spot_check` draws from it."""

from temporalio import activity

from rules.spot_check.sampling import batch, draw, enlarged, frame_hash, shares_of
from schemas.quantity import exact
from schemas.spot_check import BatchReport, DrawOrder, DrawReport, EnlargeReport, UnitOrder
from storage.connections import Pool
from storage.spot_checks import counties_of, find_check, read_frame, struck_off, write_frame


class SpotChecks:
    """The activities of `SpotCheckWorkflow`; built in `worker.py`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn(name="draw_sample")
    async def draw_sample(self, order: DrawOrder) -> DrawReport:
        """Store the frame, once, and draw its first sample; a retry draws from the stored frame."""
        kept = await find_check(self._pool, order.campaign_id, order.check)
        if kept is None:
            taken = await struck_off(self._pool, order.campaign_id, order.city, order.at, order.plan.passed)
            counties = await counties_of(self._pool, order.campaign_id)
            kept = await write_frame(self._pool, order, taken, frame_hash(taken), counties)
        frame = await read_frame(self._pool, order.campaign_id, order.check)
        drawn = draw(frame, order.seed, exact(order.plan.share), order.plan.minimum, shares_of(order.plan))
        return DrawReport(at=order.at, draw=drawn, counties=kept.counties)

    @activity.defn(name="enlarge_sample")
    async def enlarge_sample(self, order: UnitOrder) -> EnlargeReport:
        """The sites that the enlarged sample of a unit adds."""
        plan = order.plan
        more = enlarged(
            await read_frame(self._pool, order.campaign_id, order.check),
            order.seed,
            exact(plan.share),
            exact(plan.enlarge),
            plan.minimum,
            plan.unit,
            order.unit,
            shares_of(plan),
        )
        return EnlargeReport(at=order.at, unit=order.unit, sample=more)

    @activity.defn(name="read_batch")
    async def read_batch(self, order: UnitOrder) -> BatchReport:
        """Every site of a unit's frame."""
        frame = await read_frame(self._pool, order.campaign_id, order.check)
        sites = batch(frame, order.plan.unit, order.unit)
        return BatchReport(at=order.at, unit=order.unit, sites={site.id: site.city for site in sites})
