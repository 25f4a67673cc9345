"""Instants, days, quantities and counts as text, for tables and refusals."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from schemas.local_time import last_day, local_day, shown_instant
from schemas.quantity import exact, written


def local(instant: datetime | None, zone: ZoneInfo) -> str:
    """An instant in the campaign's time zone, to the minute."""
    return "" if instant is None else shown_instant(instant, zone)


def local_date(instant: datetime | None, zone: ZoneInfo) -> str:
    """The day of an instant in the campaign's time zone."""
    return "" if instant is None else str(local_day(instant, zone))


def deadline(due: datetime | None, zone: ZoneInfo) -> str:
    """The last day that counts of a deadline."""
    return "" if due is None else str(last_day(due, zone))


def amount(number: Decimal | float) -> str:
    """A quantity, without a fraction if it is whole; also one that was read from an answer's JSON."""
    return written(exact(number))


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 site`, `1,754 sites`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
