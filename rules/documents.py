"""The deterministic keys of documents: subject, kind, rung and day. The same document twice is one document."""

from datetime import datetime

from rules.calendar import local_date
from schemas.calendar import Calendar


def delivery_stream(key: str) -> str:
    """The workflow id of a document's delivery: a second start finds the first."""
    return f"delivery/{key}"


def document_key(campaign_id: str, city: str, kind: str, rung: int, calendar: Calendar, issued_at: datetime) -> str:
    """`henan-2021/410400:reminder:1:2021-09-20`; a document to the province has no city."""
    return f"{campaign_id}/{city or 'province'}:{kind}:{rung}:{local_date(calendar, issued_at)}"
