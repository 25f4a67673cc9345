"""The delivery of issued documents: load, send through every channel, say so in Postgres."""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.channels import Channel
from schemas.delivery import Delivered, DeliveryFailure, Receipt
from schemas.documents import DocumentState
from schemas.errors import DeliveryRefused, NotFound
from storage import campaigns, documents
from storage.connections import Pool
from storage.failed_documents import mark_failed

_log = structlog.get_logger(__name__)


class Deliveries:
    """The activities of the delivery queue. `now` is real time; Postgres keeps the campaign's."""

    def __init__(self, pool: Pool, channels: Sequence[Channel], now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._channels = tuple(channels)
        self._now = now

    @activity.defn(name="deliver")
    async def deliver(self, key: str) -> Delivered:
        """Send a document through all channels and mark it sent; one that is not waiting any more is left alone.

        A crash between the two repeats the sending, under the same Message-ID and file names.

        Raises:
            DeliveryDeferred: a channel cannot take it now; Temporal tries again.
            ApplicationError: not to be tried again; its type is DeliveryRefused or NotFound.
        """
        try:
            document = await documents.load(self._pool, key)
        except NotFound as error:
            raise _final(error) from error
        if document.state is not DocumentState.ISSUED:
            return Delivered(key=key, state=document.state)
        frozen = await campaigns.read_plan(self._pool, document.campaign_id)
        receipts: list[Receipt] = []
        refusals: list[str] = []
        for channel in self._channels:
            try:
                receipts.append(await channel.send(document, frozen.plan.zone))
            except DeliveryRefused as refusal:
                refusals.append(str(refusal))
        if refusals:
            raise _final(DeliveryRefused("; ".join(refusals)))
        await documents.mark_sent(self._pool, key, await self._campaign_time(document.campaign_id))
        _log.info(
            "document sent", key=key, campaign=document.campaign_id, receipts=[receipt.said for receipt in receipts]
        )
        return Delivered(key=key, state=DocumentState.SENT, receipts=tuple(receipts))

    @activity.defn(name="mark_failed")
    async def mark_failed(self, failure: DeliveryFailure) -> None:
        """Keep that a document will not reach anybody by itself, so that status shows it.

        Raises:
            ApplicationError: there is no such document; not to be tried again.
        """
        try:
            await mark_failed(self._pool, failure.key)
        except NotFound as error:
            raise _final(error) from error
        _log.error("document not delivered", key=failure.key, reason=failure.reason)

    async def _campaign_time(self, campaign_id: str) -> datetime:
        return (await campaigns.read_clock(self._pool, campaign_id)).campaign_time(self._now())


def _final(error: Exception) -> ApplicationError:
    return ApplicationError(str(error), type=type(error).__name__, non_retryable=True)
