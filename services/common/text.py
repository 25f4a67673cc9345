"""Instants, days, quantities and counts as text, for tables and refusals."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def local(instant: datetime | None, zone: ZoneInfo) -> str:
    """An instant in the campaign's time zone, to the minute."""
    if instant is None:
        return ""
    try:
        return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
    except OverflowError:  # an event time near year 1 or 9999
        return instant.isoformat()


def deadline(due: datetime | None, zone: ZoneInfo) -> str:
    """The day of a deadline: the midnight instant ends this day."""
    return "" if due is None else f"{(due - timedelta(microseconds=1)).astimezone(zone):%Y-%m-%d}"


def amount(number: float) -> str:
    """A quantity, without a fraction if it is whole."""
    return f"{number:g}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 site`, `1,754 sites`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
