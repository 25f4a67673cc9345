"""Experts who were drawn: each gives an opinion before the verdict; the silent ones are replaced in the end."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from schemas.actor import Actor, Role
from schemas.base import as_command_id
from schemas.options.acceptance import GiveOpinion, ReplaceExpert
from schemas.plan import Plan
from schemas.register import Site
from schemas.site.commands import Verify
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, MessageHandlers, Reply, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import Locals
from simulation.people.verifiers import Verifiers

_PATIENCE = 6
"""An expert who is turned away (a suspended site) comes again so many times."""
_COMES_AGAIN = 3
"""Working days until then."""
_TRIES = 2
"""So often the city comes without an opinion, before it asks for another expert."""


class Experts(Locals):
    """Who sits is public: it stands in the answer that brought the site before the level."""

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
        self._sitting: dict[tuple[str, int, str], set[str]] = {}
        """Site, round and level to everybody who was asked there."""

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """Whoever is newly asked gives an opinion; a city that waits in vain asks for another expert."""
        site = self._sites.get(action.subject)
        if site is None or not self._levels:
            return
        if reply.hearing is MessageHandlers.ACCEPTED and (panel := reply.state.get("panel")):
            yield from self._asked(site, reply.state["round"], reply.state["level"], panel, action)
        elif action.step is Step.OPINION and reply.hearing is MessageHandlers.REFUSED and action.attempt < _PATIENCE:
            assert isinstance(action.command, GiveOpinion)
            day = self._hours.after(self._hours.day_of(action.sent_at), _COMES_AGAIN)
            yield self._opinion(
                site, action.round, action.command.level, action.command.actor.id, day, action.attempt + 1
            )
        elif action.step is Step.VERDICT and reply.hearing is MessageHandlers.REFUSED and action.attempt == _TRIES:
            assert isinstance(action.command, Verify)
            yield from self._replaced(site, action)

    def _asked(self, site: Site, round_: int, level: str, panel: Iterable[str], action: Action) -> Iterator[Action]:
        self._verifiers.hear_of(site, round_, level, panel)
        known = self._sitting.setdefault((site.id, round_, level), set())
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
        said = self._words.passed if good else opinions[self._draws.whole(0, len(opinions) - 1, *about, "opinion")]
        word = GiveOpinion(
            command_id=as_command_id(f"{site.id}:{round_}:opinion-{level}-{attempt}-{expert}"),
            actor=Actor(id=expert, role=Role.EXPERT, unit=self._units[expert]),
            effective_at=at,
            level=level,
            passed=good,
            opinion=said,
        )
        stream, sent_at = site_stream(self._plan.id, site.id), at + timedelta(minutes=10)
        return Action(Step.OPINION, stream, site.id, word, sent_at, waits=True, round=round_, attempt=attempt)

    def _replaced(self, site: Site, verdict: Action) -> Iterator[Action]:
        """The day after, so that the next try of the verdict finds the new one's opinion; the silent alone can go."""
        assert isinstance(verdict.command, Verify)
        level, round_ = verdict.command.level, verdict.round
        day = self._hours.after(self._hours.day_of(verdict.sent_at))
        for expert in sorted(self._sitting.get((site.id, round_, level), ())):
            if not self._is_silent(site, round_, level, expert):
                continue
            about = (site.id, round_, level, expert)
            at = self._hours.instant(day, Hours.CREW, self._draws.share(*about, "replaced at"))
            word = ReplaceExpert(
                command_id=as_command_id(f"{site.id}:{round_}:replace-{level}-{expert}"),
                actor=Actor(id=f"registry-{site.city}", role=Role.CITY, unit=site.city),
                effective_at=at,
                level=level,
                expert=expert,
                reason=self._words.silent,
            )
            stream = site_stream(self._plan.id, site.id)
            yield Action(Step.REPLACEMENT, stream, site.id, word, at + timedelta(minutes=10), waits=True, round=round_)

    def _is_silent(self, site: Site, round_: int, level: str, expert: str) -> bool:
        return self._draws.chance(self._habits.unsigned * 2, site.id, round_, level, expert, "silent")
