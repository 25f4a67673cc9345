"""The daily recovery of a campaign: its lost cities, spot checks and deliveries are restarted when it is anchored."""

from datetime import datetime, timedelta

from temporalio import activity

from activities.documents.delivery_starts import DeliveryStarter
from activities.recording.measures import anchor_ledger, count_sites
from activities.recovery.cities import LostCities
from activities.recovery.deliveries import LostDeliveries
from activities.recovery.recovery import Recovery, RecoveryReport
from activities.recovery.spot_checks import LostSpotChecks
from schemas.work import AnchorOrder, AnchorReport, CountOrder, CountReport
from storage.connections import Pool

_ON_ITS_WAY = timedelta(days=1)
_REAL_SECONDS = 60
"""The age at which a missing delivery is lost: a campaign day, and at least a real minute on a compressed clock."""


class CampaignRecovery:
    """The activities that a campaign calls daily and at its end; each recovers first, then reads the campaign."""

    def __init__(self, pool: Pool, recovery: Recovery, deliveries: DeliveryStarter) -> None:
        self._pool = pool
        self._recovery = recovery
        self._deliveries = deliveries

    @activity.defn(name="take_anchor")
    async def take_anchor(self, order: AnchorOrder) -> AnchorReport:
        """Restart what was lost, then anchor the ledger."""
        if order.task_queue:
            await self._recovery.restart_lost(LostCities(self._pool, order))
            await self._recovery.restart_lost(LostSpotChecks(self._pool, order))
            on_its_way = max(_ON_ITS_WAY, timedelta(seconds=_REAL_SECONDS * order.clock.rate))
            await self.restart_deliveries(order.campaign_id, order.at - on_its_way)
        return await anchor_ledger(self._pool, order)

    @activity.defn(name="count_settled")
    async def count_settled(self, order: CountOrder) -> CountReport:
        """Restart every lost delivery, since no anchor follows, then count the settled sites."""
        await self.restart_deliveries(order.campaign_id, order.at)
        return await count_sites(self._pool, order)

    async def restart_deliveries(self, campaign_id: str, issued_before: datetime) -> RecoveryReport:
        """Start the delivery of every document issued before (campaign time) that waits for one and has none."""
        lost = LostDeliveries(self._pool, self._deliveries, campaign_id, issued_before)
        return await self._recovery.restart_lost(lost)
