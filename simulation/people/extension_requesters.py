"""Requests for extensions and the decisions on them, where the plan takes requests."""

from collections.abc import Iterable, Iterator
from datetime import date

from rules.calendar import latest_occasion, previous_working_day
from schemas.actor import Actor, Role, unit_name
from schemas.calendar import Clause, DayUnit
from schemas.command import Command
from schemas.options.extensions import DecideExtension, RequestExtension
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import SiteGroup

_SUPERIOR_DECIDES = 0.7
"""Share of overdue decisions that the superior decides."""
_REASONS = {
    "zh-CN": ("受施工条件影响，申请延期（演练）", "可通过增加力量按期完成，不予延期（演练）"),
    "en": (
        "conditions at the site; an extension is asked for (rehearsal)",
        "more hands will do it in time (rehearsal)",
    ),
}


class ExtensionRequesters(SiteGroup):
    """A city requests in time, sometimes a day too late; the decider or its superior decides."""

    def __init__(self, plan: Plan, sites: Iterable[Site], habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        super().__init__(plan, sites, habits, hours, draws)
        self._request_reason, self._refusal_reason = _REASONS[plan.language]

    def request(self, site: Site, begins: date, due: date, until: date) -> Iterator[Action]:
        """The work of a site is planned beyond its deadline: its city requests `until`, if there is time to do so."""
        rule, draws = self._plan.extension, self._draws
        assert rule is not None
        last = latest_occasion(self._hours.calendar, due, rule.before)
        earlier = Clause(amount=draws.whole(0, 4, site.id, "asked before"), unit=DayUnit.WORKING_DAYS)
        day = previous_working_day(self._hours.calendar, latest_occasion(self._hours.calendar, last, earlier))
        if draws.chance(self._habits.forgotten, site.id, "asked late"):
            day = self._hours.after(last)
        if not begins < day <= due < until:
            return
        city = Actor(id=f"city-{site.city}", role=Role.CITY, unit=site.city)
        command = RequestExtension(
            command_id=f"{site.id}:request-extension",
            actor=city,
            effective_at=self._hours.instant(day, Hours.CITY, draws.share(site.id, "asked at")),
            until=until,
            reason=self._request_reason,
        )
        yield self._action(Step.EXTENSION_REQUEST, site.id, command)

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """An accepted request is decided: in time, late, by the superior, or never."""
        rule = self._plan.extension
        if rule is None or action.step is not Step.EXTENSION_REQUEST or reply.status is not ReplyStatus.ACCEPTED:
            return
        habits, draws, site = self._habits, self._draws, action.subject
        asked, who = self._hours.day_of(action.command.effective_at), rule.decider.name
        day = self._hours.within(asked, rule.decision, draws.along(habits.approval, site, "extension decided"))
        if draws.chance(habits.silent, site, "extension silent"):
            if not draws.chance(_SUPERIOR_DECIDES, site, "extension superior"):
                return
            # The superior is notified on the next morning and decides one working day later.
            who = rule.decider.superior.name
            day = self._hours.after(self._hours.last_day(asked, rule.decision), 2)
        granted = not draws.chance(habits.rejected, site, "extension refused")
        command = DecideExtension(
            command_id=f"{site}:decide-extension",
            actor=Actor(id=unit_name(who), role=Role.PROVINCE, unit=unit_name(who)),
            effective_at=self._hours.instant(day, Hours.DECIDING, draws.share(site, "extension decided at")),
            granted=granted,
            reason=None if granted else self._refusal_reason,
        )
        yield self._action(Step.EXTENSION_DECISION, site, command)

    def _action(self, step: Step, site: str, command: Command) -> Action:
        return Action(step, site_stream(self._plan.id, site), site, command, command.effective_at, waits=True)
