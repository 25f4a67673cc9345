"""When people act: on working days from 10:00 to 18:00, each kind of office in its own part of the day.

The parts do not overlap. Each is at least an hour away from the dispatch hour and from midnight, when deadlines fall.
So an engine that is some hours late, as it is when a day lasts a second, records the events in the same order.
"""

from datetime import date, datetime, time, timedelta
from enum import Enum

from rules.calendar import due_by, last_day_of, local_date, next_working_day, start_of
from schemas.calendar import Calendar, Clause, DayUnit
from schemas.phase_end import Within

_CLEARANCE = 61
"""Minutes kept from the dispatch hour."""


class Hours(Enum):
    """Parts of the day, in minutes after midnight, local time."""

    PROVINCE = (600, 690)
    RULING = (705, 740)
    """When the province decides on single sites: a dispatch that is less late than this finds them unchanged."""
    CREW = (750, 840)
    CITY = (840, 900)
    VERIFIER = (930, 1000)
    DECIDING = (1020, 1065)
    """When drafts are decided and documents lifted: long after the dispatch of the day, even if that is late."""


class OfficeHours:
    """Days and instants of one campaign's calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        opens = calendar.office.opens.hour * 60 + calendar.office.opens.minute
        self._minutes = {hours: _clear_of(opens, *hours.value) for hours in Hours}
        self._following: dict[date, date] = {}

    def day_of(self, instant: datetime) -> date:
        """The local date of an instant."""
        return local_date(self.calendar, instant)

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on."""
        found = self._following.get(day)
        if found is None:
            found = self._following[day] = next_working_day(self.calendar, day)
        return found

    def after(self, day: date, working_days: int = 1) -> date:
        """The working day that is `working_days` after `day`."""
        for _ in range(working_days):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def within(self, day: date, clause: Within, share: float) -> date:
        """The working day on which `share` of a clause that runs from `day` has passed; never `day` itself."""
        if not isinstance(clause, Clause):
            days = (self.last_day(day, clause) - day).days
            return self.on_or_after(day + timedelta(days=max(1, round(days * share))))
        if clause.unit is DayUnit.WORKING_DAYS:
            return self.after(day, max(1, round(clause.amount * share)))
        return self.on_or_after(day + timedelta(days=max(1, round(clause.amount * share))))

    def last_day(self, day: date, clause: Within) -> date:
        """The last day of a clause that runs from `day`."""
        return last_day_of(self.calendar, due_by(self.calendar, start_of(self.calendar, day), clause))

    def instant(self, day: date, hours: Hours, share: float) -> datetime:
        """The instant at `share` (0 to 1) of a part of the day, in whole minutes."""
        minutes = self._minutes[hours]
        minute = minutes[int(share * len(minutes))]
        return start_of(self.calendar, day, time(minute // 60, minute % 60))


def _clear_of(opens: int, first: int, last: int) -> list[int]:
    """The minutes of a part that keep `_CLEARANCE` from the dispatch hour; if none does, the half hour after it."""
    clear = [minute for minute in range(first, last) if abs(minute - opens) >= _CLEARANCE]
    return clear or list(range(opens + _CLEARANCE, opens + _CLEARANCE + 30))
