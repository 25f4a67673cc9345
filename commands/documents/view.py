"""Documents for people: a table with the open steps of each, and one document with its text."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import console, facts, table
from reports.documents.kinds import briefing_week, decision_reason, kind_name, ladder_rung
from reports.words.catalogue import Words
from schemas.calendar import ClauseNames
from schemas.clause_words import clause_said
from schemas.documents.document import DeliveryState, DocumentState
from schemas.plan import Plan
from services.common.document_names import called
from services.common.subjects import Subject
from services.common.text import counted, deadline, local, local_date
from services.documents.reading import DocumentList, SameNumber, WholeDocument

if TYPE_CHECKING:
    from storage.document_file import DocumentFileEntry

_WIDE = 150
"""Minimum terminal columns for one column per step."""


def documents_page(found: DocumentList) -> Page:
    """The documents that were found, or that none matches the unit, state and kind."""
    entries, subject = found.entries, found.subject
    data = documents_data(entries, subject)
    if not entries:
        of = f"{f' of kind {found.kind}' if found.kind else ''}{f' of {found.unit}' if found.unit else ''}"
        none = f"none of its documents{of} is {found.state}" if found.has_others else f"no document{of} is there yet"
        return Page(data, Text(f"{subject.campaign_id}: {none}"))
    return Page(data, Group(documents_table(entries, subject), Text(f"{counted(len(entries), 'document')}")))


def named_page(found: WholeDocument | SameNumber) -> Page:
    """The document of this name, or the list of those that share the number."""
    if isinstance(found, WholeDocument):
        return document_page(found)
    entries, subject = found.entries, found.subject
    hint = f"{counted(len(entries), 'document')} of one number; one whole: starter.py documents "
    hint += f"{subject.campaign_id} '{found.name}' --unit {found.city}"
    return Page(documents_data(entries, subject), Group(documents_table(entries, subject), Text(hint)))


def documents_table(entries: Sequence["DocumentFileEntry"], subject: Subject) -> RenderableType:
    """One row per document; on a narrow terminal one line, with the open steps below it."""
    plan, zone, now = subject.frozen.plan, subject.zone, subject.now
    cities = {city.code: city.name for city in plan.cities}

    def common(entry: "DocumentFileEntry") -> tuple[str, str, str, str]:
        is_draft = entry.number is None and entry.state is DocumentState.DRAFTED
        issued = "" if is_draft else local_date(entry.issued_at, zone)
        return called(entry), cities.get(entry.city, ""), _kind(plan, entry), issued

    if console().width >= _WIDE:
        heads = ("document", "city", "kind", "rung", "issued", "state", "signed", "replied", "lifted", "delivery")
        rows = (_wide(entry, plan, *common(entry), zone, now) for entry in entries)
        return table(heads, rows, right=["rung"], whole=["issued", "lifted"])
    lines: list[RenderableType] = []
    for entry in entries:
        name, *rest = common(entry)
        head = Text.assemble((name, "bold"), "  ", "  ".join(filter(None, (*rest, _state(entry, zone)))))
        open_ = " · ".join(filter(None, _narrowly(entry, zone, now)))
        lines += [head, Padding(Text(open_), (0, 0, 0, 4))] if open_ else [head]
    return Group(*lines)


def documents_data(entries: Sequence["DocumentFileEntry"], subject: Subject) -> list[dict[str, Any]]:
    """The documents as JSON data."""
    return [_as_data(entry, subject.frozen.plan, subject.now) for entry in entries]


def document_page(whole: WholeDocument) -> Page:
    """One document: its text, its steps with dates, and its deliveries."""
    subject, entry, document = whole.subject, whole.entry, whole.document
    plan, zone, now = subject.frozen.plan, subject.zone, subject.now
    name, rung = _kind(plan, entry), ladder_rung(plan, entry.kind, entry.rung)
    shown = Group(
        Text(f"{called(entry)}  {entry.subject}", style="bold"),
        facts(
            [
                ("key", entry.key),
                ("kind", f"{name}, rung {rung}" if rung else name),
                ("city", f"{entry.city} {plan.city(entry.city).name}" if entry.city else None),
                ("addressee", entry.addressee),
                ("issued" if entry.number else "dated", local(entry.issued_at, zone)),
                ("state", _words(entry.state)),
                ("past its day", ", ".join(entry.overdue(now))),
                *_steps(entry, zone),
                ("sites", ", ".join(entry.sites)),
            ]
        ),
        *_ways(entry, zone),
        Text(),
        Text(document.text.rstrip()),
    )
    return Page({**_as_data(entry, plan, now), "data": document.data, "text": document.text}, shown)


def _steps(entry: "DocumentFileEntry", zone: ZoneInfo) -> Iterable[tuple[str, object]]:
    """Every done or open step of a document, in order."""
    p = entry.progress
    if p.approval_due is not None:
        yield "approver", p.approver
        yield "approval due", _by_clause(deadline(p.approval_due, zone), p.clauses, "approval_due")
        yield "went to the superior", f"{counted(p.approval_steps, 'time')}" if p.approval_steps else None
    if p.joint is not None:
        yield "agencies sign by", deadline(p.joint.due, zone)
        for agency in p.joint.agencies:
            at = p.joint.signed.get(agency)
            signed = _by(f"signed {local(at, zone)}", p.joint.signed_by.get(agency))
            yield f"  {agency}", signed if at is not None else "has not signed"
        yield "silence told", counted(p.joint.steps, "time") if p.joint.steps else None
    if p.approved_at is not None:
        yield "approved", _by(local(p.approved_at, zone), p.approved_by)
    elif entry.state is DocumentState.REJECTED:
        yield "rejected", _by(local(p.decided_at, zone), p.approved_by)
    elif entry.state is DocumentState.WITHDRAWN:
        yield "withdrawn", local(p.decided_at, zone)
    yield "reason", decision_reason(Words("en"), entry)
    if entry.template_fault is not None:
        yield "template", f"the plan's own failed, the house's was used: {entry.template_fault}"
    yield "sign by", _by_clause(deadline(p.receipt_due, zone), p.clauses, "receipt_due")
    for unit in p.units:
        at = p.signed.get(unit)
        late = " (late)" if at is not None and p.receipt_due is not None and at > p.receipt_due else ""
        signed = _by(f"signed {local(at, zone)}", p.signed_by.get(unit))
        yield f"  {unit}", f"{signed}{late}" if at is not None else "has not signed"
    yield "silence told", f"{counted(p.receipt_steps, 'level')} higher" if p.receipt_steps else None
    yield "reply by", _by_clause(deadline(p.reply_due, zone), p.clauses, "reply_due")
    for reply in p.replies:
        promise = f", promises {reply.complete_by}" if reply.complete_by else ""
        yield f"  {reply.unit}", f"{_by(f'replied {local(reply.at, zone)}', reply.by)}{promise}: {reply.text}"
    yield "climb held until", p.held_until
    yield "no reply was told", "yes" if p.reply_overdue else None
    yield (
        "publication",
        f"{local_date(p.publishes_at, zone)}{', published' if p.published else ''}" if p.publishes_at else None,
    )
    yield "is lifted when", _words(p.lifting) if p.lifting else None
    yield "lift by", _by_clause(deadline(p.lifting_due, zone), p.clauses, "lifting_due")
    yield "sites still open", entry.open_sites if p.lifted_at is None else None
    lifted = _by(local(p.lifted_at, zone), p.lifted_by)
    yield "lifted", f"{lifted} {p.lifted_reason or ''}".strip() if p.lifted_at else None
    yield "follows from", p.answers


def _by_clause(due: str | None, clauses: ClauseNames, name: str) -> str | None:
    """A deadline with the clause that it follows from."""
    said = clause_said(clauses, name)
    return f"{due} ({said})" if due and said else due


def _by(what: str, actor: str | None) -> str:
    """The step, and the person who did it if known."""
    return f"{what} by {actor}".strip() if actor else what


def _ways(entry: "DocumentFileEntry", zone: ZoneInfo) -> list[RenderableType]:
    if not entry.deliveries:
        return []
    rows = (
        (w.channel, w.state.replace("failed", "dead letter"), local(w.changed_at, zone), w.attempts or None, w.result)
        for w in entry.deliveries
    )
    return [Text(), table(("channel", "state", "since", "tries", "what it said"), rows, right=["tries"])]


def _wide(
    entry: "DocumentFileEntry", plan: Plan, name: str, city: str, kind: str, issued: str, zone: ZoneInfo, now: datetime
) -> tuple[object, ...]:
    steps = (_signed(entry, zone, now), _replied(entry, zone, now), local_date(entry.progress.lifted_at, zone))
    return (
        name,
        city,
        kind,
        ladder_rung(plan, entry.kind, entry.rung),
        issued,
        _state(entry, zone),
        *steps,
        _delivery(entry),
    )


def _narrowly(entry: "DocumentFileEntry", zone: ZoneInfo, now: datetime) -> Iterable[str]:
    signed, replied, lifted = _signed(entry, zone, now), _replied(entry, zone, now), entry.progress.lifted_at
    yield f"signed {signed}" if signed else ""
    yield f"reply {replied}" if replied else ""
    yield f"lifted {local_date(lifted, zone)}" if lifted else ""
    yield _delivery(entry).removeprefix("sent")


def _kind(plan: Plan, entry: "DocumentFileEntry") -> str:
    """The name of its kind; for a briefing with its week instead of the rung."""
    name, week = kind_name(plan, entry.kind, entry.instrument), briefing_week(entry.kind, entry.rung)
    return name if week is None else f"{name}, week {week}"


def _state(entry: "DocumentFileEntry", zone: ZoneInfo) -> str:
    p = entry.progress
    if entry.state is not DocumentState.DRAFTED:
        return _words(entry.state)
    approval = f"approved {local_date(p.approved_at, zone)}" if p.approved_at is not None else None
    if p.approver is not None and approval is None:
        approval = f"{p.approver} by {deadline(p.approval_due, zone)}"
    unsigned = entry.uncountersigned
    signatures = f"{', '.join(unsigned)} to sign by {deadline(p.joint.due, zone)}" if unsigned and p.joint else None
    return f"drafted: {', '.join(filter(None, (approval, signatures)))}".removesuffix(": ")


def _signed(entry: "DocumentFileEntry", zone: ZoneInfo, now: datetime) -> str:
    """`2 of 2 2021-08-03`, or `1 of 2 by 2021-08-03 LATE: 市公安局`."""
    p = entry.progress
    if not p.units:
        return ""
    count = f"{len(p.units) - len(entry.unsigned)} of {len(p.units)}"
    if not entry.unsigned:
        return f"{count} {local_date(max(p.signed.values()), zone)}"
    late = " LATE" if "receipt" in entry.overdue(now) else ""
    return f"{count} by {deadline(p.receipt_due, zone)}{late}: {', '.join(entry.unsigned)}"


def _replied(entry: "DocumentFileEntry", zone: ZoneInfo, now: datetime) -> str:
    p = entry.progress
    if p.replies:
        return local_date(p.replies[0].at, zone)
    if not entry.awaits_reply:
        return ""
    return f"by {deadline(p.reply_due, zone)}{' LATE' if 'reply' in entry.overdue(now) else ''}"


def _delivery(entry: "DocumentFileEntry") -> str:
    """`sent`, `e-mail waiting`, `e-mail dead: no such mailbox`."""
    waiting = [delivery.channel for delivery in entry.deliveries if delivery.state is DeliveryState.WAITING]
    parts = [f"{delivery.channel} dead: {delivery.result or 'given up'}" for delivery in entry.dead_letters]
    parts += [f"{', '.join(waiting)} waiting"] if waiting else []
    return "; ".join(parts) or ("sent" if entry.deliveries or entry.sent_at else "")


def _as_data(entry: "DocumentFileEntry", plan: Plan, now: datetime) -> dict[str, Any]:
    """The entry as JSON, with derived fields as of now."""
    return {
        **entry.model_dump(mode="json"),
        "name": kind_name(plan, entry.kind, entry.instrument),
        "open": entry.is_open,
        "unsigned": list(entry.unsigned),
        "overdue": list(entry.overdue(now)),
    }


def _words(name: str) -> str:
    return name.replace("_", " ")
