"""Documents as their cities record them, inserted into their tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.canonical import canonical_json
from schemas.documents.document import DocumentState, Progress, Reply
from schemas.offices import Recipient
from storage.connections import Pool

ISSUED = datetime(2021, 9, 1, 1, tzinfo=UTC)
"""Nine in the morning of Wednesday 1 September in Henan."""
ENDS_2ND = datetime(2021, 9, 2, 16, tzinfo=UTC)
ENDS_8TH = datetime(2021, 9, 8, 16, tzinfo=UTC)
"""The midnights that end 2 and 8 September there."""
BUREAU, OFFICE = "市公安局", "市应急管理局"


def in_days(days: float) -> datetime:
    return ISSUED + timedelta(days=days)


def order(**changes: Any) -> Progress:
    """A supervision order: two units sign by the 2nd and answer by the 8th; lifted when its sites are closed."""
    said: dict[str, Any] = {
        "units": (BUREAU, OFFICE), "receipt_due": ENDS_2ND, "reply_due": ENDS_8TH, "lifting": "sites_closed",
    }  # fmt: skip
    return Progress(**(said | changes))


def replied(days: float, text: str = "已责成属地封堵", complete_by: str | None = None) -> Reply:
    return Reply(unit=BUREAU, at=in_days(days), text=text, complete_by=complete_by)


async def put(
    pool: Pool,
    name: str,
    *,
    city: str = "410400",
    kind: str = "supervision_order",
    rung: int = 2,
    number: str | None = None,
    state: DocumentState = DocumentState.ISSUED,
    progress: Progress | None = None,
    sites: tuple[str, ...] = (),
    data: dict[str, Any] | None = None,
    days: float = 0,
    subject: str = "关于督办平顶山市2个逾期点位的通知",
    ways: tuple[tuple[str, str, str | None], ...] = (),
    recipients: tuple[str, ...] = (BUREAU, OFFICE),
    campaign: str = "henan",
) -> str:
    """A document `<campaign>/<name>` issued so many days after `ISSUED`, with its ways (channel, state, said)."""
    key = f"{campaign}/{name}"
    await pool.execute(
        "insert into document (key, campaign_id, city, kind, rung, issued_at, sites, data, subject, text, html, "
        "addressee, recipients, number, state, progress) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '请签收并回复。', '<p></p>', '平顶山市', $10, $11, $12, $13)",
        key, campaign, city, kind, rung, in_days(days), list(sites), canonical_json(data or {}), subject,
        canonical_json([Recipient(name=one).model_dump(mode="json") for one in recipients]), number, state.value,
        canonical_json((progress or Progress()).model_dump(mode="json")),
    )  # fmt: skip
    await pool.executemany(
        "insert into delivery (document_key, channel, recipients, state, result, attempts, changed_at) "
        "values ($1, $2, '[]', $3, $4, 1, $5)",
        [(key, channel, way, said, in_days(days)) for channel, way, said in ways],
    )
    return key


async def put_two_orders(pool: Pool, *ways: tuple[str, str, str | None]) -> None:
    """One, sent these ways, that a unit signed late, another not at all and nobody answered; and one that is lifted."""
    await put(
        pool, "410400:supervision_order:2:2021-09-01", number="豫自然资督〔2021〕12号", sites=("甲-1", "甲-2"),
        progress=order(signed={BUREAU: in_days(3)}, receipt_steps=1), ways=ways,
    )  # fmt: skip
    await put(
        pool, "410600:supervision_order:2:2021-09-02", city="410600", number="豫自然资督〔2021〕13号", days=1,
        state=DocumentState.LIFTED,
        progress=order(
            signed={BUREAU: in_days(1), OFFICE: in_days(1.2)}, replies=(replied(3, complete_by="2021-09-30"),),
            lifted_at=in_days(9), lifted_reason="现场核查通过",
        ),
    )  # fmt: skip
