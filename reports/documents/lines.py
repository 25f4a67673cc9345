"""The lines of the file of documents: the steps of each document with their days, and whether they were late."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from reports.documents.kinds import decision_reason, kind_name
from reports.words.catalogue import Words
from schemas.documents.delivery import outbox_stem
from schemas.documents.document import DeliveryState, DocumentState
from schemas.local_time import last_day, local_day
from schemas.offices import OUTBOX
from schemas.plan import Plan
from storage.document_file import DocumentFileEntry

_FILES = (("PDF", ".pdf"), ("HTML", ".html"))


@dataclass(frozen=True, slots=True)
class Step:
    """A past or expected step: `what` in words, `day` if it has one, and whether it is or was late."""

    what: str
    day: str = ""
    late: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFileLine:
    """A document's line in the plan's language; `links` are (label, relative address)."""

    entry: DocumentFileEntry
    name: str
    state: str
    issue: tuple[Step, ...]
    receipts: tuple[Step, ...]
    replies: tuple[Step, ...]
    ending: tuple[Step, ...]
    delivery: tuple[Step, ...]
    links: tuple[tuple[str, str], ...]


class DocumentFileWriter:
    """Creates the lines of one campaign's file, as of one instant."""

    def __init__(self, plan: Plan, as_of: datetime, outbox: Path | None, out: Path, names: Mapping[str, str]) -> None:
        """`names` are the numbers of documents by their keys; links are relative to the folder `out`."""
        self._plan, self._as_of, self._outbox, self._out, self._names = plan, as_of, outbox, out, names
        self._words = Words(plan.language)

    def line(self, entry: DocumentFileEntry) -> DocumentFileLine:
        """The line of one document."""
        return DocumentFileLine(
            entry=entry,
            name=kind_name(self._plan, entry.kind, entry.instrument),
            state=self._words.named("state", entry.state),
            issue=tuple(self._issue(entry)),
            receipts=tuple(self._receipts(entry)),
            replies=tuple(self._replies(entry)),
            ending=tuple(self._ending(entry)),
            delivery=tuple(self._delivery(entry)),
            links=tuple(self._links(entry)),
        )

    def day(self, instant: datetime | None) -> str:
        """The day of an instant in the plan's time zone."""
        return "" if instant is None else str(local_day(instant, self._plan.zone))

    def last_day(self, due: datetime | None) -> str:
        """The last day that counts of a deadline."""
        return "" if due is None else str(last_day(due, self._plan.zone))

    def _issue(self, entry: DocumentFileEntry) -> Iterator[Step]:
        w, p = self._words, entry.progress
        if p.approval_due is not None:
            late = (
                p.approved_at > p.approval_due
                if p.approved_at
                else entry.awaits_approval and self._past(p.approval_due)
            )
            notified = w("document_file_told_superior", n=p.approval_steps) if p.approval_steps else ""
            by = w("document_file_approve_by", day=self.last_day(p.approval_due))
            yield Step(
                w("document_file_approver"), text=w.listed(filter(None, (p.approver or "", by, notified))), late=late
            )
        if p.approved_at is not None:
            yield Step(w("document_file_approved_on"), self.day(p.approved_at), text=p.approved_by or "")
        if p.joint is not None:
            yield Step(w("document_file_countersign_by", day=self.last_day(p.joint.due)))
            for agency in p.joint.agencies:
                at = p.joint.signed.get(agency)
                if at is None:
                    yield Step(agency, text=w("document_file_not_countersigned"), late=self._past(p.joint.due))
                else:
                    yield Step(agency, self.day(at), at > p.joint.due, self._statement(p.joint.signed_by.get(agency)))
        yield Step(
            w("document_file_issued_on" if entry.state.was_issued else "document_file_drafted_on"),
            self.day(entry.issued_at),
        )
        if p.decision_reason is not None:
            decided_by = p.approved_by if entry.state is DocumentState.REJECTED else None
            text = self._statement(decided_by, decision_reason(w, entry))
            yield Step(w.named("state", entry.state), self.day(p.decided_at), text=text)
        if entry.template_fault is not None:
            yield Step(w("document_file_template_failed"), text=entry.template_fault)

    def _receipts(self, entry: DocumentFileEntry) -> Iterator[Step]:
        w, p = self._words, entry.progress
        if p.receipt_due is None or not p.units:
            return
        yield Step(w("document_file_sign_by", day=self.last_day(p.receipt_due)))
        for unit in p.units:
            at = p.signed.get(unit)
            if at is None:
                yield Step(unit, text=w("document_file_not_signed"), late=self._past(p.receipt_due))
            else:
                yield Step(unit, self.day(at), at > p.receipt_due, self._statement(p.signed_by.get(unit)))
        if p.receipt_steps:
            yield Step(w("document_file_told_higher", n=p.receipt_steps))

    def _replies(self, entry: DocumentFileEntry) -> Iterator[Step]:
        w, p = self._words, entry.progress
        if p.reply_due is None:
            return
        yield Step(w("document_file_reply_by", day=self.last_day(p.reply_due)))
        for number, reply in enumerate(p.replies):
            promise = w("document_file_promise", day=reply.complete_by) if reply.complete_by else ""
            late = number == 0 and reply.at > p.reply_due
            yield Step(reply.unit, self.day(reply.at), late, self._statement(reply.by, promise, reply.text))
        if entry.awaits_reply:
            yield Step(w("document_file_not_replied"), late=self._past(p.reply_due))

    def _ending(self, entry: DocumentFileEntry) -> Iterator[Step]:
        w, p = self._words, entry.progress
        if p.publishes_at is not None:
            done = "document_file_published_on" if p.published else "document_file_publish_on"
            yield Step(w(done, day=self.day(p.publishes_at)))
        if p.lifted_at is not None:
            text = self._statement(p.lifted_by, p.lifted_reason)
            yield Step(w("document_file_lifted_on"), self.day(p.lifted_at), text=text)
        elif p.lifting is not None and entry.state.was_issued:
            yield Step(w.named("document_file_lifting", p.lifting))
            if p.lifting_due is not None:
                by = w("document_file_lift_by", day=self.last_day(p.lifting_due))
                yield Step(by, late="lifting" in entry.overdue(self._as_of))
            if entry.open_sites is not None:
                yield Step(w("document_file_still_open", n=entry.open_sites))
        if p.answers is not None:
            yield Step(w("document_file_answers", document=self._names.get(p.answers) or p.answers.partition("/")[2]))

    def _delivery(self, entry: DocumentFileEntry) -> Iterator[Step]:
        w = self._words
        for delivery in entry.deliveries:
            dead = delivery.state is DeliveryState.FAILED
            text = (delivery.result or "") if delivery.channel != OUTBOX or dead else ""
            state = w.named("delivery", delivery.state)
            yield Step(f"{w.named('channel', delivery.channel)} {state}", self.day(delivery.changed_at), dead, text)

    def _links(self, entry: DocumentFileEntry) -> Iterator[tuple[str, str]]:
        """Links to the document's files in the outbox, if it was delivered there."""
        if self._outbox is None:
            return
        if not any(
            delivery.channel == OUTBOX and delivery.state is DeliveryState.SENT for delivery in entry.deliveries
        ):
            return
        issued_on = local_day(entry.issued_at, self._plan.zone)
        stem = outbox_stem(self._plan.id, entry.city, entry.kind, entry.rung, entry.key, issued_on)
        for label, suffix in _FILES:
            file = self._outbox / f"{stem}{suffix}"
            if file.is_file():
                yield label, quote(Path(os.path.relpath(file, self._out)).as_posix())

    def _statement(self, by: str | None, *parts: str | None) -> str:
        """The person who acted, if known, and their statements."""
        person = self._words("document_file_by", who=by) if by else None
        return ("；" if self._words.language == "zh-CN" else "; ").join(filter(None, (person, *parts)))

    def _past(self, due: datetime) -> bool:
        return due < self._as_of
