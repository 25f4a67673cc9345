"""Instants in a campaign's time zone: no other module makes a day, an hour or their text of an instant.

A deadline is the midnight that ends its last day, and people are told that day.
"""

from datetime import date, datetime, timedelta, tzinfo

_LEAST = timedelta(microseconds=1)


def local_time(instant: datetime, zone: tzinfo) -> datetime:
    """The instant as the clocks of the zone show it."""
    return instant.astimezone(zone)


def local_day(instant: datetime, zone: tzinfo) -> date:
    """The day of an instant in the zone."""
    return instant.astimezone(zone).date()


def last_day(due: datetime, zone: tzinfo) -> date:
    """The last day that counts of a deadline: the one that its midnight ends."""
    return local_day(due - _LEAST, zone)


def shown_instant(instant: datetime, zone: tzinfo) -> str:
    """`2021-08-01 10:00`: an instant in the zone, to the minute."""
    try:
        return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
    except OverflowError:  # an event time near year 1 or 9999
        return instant.isoformat()
