"""The number of a document (文号) and its deterministic key, which makes issuing idempotent."""

from datetime import datetime

from rules.calendar import local_date
from schemas.calendar import Calendar
from schemas.documents.document import key_to

_WRITTEN = {"zh-CN": "{series}〔{year}〕{n}号", "en": "{series} [{year}] No. {n}"}


def year_of(calendar: Calendar, issued_at: datetime) -> int:
    """The year in whose sequence a document is numbered: that of its day of issue, in the campaign's time zone."""
    return local_date(calendar, issued_at).year


def written(language: str, series: str, year: int, n: int) -> str:
    """`豫自然资督〔2021〕12号`, or `HN-S [2021] No. 12` in English."""
    return _WRITTEN.get(language, _WRITTEN["en"]).format(series=series, year=year, n=n)


def document_key(
    campaign_id: str,
    city: str,
    kind: str,
    rung: int,
    calendar: Calendar,
    issued_at: datetime,
    county: str | None = None,
) -> str:
    """`henan-2021/410400:reminder:1:2021-09-20`, with `:410423` if it goes to that county; one to the province has no
    city.
    """
    key = f"{campaign_id}/{city or 'province'}:{kind}:{rung}:{local_date(calendar, issued_at)}"
    return key_to(key, county)
