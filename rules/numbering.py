"""The number of a document (文号): the agency's series, the year, and its place in that year's sequence."""

from datetime import datetime

from rules.calendar import local_date
from schemas.calendar import Calendar

_WRITTEN = {"zh-CN": "{series}〔{year}〕{n}号", "en": "{series} [{year}] No. {n}"}


def year_of(calendar: Calendar, issued_at: datetime) -> int:
    """The year in whose sequence a document is numbered: that of its day of issue, where the campaign is."""
    return local_date(calendar, issued_at).year


def written(language: str, series: str, year: int, n: int) -> str:
    """`豫自然资督〔2021〕12号`, or `HN-S [2021] No. 12` in English."""
    return _WRITTEN.get(language, _WRITTEN["en"]).format(series=series, year=year, n=n)
