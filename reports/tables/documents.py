"""The workbook's table of documents: each document's number, and its past and expected steps."""

from collections.abc import Iterable, Iterator
from datetime import date

from reports.documents.kinds import briefing_week, kind_name, ladder_rung, worded_reason
from reports.tables.register import Read, Row
from reports.tables.sheet import Column, Kind
from reports.words.catalogue import Words
from schemas.documents.document import DocumentState, Progress
from schemas.plan import Plan


def document_columns(words: Words, zone: str) -> list[Column]:
    """The columns of `document_rows`; deadlines are shown as the day that they end."""
    states = tuple((words(f"state.{name}"), fill) for name, fill in (("failed", "alarm"), ("issued", "under_way")))
    return [
        Column(words("number"), Kind.ID, 28),
        Column(f"{words('issued_at')} ({zone})", Kind.INSTANT, 19),
        Column(words("city"), Kind.TEXT, 12),
        Column(words("kind"), Kind.TEXT, 20),
        Column(words("rung"), Kind.NUMBER, 7),
        Column(words("week"), Kind.NUMBER, 7),
        Column(words("title_of_document"), Kind.TEXT, 46),
        Column(words("addressee"), Kind.TEXT, 24),
        Column(words("state"), Kind.TEXT, 10, states),
        Column(f"{words('sent_at')} ({zone})", Kind.INSTANT, 19),
        Column(words("document_file_approver"), Kind.TEXT, 18),
        Column(f"{words('approval_due')} ({zone})", Kind.DEADLINE, 13),
        Column(f"{words('decided_at')} ({zone})", Kind.INSTANT, 19),
        Column(words("decided_by"), Kind.TEXT, 16),
        Column(words("decision_reason"), Kind.TEXT, 24),
        Column(f"{words('receipt_due')} ({zone})", Kind.DEADLINE, 13),
        Column(words("signers"), Kind.NUMBER, 9),
        Column(words("signed"), Kind.NUMBER, 9),
        Column(f"{words('signed_at')} ({zone})", Kind.INSTANT, 19),
        Column(words("not_signed"), Kind.TEXT, 30),
        Column(f"{words('reply_due')} ({zone})", Kind.DEADLINE, 13),
        Column(f"{words('replied_at')} ({zone})", Kind.INSTANT, 19),
        Column(words("replied_by"), Kind.TEXT, 20),
        Column(words("reply"), Kind.TEXT, 40),
        Column(f"{words('promised')}", Kind.DAY, 13),
        Column(words("lifting"), Kind.TEXT, 24),
        Column(f"{words('lifted_at')} ({zone})", Kind.INSTANT, 19),
        Column(words("lifted_by"), Kind.TEXT, 16),
        Column(words("sites"), Kind.NUMBER, 8),
        Column(words("sites_listed"), Kind.TEXT, 40),
        Column(words("key"), Kind.ID, 40),
    ]


def document_rows(rows: Iterable[Read], words: Words, plan: Plan) -> Iterator[Row]:
    """One row per document. One that was never issued has no day of issue; the last of several replies is shown."""
    cities = {"": plan.province} | {city.code: city.name for city in plan.cities}
    for row in rows:
        state, kind, p = DocumentState(row["state"]), row["kind"], Progress.model_validate_json(row["progress"])
        reply = p.replies[-1] if p.replies else None
        yield (
            row["number"] or (plan.document_number if kind == "plan_issue" else None),
            row["issued_at"] if state.was_issued else None,
            cities.get(row["city"], row["city"]),
            kind_name(plan, kind, row["instrument"]),
            ladder_rung(plan, kind, row["rung"]),
            briefing_week(kind, row["rung"]),
            row["subject"],
            row["addressee"],
            words.named("state", state),
            row["sent_at"],
            p.approver,
            p.approval_due,
            p.decided_at or p.approved_at,
            p.approved_by,
            worded_reason(words, state, p.decision_reason) or None,
            p.receipt_due,
            len(p.units) or None,
            len(p.signed) if p.units else None,
            max(p.signed.values(), default=None),
            words.listed(p.unsigned) or None,
            p.reply_due,
            reply and reply.at,
            reply and words.listed(filter(None, (reply.unit, reply.by))),
            reply and reply.text,
            date.fromisoformat(reply.complete_by) if reply and reply.complete_by else None,
            words.named("document_file_lifting", p.lifting) if p.lifting else None,
            p.lifted_at,
            p.lifted_by,
            len(row["sites"]),
            ", ".join(row["sites"]),
            row["key"],
        )
