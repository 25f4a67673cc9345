"""Floods: they stop the work in some cities for some days; everybody there knows of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.plan import Plan
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import OfficeHours
from simulation.behaviour.temperament import Habits


@dataclass(frozen=True, slots=True)
class Flood:
    """The water stands from `first` (a working day) to `last`; work goes on from `dry`, a working day."""

    first: date
    last: date
    dry: date

    def over(self, day: date) -> date:
        """The day to which the flood moves work of this day."""
        return self.dry if self.first <= day < self.dry else day


def flood_in(city: str, plan: Plan, habits: Habits, hours: OfficeHours, draws: Draws) -> Flood | None:
    """The city's flood of this campaign, if it has one: in its second or third quarter, three to seven days long."""
    if not draws.chance(habits.flooded, city, "flooded"):
        return None
    days = (plan.ends_on - plan.starts_on).days + 1
    begins = plan.starts_on + timedelta(days=int(days * (0.3 + 0.35 * draws.share(city, "flood begins"))))
    first = hours.on_or_after(begins)
    last = first + timedelta(days=min(7, max(3, days // 15)) - 1)
    return Flood(first, last, hours.on_or_after(last + timedelta(days=1)))
