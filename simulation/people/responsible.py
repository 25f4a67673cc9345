"""Who is responsible: where the plan asks for it, counties name a person for each site, and hand some of them over."""

from collections.abc import Iterable
from datetime import date, datetime

from schemas.actor import Actor, Role, unit_name
from schemas.command import Command
from schemas.options.responsible import Assign, HandOver, TakeOver
from schemas.register import Site
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.office_hours import Hours
from simulation.people.group import SiteGroup

_HANDED_OVER = 0.08
"""Share of sites that are handed over once."""
_REASONS = {"zh-CN": "岗位调整（演练）", "en": "another post (rehearsal)"}


class Charged(SiteGroup):
    """A county assigns within the clause, some late or never; a successor receipts, or is silent."""

    def on_opened(self, site: Site, approved_at: datetime) -> Iterable[Action]:
        """The county names a person of the responsible unit, unless the register did."""
        rule = self._plan.responsible
        if rule is None or rule.due is None:
            return
        if site.responsible_person is not None:
            yield from self._handed_over(site, self._hours.day_of(approved_at))
            return
        if self._draws.chance(self._habits.silent, site.id, "nobody responsible"):
            return
        pace = self._draws.along(self._habits.approval, site.id, "assigned")
        day = self._hours.within(self._hours.day_of(approved_at), rule.due, pace)
        command = Assign(
            command_id=f"{site.id}:assign",
            actor=self._county(site),
            effective_at=self._hours.instant(day, Hours.CITY, self._draws.share(site.id, "assigned at")),
            unit=self._unit(site),
            person=self._person(site, 1),
        )
        yield self._action(Step.ASSIGNMENT, site, command)

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """Some sites are handed over after they were assigned; the successor receipts within the clause."""
        if reply.status is not ReplyStatus.ACCEPTED or action.step not in (Step.ASSIGNMENT, Step.HANDING_OVER):
            return
        site, day = self._sites[action.subject], self._hours.day_of(action.sent_at)
        if action.step is Step.ASSIGNMENT:
            yield from self._handed_over(site, day)
            return
        if self._draws.chance(self._habits.silent, site.id, "never receipted"):
            return
        rule = self._plan.responsible
        clause = (rule.receipt if rule is not None else None) or self._plan.clauses.receipt
        pace = self._draws.along(self._habits.receipt, site.id, "taken over")
        at = self._hours.instant(
            self._hours.within(day, clause, pace), Hours.CITY, self._draws.share(site.id, "taken over at")
        )
        who = Actor(id=self._person(site, 2), role=Role.COUNTY, unit=self._unit(site))
        command = TakeOver(command_id=f"{site.id}:take-over", actor=who, effective_at=max(at, action.sent_at))
        yield self._action(Step.TAKING_OVER, site, command)

    def _handed_over(self, site: Site, day: date) -> Iterable[Action]:
        if not self._draws.chance(_HANDED_OVER, site.id, "handed over"):
            return
        when = self._hours.after(day, self._draws.whole(2, 8, site.id, "handed over on"))
        command = HandOver(
            command_id=f"{site.id}:hand-over",
            actor=self._county(site),
            effective_at=self._hours.instant(when, Hours.CITY, self._draws.share(site.id, "handed over at")),
            unit=self._unit(site),
            person=self._person(site, 2),
            reason=_REASONS[self._plan.language],
        )
        yield self._action(Step.HANDING_OVER, site, command)

    def _unit(self, site: Site) -> str:
        return unit_name(site.responsible[0] if site.responsible else site.county)

    def _person(self, site: Site, number: int) -> str:
        return f"P-{self._draws.whole(1000, 9999, site.id, 'person', number)}-{number}"

    def _county(self, site: Site) -> Actor:
        return Actor(id=unit_name(f"office-{site.county}"), role=Role.COUNTY, unit=site.county)

    def _action(self, step: Step, site: Site, command: Command) -> Action:
        return Action(step, site_stream(self._plan.id, site.id), site.id, command, command.effective_at, waits=True)
