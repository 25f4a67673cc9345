"""Issuing documents: notices are gathered, rendered and recorded with the ledger; then the deliveries start."""

import asyncio

from temporalio import activity

from activities.documents.delivery_starts import DeliveryStarter
from activities.documents.rendering import Renderer
from activities.recording.ledger import record_or_rebase
from rules.city.dispatch import still_overdue
from rules.documents.delivery import planned_deliveries
from rules.documents.high_hazard import KIND as HIGH_HAZARD_LIST
from rules.documents.high_hazard import daily_list
from rules.documents.numbering import document_key
from schemas.documents.document import DocumentState, RenderedDocument
from schemas.ledger import DocumentDraft, RecordBatch
from schemas.work import Gathered, GatherOrder, Numbered, NumberOrder, Recorded
from storage.amendments import plan_for
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.deliveries import unreached
from storage.documents import number, recorded_documents
from storage.notices import gather, high_hazard_sites, look_backs, standings, standings_of, still_open
from storage.recorder import Recorder


class DocumentIssuer:
    """The activities that turn notices into documents."""

    def __init__(
        self,
        pool: Pool,
        recorder: Recorder,
        renderer: Renderer,
        deliveries: DeliveryStarter,
        *,
        mail: bool = False,
        outbox_only: bool = False,
    ) -> None:
        """`mail` says that a mail server is set; with `outbox_only` documents are sent by no other channel."""
        self._pool = pool
        self._recorder = recorder
        self._renderer = renderer
        self._deliveries = deliveries
        self._mail = mail
        self._outbox_only = outbox_only

    @activity.defn(name="gather_notices")
    async def gather_notices(self, order: GatherOrder) -> Gathered:
        """The pending notices of the city, assigned to the documents of this dispatch; idempotent for one dispatch."""
        frozen = await read_plan(self._pool, order.campaign_id)

        def key_of(kind: str, rung: int) -> str:
            return document_key(order.campaign_id, order.city, kind, rung, frozen.calendar, order.at)

        lots = await gather(self._pool, order.campaign_id, order.city, order.at, key_of)
        drafts = await standings(self._pool, order.approved)
        for lot in lots:
            if lot.key is not None and (lot.kind, lot.rung) in order.rungs:
                drafts[lot.key] = (lot.rung, await standings_of(self._pool, order.campaign_id, lot.sites))
        if order.high_hazard:
            found = await high_hazard_sites(self._pool, order.campaign_id, order.city)
            lots.extend(daily_list(found, key_of(HIGH_HAZARD_LIST, 0)))
        closures = [lot.key for lot in lots if lot.kind == "closure" and lot.key is not None]
        return Gathered(
            at=order.at,
            lots=tuple(lots),
            overdue={key: still_overdue(rung, listed, order.at) for key, (rung, listed) in drafts.items()},
            open_sites=await still_open(self._pool, order.listing),
            unreached=await unreached(self._pool, order.chased),
            look_backs=await look_backs(self._pool, order.campaign_id, closures) if order.look_backs else (),
        )

    @activity.defn(name="number_documents")
    async def number_documents(self, order: NumberOrder) -> Numbered:
        """Assign these documents the next numbers of their series; a document that has a number keeps it."""
        wanted = [(want.key, want.series) for want in order.wanted]
        numbers = await number(self._pool, order.campaign_id, order.year, wanted)
        return Numbered(at=order.at, year=order.year, numbers=numbers)

    @activity.defn(name="issue_documents")
    async def issue_documents(self, burst: RecordBatch) -> Recorded:
        """Record a batch with its documents in one transaction, then start each one's delivery; idempotent."""
        frozen = await plan_for(self._pool, burst)
        rendered = [self._routed(draft, await self._renderer.render(frozen, draft)) for draft in burst.documents]
        recorded = await record_or_rebase(self._pool, self._recorder, burst, rendered)
        issued = [draft.key for draft in burst.documents if draft.state is DocumentState.ISSUED]
        if recorded.standing:  # an interrupted attempt may have recorded them without starting their deliveries
            issued = await recorded_documents(self._pool, issued)
        async with asyncio.TaskGroup() as starts:
            for key in issued:
                starts.create_task(self._deliveries.start(key))
        return recorded

    def _routed(self, draft: DocumentDraft, document: RenderedDocument) -> RenderedDocument:
        """The document with its planned deliveries; a draft that waits for its approver has none."""
        if draft.state is not DocumentState.ISSUED:
            return document
        planned = planned_deliveries(draft.kind, document.recipients, mail=self._mail)
        return document.model_copy(update={"deliveries": planned[:1] if self._outbox_only else planned})
