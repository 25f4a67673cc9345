"""A plan, drafts and lines of every kind of document, as the workflows make them."""

from datetime import UTC, date, datetime
from typing import Any

from schemas.calendar import Calendar, Clause, DayUnit
from schemas.canonical import canonical_json
from schemas.delivery import NoticeLine
from schemas.documents import Document, DocumentState
from schemas.ledger import DocumentDraft
from schemas.plan import (
    Agency,
    CatalogueEntry,
    City,
    Clauses,
    FrozenPlan,
    Phase,
    Plan,
    Recipient,
    Verification,
    VerificationLevel,
)
from storage.connections import Pool

DUE = "2021-08-31T16:00:00+00:00"  # the midnight that ends 31 August in Shanghai, as a desk writes it
DUE_ON = "2021-08-31"  # the same as a site's notice writes it
ISSUED_AT = datetime(2021, 9, 3, 1, tzinfo=UTC)  # nine in the morning in Shanghai

DATA: dict[str, dict[str, Any]] = {
    "plan_issue": {"receipt_due": "2021-07-19T16:00:00Z", "deployment_due": "2021-07-26T16:00:00Z"},
    "closing_report": {"closed": 70, "carried_over": 1},
    "receipt_overdue": {"due": DUE},
    "deployment_overdue": {"due": DUE},
    "deployment_returned": {"due": DUE, "reason": "1. No sites named.\n2. No dates."},
    "deployment_approved": {},
    "decision_overdue": {"due": DUE},
    "rectification_notice": {"sites": 12, "due": DUE},
    "reminder": {"due": DUE_ON, "days_before": 7},
    **{
        instrument: {"due": DUE_ON, "round": 2}
        for instrument in (
            "reminder_letter",
            "supervision_order",
            "circular",
            "interview",
            "listed_supervision",
            "accountability",
        )
    },
    "rectification_opinion": {
        "opinion": "The seal is 12 cm thick.",
        "failed_requirements": ["seal-adit"],
        "due": DUE_ON,
        "round": 2,
        "level": "county",
    },
    "acceptance_overdue": {"level": "county", "due": DUE_ON},
    "rounds_exhausted": {"round": 3},
    "closure": {"level": "county", "round": 1},
    "carry_over": {"reason": "The campaign has ended."},
}
"""The data of the draft (first eight) or of each of its notices (the listings)."""

OF_THE_CAMPAIGN = ("closing_report",)
OF_A_DESK = tuple(DATA)[:8]
LISTINGS = tuple(DATA)[8:]


def frozen_plan(language: str = "zh-CN", **changes: Any) -> FrozenPlan:
    """A plan of one city, in either language."""
    chinese = language == "zh-CN"
    working_days = Clause(amount=5, unit=DayUnit.WORKING_DAYS)
    said: dict[str, Any] = {
        "id": "henan-2021",
        "title": "露天矿山百日集中整治工作方案" if chinese else "Work Plan for the Hundred Days",
        "document_number": "豫自然资发〔2021〕1号",
        "issuing_agencies": (
            Agency(name="省自然资源厅" if chinese else "Department of Natural Resources", email="land@prov.example"),
            Agency(name="省公安厅" if chinese else "Department of Public Security"),
        ),
        "province": "河南省" if chinese else "Henan",
        "language": language,
        "starts_on": date(2021, 7, 17),
        "ends_on": date(2021, 10, 31),
        "phases": (
            Phase(
                id="sweep",
                title="排查阶段" if chinese else "Sweep",
                starts_on=date(2021, 7, 17),
                ends_on=date(2021, 8, 6),
            ),
        ),
        "clauses": Clauses(deployment=working_days, rectification=working_days, re_rectification=working_days),
        "catalogue": (CatalogueEntry(id="seal-adit", title="封堵硐口" if chinese else "Seal the adit", unit="m"),),
        "cities": (
            City(
                code="410400",
                name="平顶山市" if chinese else "Pingdingshan",
                lead="市人民政府" if chinese else "Municipal Government",
                recipients=(
                    Recipient(name="专班办公室" if chinese else "Task Office", email="office@city.example"),
                    Recipient(name="值班室" if chinese else "Duty Room"),
                ),
            ),
        ),
        "verification": Verification(
            levels=(VerificationLevel(id="county", title="县级验收" if chinese else "County acceptance"),)
        ),
    }
    return FrozenPlan(
        plan=Plan.model_validate(said | changes), calendar=Calendar(time_zone="Asia/Shanghai"), digest="0" * 64
    )


def draft(kind: str, sites: tuple[str, ...] = (), **changes: Any) -> DocumentDraft:
    """A draft of this kind, issued on 3 September."""
    listing = kind in LISTINGS
    said: dict[str, Any] = {
        "key": f"city/henan-2021/410400:{kind}:0:2021-09-03",
        "city": "" if kind in OF_THE_CAMPAIGN else "410400",
        "kind": kind,
        "rung": 0,
        "issued_at": ISSUED_AT,
        "sites": sites if listing else (),
        "data": {} if listing else DATA[kind],
    }
    return DocumentDraft.model_validate(said | changes)


def lines(kind: str, count: int = 2, **changes: Any) -> tuple[NoticeLine, ...]:
    """Lines of a listing; none for other kinds."""
    if kind not in LISTINGS:
        return ()
    said: dict[str, Any] = {"name": "一号硐口", "county": "鲁山县", "data": DATA[kind]}
    return tuple(
        NoticeLine.model_validate({"site_id": f"PDS-{one:03}"} | said | changes) for one in range(1, count + 1)
    )


def document(**changes: Any) -> Document:
    """A document as Postgres keeps it, before its delivery."""
    said: dict[str, Any] = {
        "key": "city/henan-2021/410400:reminder:1:2021-09-03",
        "campaign_id": "henan-2021",
        "city": "410400",
        "kind": "reminder",
        "rung": 1,
        "issued_at": ISSUED_AT,
        "subject": "关于平顶山市2个点位整改期限临近的提醒",
        "text": "请按期完成整改。\n",
        "html": "<p>请按期完成整改。</p>\n",
        "addressee": "平顶山市、市人民政府",
        "recipients": (
            Recipient(name="专班办公室", email="office@city.example"),
            Recipient(name="Duty Room", email="duty@city.example"),
        ),
        "state": DocumentState.ISSUED,
    }
    return Document.model_validate(said | changes)


async def keep(pool: Pool, issued: Document) -> Document:
    """Puts an issued document into its table; its campaign must be there."""
    await pool.execute(
        "insert into document (key, campaign_id, city, kind, rung, issued_at, sites, data, subject, text, html, "
        "addressee, recipients) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        issued.key, issued.campaign_id, issued.city, issued.kind, issued.rung, issued.issued_at, list(issued.sites),
        "{}", issued.subject, issued.text, issued.html, issued.addressee,
        canonical_json([recipient.model_dump(mode="json") for recipient in issued.recipients]),
    )  # fmt: skip
    return issued
