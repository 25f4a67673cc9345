"""Enterprises in trouble, where the plan has `replacement`: some are replaced, in place of some the county works."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from schemas.actor import Actor, Role, unit_name
from schemas.command import Command
from schemas.options.builders import (
    ChargeCost,
    DecideReplacement,
    ReplaceEnterprise,
    ReplacementReason,
    TakeOverWorks,
)
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import SiteGroup

_ONE_OF = 40
"""Of so many sites with an enterprise one is replaced, and one is taken over by its county."""
_WORDS = {
    "zh-CN": ("实施企业资金断裂，无力继续施工（演练）", "{}二期施工队（演练）", "代为治理发票"),
    "en": ("the enterprise has no means to go on (rehearsal)", "{} second builders (rehearsal)", "invoice"),
}


class TroubledBuilders(SiteGroup):
    """The county asks or takes over some days after the opening; the province decides within its clause."""

    def __init__(self, plan: Plan, sites: Iterable[Site], habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        super().__init__(plan, sites, habits, hours, draws)
        self._words_of_trouble, self._second, self._voucher = _WORDS[plan.language]
        built = [site for site in self._sites.values() if site.enterprise is not None and plan.replacement is not None]
        by_share = sorted(built, key=lambda site: (draws.share(site.id, "in trouble"), site.id))
        some = max(1, len(built) // _ONE_OF) if built else 0
        self._replaced = {site.id for site in by_share[:some]}
        self._taken_over = {site.id for site in by_share[some : 2 * some]}

    def on_opened(self, site: Site, approved_at: datetime) -> Iterable[Action]:
        """Another enterprise is asked for, or the county takes over."""
        if site.id not in self._replaced | self._taken_over:
            return
        day = self._hours.after(self._hours.day_of(approved_at), self._draws.whole(1, 3, site.id, "gives up"))
        at = self._hours.instant(day, Hours.CITY, self._draws.share(site.id, "gives up at"))
        said = {"actor": self._county(site), "effective_at": at, "words": self._words_of_trouble}
        if site.id in self._replaced:
            asks = ReplaceEnterprise(
                command_id=f"{site.id}:replace",
                new=self.successor(site).unit,
                reason=ReplacementReason.BANKRUPT,
                **said,
            )
            yield self._action(Step.ENTERPRISE_REQUEST, site, asks)
        else:
            over = TakeOverWorks(command_id=f"{site.id}:works", reason=ReplacementReason.WITHDRAWN, **said)
            yield self._action(Step.WORKS_TAKEN_OVER, site, over)

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """The province approves; the county charges what it spent when it has reported its last work."""
        if reply.status is not ReplyStatus.ACCEPTED:
            return
        rule, day = self._plan.replacement, self._hours.day_of(action.sent_at)
        if action.step is Step.ENTERPRISE_REQUEST and rule is not None:
            site = self._sites[action.subject]
            who = rule.decider.name if rule.decider is not None else self._plan.issuing_agencies[0].name
            pace = self._draws.along(self._habits.approval, site.id, "replacement decided")
            decided = self._hours.within(day, rule.decision, pace)
            command = DecideReplacement(
                command_id=f"{site.id}:decide-replacement",
                actor=Actor(id=unit_name(who), role=Role.PROVINCE, unit=unit_name(who)),
                effective_at=self._hours.instant(decided, Hours.DECIDING, self._draws.share(site.id, "replaced at")),
                approved=True,
            )
            yield self._action(Step.ENTERPRISE_DECISION, site, command)
        elif action.step is Step.LAST_REPORT and action.subject in self._taken_over:
            site = self._sites[action.subject]
            if action.command.actor.role is Role.COUNTY and site.enterprise is not None:
                yield self._charge(site, site.enterprise, action)

    def successor(self, site: Site) -> Actor:
        """Who works after the enterprise: the next one, or the county's people."""
        if site.id in self._taken_over:
            return Actor(id=unit_name(f"works-{site.id}"), role=Role.COUNTY, unit=site.county)
        unit = unit_name(self._second.format(site.enterprise))
        return Actor(id=unit_name(f"second-crew-{site.id}"), role=Role.ENTERPRISE, unit=unit)

    def _charge(self, site: Site, enterprise: str, report: Action) -> Action:
        day, which = self._hours.after(self._hours.day_of(report.sent_at)), report.command.command_id
        command = ChargeCost(
            command_id=f"{site.id}:charge:{which}"[-128:],
            actor=self._county(site),
            effective_at=self._hours.instant(day, Hours.CITY, self._draws.share(which, "charged at")),
            enterprise=enterprise,
            amount=Decimal(self._draws.whole(20, 120, which, "charged")) * 1000,
            reference=f"{self._voucher}-{self._draws.whole(1, 9999, which, 'charged by')}",
        )
        return self._action(Step.BOOKING, site, command)

    def _county(self, site: Site) -> Actor:
        return Actor(id=unit_name(f"office-{site.county}"), role=Role.COUNTY, unit=site.county)

    def _action(self, step: Step, site: Site, command: Command) -> Action:
        return Action(step, site_stream(self._plan.id, site.id), site.id, command, command.effective_at, waits=True)
