"""The police track: cities transfer cases; police bureaus accept them, decide on them, and conclude some."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rules.terms.options import police_terms
from schemas.actor import Actor, Role, unit_name
from schemas.calendar import Clause, DayUnit
from schemas.command import Command
from schemas.options.police import AcceptCase, DecideCase, Decision, PoliceTerms, TransferCase
from schemas.phase_end import Within
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Curve, Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import SiteGroup

_FILED = 0.7
"""Share of cases that are filed."""
_CONCLUDED = 0.5
"""Share of filed cases that are concluded within the clause, or within a month."""
_MONTH = Clause(amount=30, unit=DayUnit.CALENDAR_DAYS)
_REMINDED = (2, 6)
"""Working days after its last day on which an overdue bureau decides."""
_WORDS = {
    "zh-CN": ("移〔{}〕示例{}号", "符合立案条件（演练）", "未达到立案标准（演练）", "案件办结（演练）"),
    "en": ("transfer {}/{}", "an offence is suspected (rehearsal)", "no offence found (rehearsal)", "done (rehearsal)"),
}


class Police(SiteGroup):
    """Each step follows from the reply to the step before."""

    def __init__(self, plan: Plan, sites: Iterable[Site], habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        super().__init__(plan, sites, habits, hours, draws)
        cases = ((site, police_terms(plan, site)) for site in self._sites.values())
        self._cases: dict[str, PoliceTerms] = {site.id: terms for site, terms in cases if terms is not None}
        self._letter, self._is_filed, self._is_not_filed, self._is_concluded = _WORDS[plan.language]

    def on_opened(self, site: Site, approved_at: datetime) -> Iterable[Action]:
        """The city transfers the case in time, late, or never."""
        terms = self._cases.get(site.id)
        if terms is None or self._draws.chance(self._habits.unreplied, site.id, "case kept"):
            return
        at = self._instant(site.id, "transfer", approved_at, terms.transfer, self._habits.reply, Hours.CITY)
        number = self._letter.format(self._plan.starts_on.year, site.id)
        city = Actor(id=f"city-{site.city}", role=Role.CITY, unit=site.city)
        fields = {"command_id": f"{site.id}:transfer-case", "actor": city, "effective_at": at}
        yield self._action(Step.CASE_TRANSFER, site.id, TransferCase(**fields, reference=number))

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """The bureau's step after the accepted step before."""
        terms = self._cases.get(action.subject)
        if terms is None or reply.status is not ReplyStatus.ACCEPTED:
            return
        match action.step:
            case Step.CASE_TRANSFER:
                yield from self._acceptance(action, terms)
            case Step.CASE_ACCEPTANCE:
                yield self._decision(action, terms)
            case Step.CASE_DECISION:
                yield from self._conclusion(action, terms)
            case _:
                pass

    def _acceptance(self, action: Action, terms: PoliceTerms) -> Iterator[Action]:
        """Some bureaus skip the acceptance and decide directly."""
        site = action.subject
        if self._draws.chance(self._habits.unsigned, site, "case accepted"):
            yield self._decision(action, terms)
            return
        at = self._instant(
            site, "accept", action.command.effective_at, terms.acceptance, self._habits.signing, Hours.VERIFIER
        )
        fields = {"command_id": f"{site}:accept-case", "actor": _bureau(terms), "effective_at": at}
        yield self._action(Step.CASE_ACCEPTANCE, site, AcceptCase(**fields))

    def _decision(self, action: Action, terms: PoliceTerms) -> Action:
        site, since, draws = action.subject, action.command.effective_at, self._draws
        at = self._instant(site, "decide", since, terms.decision, self._habits.approval, Hours.VERIFIER)
        if draws.chance(self._habits.silent, site, "case silent"):
            last = self._hours.last_day(self._hours.day_of(since), terms.decision)
            day = self._hours.after(last, draws.whole(*_REMINDED, site, "case told"))
            at = self._hours.instant(day, Hours.VERIFIER, draws.share(site, "decide at"))
        filed = draws.chance(_FILED, site, "case filed")
        decision = DecideCase(
            command_id=f"{site}:decide-case",
            actor=_bureau(terms),
            effective_at=at,
            decision=Decision.FILED if filed else Decision.NOT_FILED,
            reason=self._is_filed if filed else self._is_not_filed,
        )
        return self._action(Step.CASE_DECISION, site, decision)

    def _conclusion(self, action: Action, terms: PoliceTerms) -> Iterator[Action]:
        site = action.subject
        filed = isinstance(action.command, DecideCase) and action.command.decision is Decision.FILED
        if not filed or not self._draws.chance(_CONCLUDED, site, "case concluded"):
            return
        clause = terms.conclusion or _MONTH
        at = self._instant(site, "conclude", action.command.effective_at, clause, self._habits.approval, Hours.VERIFIER)
        fields = {"command_id": f"{site}:conclude-case", "actor": _bureau(terms), "effective_at": at}
        conclusion = DecideCase(**fields, decision=Decision.CONCLUDED, reason=self._is_concluded)
        yield self._action(Step.CASE_CONCLUSION, site, conclusion)

    def _instant(self, site: str, what: str, since: datetime, clause: Within, pace: Curve, hours: Hours) -> datetime:
        day = self._hours.within(self._hours.day_of(since), clause, self._draws.along(pace, site, "case", what))
        return self._hours.instant(day, hours, self._draws.share(site, what, "at"))

    def _action(self, step: Step, site: str, command: Command) -> Action:
        sent_at = command.effective_at + timedelta(minutes=5)
        return Action(step, site_stream(self._plan.id, site), site, command, sent_at, waits=True)


def _bureau(terms: PoliceTerms) -> Actor:
    return Actor(id=unit_name(terms.bureau), role=Role.POLICE, unit=unit_name(terms.bureau))
