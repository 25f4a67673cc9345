"""Days and times as people give them: words and wall-clock times are those of the campaign's zone, whoever's machine.

They are resolved when the campaign is known. The day alone, as the time of an event, is work of that day: its last
minute, or now if it is today, so that it is neither late for that day's deadline nor in the future.
"""

from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from schemas.local_time import local_day

_LAST_MINUTE = time(23, 59)


class RelativeDay(Enum):
    """A day that depends on the campaign's present day; the value is the number of days before it."""

    TODAY = 0
    YESTERDAY = 1


GivenDay = date | RelativeDay
"""A date, or a word for one."""

GivenTime = datetime | time | GivenDay
"""An instant; a time of day without its zone, with or without its day; or a day alone."""


def given_day(given: GivenDay, now: datetime, zone: ZoneInfo) -> date:
    """The date that is meant at `now`."""
    return given if isinstance(given, date) else local_day(now, zone) - timedelta(days=given.value)


def given_instant(given: GivenTime, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that is meant at `now`; of a time that the zone has twice (end of summer time) the first."""
    if isinstance(given, datetime):
        return given if given.tzinfo is not None else given.replace(tzinfo=zone)
    if isinstance(given, time):
        return datetime.combine(local_day(now, zone), given, zone)
    day = given_day(given, now, zone)
    return now if day == local_day(now, zone) else datetime.combine(day, _LAST_MINUTE, zone)
