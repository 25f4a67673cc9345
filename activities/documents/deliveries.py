"""The delivery of issued documents: load, wait for the channel's rate, send, record the result in Postgres."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.channels.protocol import ChannelRoute, NoPdfRenderer, PdfRenderer, PdfResult
from rules.documents.delivery import is_given_up, next_turn, unused
from schemas.documents.delivery import Delivery, DeliveryFailure, Receipt, SendOrder
from schemas.documents.document import DeliveryState, Document
from schemas.errors import DeliveryDeferred, DeliveryRefused, NotFound
from schemas.local_time import local_day
from schemas.offices import MAIL
from schemas.plan import FrozenPlan
from storage import campaigns, deliveries, documents
from storage.connections import Pool
from storage.deliveries import hold, take_turn

_log = structlog.get_logger(__name__)

WHOLE_SECONDS = 50.0
"""Timeout of rendering and sending: shorter than Temporal's timeout of the attempt, so that a reason is recorded."""

BEAT_SECONDS = 5.0
"""Without heartbeats Temporal retries the attempt of a dead worker long before its time-out."""


class Deliveries:
    """The activities of the delivery queue. `routes` are the channels by name; `now` is real time."""

    def __init__(
        self,
        pool: Pool,
        routes: Mapping[str, ChannelRoute],
        now: Callable[[], datetime],
        renderer: PdfRenderer | None = None,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._pool = pool
        self._routes = dict(routes)
        self._now = now
        self._renderer = renderer or NoPdfRenderer()
        self._whole_seconds = whole_seconds

    @activity.defn(name="send_document")
    async def send_document(self, order: SendOrder) -> Receipt:
        """Send a document through one channel and mark that delivery sent; a delivery that was sent is not sent again.

        After a crash in between, the retry sends again under the same Message-ID, `webhook-id` and file names.

        Raises:
            ApplicationError: of the type DeliveryDeferred, to be retried (after `next_retry_delay`, if the
                channel or its rate sets it); of the types DeliveryRefused or NotFound, not to be retried.
        """
        try:
            delivery = await deliveries.load(self._pool, order.key, order.channel)
            document = await documents.load(self._pool, order.key)
        except NotFound as error:
            raise _final(error) from error
        if delivery.state is DeliveryState.SENT:
            assert delivery.result is not None and delivery.changed_at is not None  # `mark_sent` wrote them
            return await self._receipt(document, order.channel, delivery.result, delivery.changed_at)
        if delivery.state is DeliveryState.FAILED:
            await deliveries.wait_again(self._pool, order.key, order.channel)
        if order.channel not in self._routes:
            raise _final(DeliveryRefused(_unknown(order.channel, self._routes)))
        route = self._routes[order.channel]
        async with _beating():
            await self._turn(order.channel, route)
            result = await self._send(route, document, delivery)
        at = await self._campaign_time(document.campaign_id)
        await deliveries.mark_sent(self._pool, order.key, order.channel, result, at)
        _log.info("document sent", key=order.key, campaign=document.campaign_id, receipts=[result])
        return await self._receipt(document, order.channel, result, at)

    async def _receipt(self, document: Document, channel: str, result: str, at: datetime) -> Receipt:
        zone = (await campaigns.letterhead(self._pool, document.campaign_id)).plan.zone
        return Receipt(channel=channel, result=result, at=at, on=local_day(at, zone))

    @activity.defn(name="fail_delivery")
    async def fail_delivery(self, failure: DeliveryFailure) -> None:
        """Mark a delivery failed, so that status shows it as a dead letter and a person can send it again.

        Raises:
            ApplicationError: there is no such delivery; not to be retried.
        """
        try:
            document = await documents.load(self._pool, failure.key)
            at = await self._campaign_time(document.campaign_id)
            await deliveries.mark_dead(self._pool, failure.key, failure.channel, failure.reason, at)
        except NotFound as error:
            raise _final(error) from error
        reason = _without(failure.channel, failure.reason)
        _log.error("document not delivered", key=failure.key, channel=failure.channel, reason=reason)

    async def _turn(self, channel: str, route: ChannelRoute) -> None:
        """Wait for the channel's turn if it is soon.

        Raises:
            ApplicationError: the turn is too far off; retried after `next_retry_delay`.
        """
        if route.interval is None:
            return
        now = self._now()
        decide = functools.partial(next_turn, interval=route.interval, now=now)
        turn = await take_turn(self._pool, channel, unused(now), decide)
        if not turn.granted:
            message = f"{channel}: its rate is used up; it is tried again in {turn.wait.total_seconds():.0f} s"
            raise ApplicationError(
                message,
                type=DeliveryDeferred.__name__,
                next_retry_delay=turn.wait,
                category=ApplicationErrorCategory.BENIGN,  # expected, not to be logged as a failure
            )
        await asyncio.sleep(turn.wait.total_seconds())

    async def _send(self, route: ChannelRoute, document: Document, delivery: Delivery) -> str:
        """Send to the recipients of this delivery; a failed attempt is recorded."""
        frozen = await campaigns.letterhead(self._pool, document.campaign_id)
        addressed = document.model_copy(update={"recipients": delivery.recipients})
        try:
            async with asyncio.timeout(self._whole_seconds):
                sheet = await self._render(document, frozen)
                return await route.channel.send(addressed, sheet, frozen.plan.zone)
        except DeliveryRefused as refusal:
            raise _final(refusal) from refusal
        except DeliveryDeferred as deferral:
            await self._put_off(route, document, delivery, deferral)
            raise
        except TimeoutError:
            late = f"{delivery.channel}: took longer than {self._whole_seconds:g} s; it is tried again"
            await self._put_off(route, document, delivery, DeliveryDeferred(late))
            raise

    async def _put_off(
        self, route: ChannelRoute, document: Document, delivery: Delivery, deferral: DeliveryDeferred
    ) -> None:
        """Record the failed attempt; hold the channel where it asks for that; retry or give up.

        Raises:
            ApplicationError: always.
        """
        now, rest = self._now(), deferral.retry_after
        at = await self._campaign_time(document.campaign_id)
        await deliveries.mark_tried(self._pool, delivery.key, delivery.channel, str(deferral), at)
        if route.interval is not None and rest is not None:
            await hold(self._pool, delivery.channel, now + timedelta(seconds=rest))
        waited = now - activity.info().scheduled_time
        if is_given_up(waited, tries=delivery.attempts + 1):
            message = str(deferral).removesuffix("; it is tried again")
            raise _final(DeliveryRefused(f"{message}; given up after {waited.days} days")) from deferral
        reason = _without(delivery.channel, str(deferral))
        _log.warning("delivery put off", key=delivery.key, channel=delivery.channel, reason=reason)
        raise ApplicationError(
            str(deferral),
            type=DeliveryDeferred.__name__,
            next_retry_delay=None if rest is None else timedelta(seconds=rest),
            category=ApplicationErrorCategory.BENIGN,  # logged above in one line, without a traceback
        ) from deferral

    async def _render(self, document: Document, frozen: FrozenPlan) -> PdfResult:
        return await asyncio.to_thread(self._renderer.render, document.letter, frozen.plan.language)

    async def _campaign_time(self, campaign_id: str) -> datetime:
        return (await campaigns.issuer_clock(self._pool, campaign_id)).campaign_time(self._now())


@contextlib.asynccontextmanager
async def _beating() -> AsyncIterator[None]:
    """Sends heartbeats while the block runs."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(BEAT_SECONDS)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


def _unknown(channel: str, routes: Mapping[str, ChannelRoute]) -> str:
    if channel == MAIL:
        return f"{MAIL}: no mail server is set (HUNDRED_DAYS_SMTP_URL); set it for the workers, then send again"
    known = ", ".join(sorted(routes)) or "none"
    return (
        f"{channel}: the worker knows no channel of that name (it knows {known}); "
        "put it into HUNDRED_DAYS_CHANNELS_FILE, then send again"
    )


def _without(channel: str, reason: str) -> str:
    """The reason without its prefix, for a log line that names the channel in a field."""
    return reason.removeprefix(f"{channel}: ")


def _final(error: Exception) -> ApplicationError:
    """The non-retryable error; a refusal is benign (`fail_delivery` logs it in one line), a missing document is not."""
    expected = isinstance(error, DeliveryRefused)
    category = ApplicationErrorCategory.BENIGN if expected else ApplicationErrorCategory.UNSPECIFIED
    return ApplicationError(str(error), type=type(error).__name__, non_retryable=True, category=category)
