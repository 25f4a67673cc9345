"""Offices that grade sites otherwise than the plan's rules do, where the plan grades by hazard."""

from collections.abc import Iterable
from datetime import datetime

from rules.terms.variations import grade_of
from schemas.actor import Actor, Role, unit_name
from schemas.options.grading import Regrade
from schemas.register import Hazard, Site
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Step
from simulation.behaviour.office_hours import Hours
from simulation.people.group import SiteGroup

_REGRADED = 0.06
"""Share of the sites that somebody looks at again in the first weeks."""
_STRICTER = {Hazard.LOW: Hazard.MEDIUM, Hazard.MEDIUM: Hazard.HIGH}
_REASONS = {
    "zh-CN": ("现场复核发现边坡变形，从严定级（演练）", "现场复核周边无人居住，调低等级（演练）"),
    "en": ("looked at again: the slope moves (rehearsal)", "looked at again: nobody lives near (rehearsal)"),
}


class Graders(SiteGroup):
    """A county raises the hazard of a site that it looks at again; its city lowers one that was graded too high."""

    def on_opened(self, site: Site, approved_at: datetime) -> Iterable[Action]:
        grade, draws = grade_of(self._plan, site), self._draws
        if self._plan.grading is None or grade is None or not draws.chance(_REGRADED, site.id, "graded again"):
            return
        day = self._hours.after(self._hours.day_of(approved_at), draws.whole(2, 15, site.id, "graded on"))
        hazard, stricter = _STRICTER.get(grade.hazard, Hazard.MEDIUM), grade.hazard is not Hazard.HIGH
        by = Actor(id=unit_name(f"county-{site.county}"), role=Role.COUNTY, unit=unit_name(site.county))
        if not stricter:
            by = Actor(id=f"city-{site.city}", role=Role.CITY, unit=site.city)
        at = self._hours.instant(day, Hours.CITY, draws.share(site.id, "graded at"))
        command = Regrade(
            command_id=f"{site.id}:regrade",
            actor=by,
            effective_at=at,
            hazard=hazard,
            reason=_REASONS[self._plan.language][not stricter],
        )
        yield Action(Step.REGRADING, site_stream(self._plan.id, site.id), site.id, command, at, waits=True)
