"""Drawn experts: each gives an opinion before the verdict; those who give none are replaced."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from schemas.actor import Actor, Role
from schemas.base import as_command_id
from schemas.options.acceptance import GiveOpinion, ReplaceExpert
from schemas.plan import Plan
from schemas.register import Site
from schemas.site.commands import Verify
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import SiteGroup
from simulation.people.verifiers import Verifiers

_MAX_ATTEMPTS = 6
"""Attempts of a refused opinion (the site is suspended)."""
_RETRY_DAYS = 3
"""Working days until the next attempt."""
_TRIES = 2
"""Attempts of the verdict without an opinion, before the city has an expert replaced."""


class Experts(SiteGroup):
    """The panel is public: the reply that moves a site to the level names it."""

    def __init__(
        self,
        plan: Plan,
        sites: Iterable[Site],
        habits: Habits,
        hours: OfficeHours,
        draws: Draws,
        verifiers: Verifiers,
    ) -> None:
        super().__init__(plan, sites, habits, hours, draws)
        self._verifiers = verifiers
        self._levels = {level.id: level for level in plan.verification.levels if level.experts is not None}
        self._units = {expert.id: expert.unit for expert in plan.verification.pool}
        self._panels: dict[tuple[str, int, str], set[str]] = {}
        """Site, round and level to all experts who were asked there."""

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """A newly named expert gives an opinion; after `_TRIES` refused verdicts silent experts are replaced."""
        site = self._sites.get(action.subject)
        if site is None or not self._levels:
            return
        if reply.status is ReplyStatus.ACCEPTED and (panel := reply.state.get("panel")):
            yield from self._request_opinions(site, reply.state["round"], reply.state["level"], panel, action)
        elif action.step is Step.OPINION and reply.status is ReplyStatus.REFUSED and action.attempt < _MAX_ATTEMPTS:
            assert isinstance(action.command, GiveOpinion)
            day = self._hours.after(self._hours.day_of(action.sent_at), _RETRY_DAYS)
            yield self._opinion(
                site, action.round, action.command.level, action.command.actor.id, day, action.attempt + 1
            )
        elif action.step is Step.VERDICT and reply.status is ReplyStatus.REFUSED and action.attempt == _TRIES:
            assert isinstance(action.command, Verify)
            yield from self._replace_silent(site, action)

    def _request_opinions(
        self, site: Site, round_: int, level: str, panel: Iterable[str], action: Action
    ) -> Iterator[Action]:
        self._verifiers.set_panel(site, round_, level, panel)
        known = self._panels.setdefault((site.id, round_, level), set())
        asked_on = self._hours.day_of(action.sent_at)
        for expert in [one for one in panel if one not in known]:
            known.add(expert)
            if not self._is_silent(site, round_, level, expert):
                pace = 0.6 * self._draws.along(self._habits.verdict, site.id, round_, level, expert, "opinion")
                day = self._hours.within(asked_on, self._levels[level].due, pace)
                yield self._opinion(site, round_, level, expert, day, 1)

    def _opinion(self, site: Site, round_: int, level: str, expert: str, day: date, attempt: int) -> Action:
        about = (site.id, round_, level, expert)
        at = self._hours.instant(day, Hours.CITY, self._draws.share(*about, "opinion at"))
        good = self._verifiers.expert_passes(site, round_, level, expert)
        opinions = self._words.failed
        opinion = self._words.passed if good else opinions[self._draws.whole(0, len(opinions) - 1, *about, "opinion")]
        command = GiveOpinion(
            command_id=as_command_id(f"{site.id}:{round_}:opinion-{level}-{attempt}-{expert}"),
            actor=Actor(id=expert, role=Role.EXPERT, unit=self._units[expert]),
            effective_at=at,
            level=level,
            passed=good,
            opinion=opinion,
        )
        stream, sent_at = site_stream(self._plan.id, site.id), at + timedelta(minutes=10)
        return Action(Step.OPINION, stream, site.id, command, sent_at, waits=True, round=round_, attempt=attempt)

    def _replace_silent(self, site: Site, verdict: Action) -> Iterator[Action]:
        """Replace the experts without opinion on the next day, so that the retried verdict finds the new opinions."""
        assert isinstance(verdict.command, Verify)
        level, round_ = verdict.command.level, verdict.round
        day = self._hours.after(self._hours.day_of(verdict.sent_at))
        for expert in sorted(self._panels.get((site.id, round_, level), ())):
            if not self._is_silent(site, round_, level, expert):
                continue
            about = (site.id, round_, level, expert)
            at = self._hours.instant(day, Hours.CREW, self._draws.share(*about, "replaced at"))
            command = ReplaceExpert(
                command_id=as_command_id(f"{site.id}:{round_}:replace-{level}-{expert}"),
                actor=Actor(id=f"registry-{site.city}", role=Role.CITY, unit=site.city),
                effective_at=at,
                level=level,
                expert=expert,
                reason=self._words.silent,
            )
            stream = site_stream(self._plan.id, site.id)
            yield Action(
                Step.REPLACEMENT, stream, site.id, command, at + timedelta(minutes=10), waits=True, round=round_
            )

    def _is_silent(self, site: Site, round_: int, level: str, expert: str) -> bool:
        return self._draws.chance(self._habits.unsigned * 2, site.id, round_, level, expert, "silent")
