"""Partial closure: a site's problems are accepted one by one, while the work on the others continues."""

from collections.abc import Iterable
from datetime import timedelta

from rules.terms.options import parts_level_of
from schemas.options.acceptance import CloseProblem
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import SiteGroup
from simulation.people.verifiers import Verifiers

_MAX_ATTEMPTS = 8
"""Attempts of a refused closure (the site is suspended)."""


class ProblemClosers(SiteGroup):
    """The verifier of the level that accepts problems inspects each problem that a reply reports as done."""

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
        self._level = parts_level_of(plan.verification)
        self._planned: set[tuple[str, str]] = set()
        """Site and problem of each planned visit."""
        self._visits: dict[tuple[str, str], int] = {}

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """Visit each problem that is reported as done; retry a refused closure."""
        site = self._sites.get(action.subject)
        if site is None or self._level is None:
            return
        if isinstance(action.command, CloseProblem):
            self._planned.discard((site.id, action.command.problem))
            if reply.status is ReplyStatus.REFUSED and action.attempt < _MAX_ATTEMPTS:
                yield self._visit(site, action.command.problem, action, action.attempt + 1)
        if reply.status is ReplyStatus.ACCEPTED:
            for problem, standing in sorted(reply.state.get("problems", {}).items()):
                if standing == "done" and (site.id, problem) not in self._planned:
                    yield self._visit(site, problem, action, 1)

    def _visit(self, site: Site, problem: str, answered: Action, attempt: int) -> Action:
        assert self._level is not None
        key = (site.id, problem)
        self._planned.add(key)
        visit = self._visits[key] = self._visits.get(key, 0) + 1
        about = (*key, visit, "part")
        day = self._hours.after(self._hours.day_of(answered.sent_at), self._draws.whole(1, 2, *about))
        at = self._hours.instant(day, Hours.CITY, self._draws.share(*about, "at"))
        good = answered.step is Step.LAST_REPORT or not self._draws.chance(
            self._habits.failed / 2**visit, *about, "failed"
        )
        opinions = self._words.failed
        opinion = opinions[self._draws.whole(0, len(opinions) - 1, *about, "opinion")]
        command = CloseProblem(
            command_id=f"{site.id}:close-{problem}-{visit}",
            actor=self._verifiers.judge(site, self._level),
            effective_at=at,
            level=self._level,
            problem=problem,
            passed=good,
            opinion=self._words.passed if good else opinion,
        )
        stream, sent_at = site_stream(self._plan.id, site.id), at + timedelta(minutes=10)
        return Action(Step.PART, stream, site.id, command, sent_at, waits=True, round=answered.round, attempt=attempt)
