"""Verifiers: at each level another person, who passes the site or writes a rectification opinion."""

from collections.abc import Iterable
from datetime import date, timedelta

from rules.site.options.acceptance.panel import majority
from rules.terms.independence import judges_of, units_by_role
from schemas.actor import Actor, unit_name
from schemas.options.acceptance import SelfCheck
from schemas.plan import Plan
from schemas.register import Site
from schemas.site.commands import Verify
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.behaviour.wording import WORDING
from simulation.people.crews import Crews

_MAX_ATTEMPTS = 20
"""Attempts of a refused verdict (the site is suspended)."""
_RETRY_DAYS = 3
"""Working days until the next attempt."""


class Verifiers:
    """Each verdict depends on site, round, level and the seed only."""

    def __init__(self, plan: Plan, habits: Habits, hours: OfficeHours, draws: Draws, crews: Crews) -> None:
        """`crews` say who reports at a site: a self-check is made by the same unit, every other level by another."""
        self._crews = crews
        self._plan = plan
        self._habits = habits
        self._hours = hours
        self._draws = draws
        self._words = WORDING[plan.language]
        self._levels = {level.id: level for level in plan.verification.levels}
        self._judges: dict[tuple[str, ...], dict[str, Actor | None]] = {}
        """Who works and the places of a site to the judge of each level."""
        self._panels: dict[tuple[str, int, str], tuple[str, ...]] = {}
        """Site, round and level to the experts of the panel."""

    def on_request(
        self,
        site: Site,
        requirements: list[str],
        round_: int,
        level: str,
        asked_on: date,
        panel: Iterable[str] = (),
    ) -> Action:
        """The verdict of a level that was requested on `asked_on`, by the majority of its `panel` if there is one."""
        self.set_panel(site, round_, level, panel)
        pace = self._draws.along(self._habits.verdict, site.id, round_, level, "verdict")
        day = self._hours.within(asked_on, self._levels[level].due, pace)
        return self._verdict(site, requirements, round_, level, day, 1)

    def on_refusal(self, site: Site, requirements: list[str], verdict: Action) -> Action | None:
        """The verdict was refused; it is retried some days later."""
        if verdict.attempt >= _MAX_ATTEMPTS:
            return None
        assert isinstance(verdict.command, Verify | SelfCheck)
        day = self._hours.after(self._hours.day_of(verdict.sent_at), _RETRY_DAYS)
        return self._verdict(site, requirements, verdict.round, verdict.command.level, day, verdict.attempt + 1)

    def _verdict(self, site: Site, requirements: list[str], round_: int, level: str, day: date, attempt: int) -> Action:
        about = (site.id, round_, level)
        at = self._hours.instant(day, Hours.VERIFIER, self._draws.share(*about, attempt, "verdict at"))
        failed: tuple[str, ...] = ()
        if requirements and self._fails(site, round_, level):
            share = self._draws.share(*about, "failed requirements")
            failed = tuple(requirements[: 1 + int(share * len(requirements))])
        opinions = self._words.failed
        opinion = opinions[self._draws.whole(0, len(opinions) - 1, *about, "opinion")] if failed else self._words.passed
        model = SelfCheck if self._levels[level].self_check else Verify
        verify = model(
            command_id=f"{site.id}:{round_}:verify-{level}-{attempt}",
            actor=self.judge(site, level),
            effective_at=at,
            level=level,
            passed=not failed,
            opinion=opinion,
            failed_requirements=failed,
        )
        stream = site_stream(self._plan.id, site.id)
        sent_at = at + timedelta(minutes=10)
        return Action(Step.VERDICT, stream, site.id, verify, sent_at, waits=True, round=round_, attempt=attempt)

    def set_panel(self, site: Site, round_: int, level: str, panel: Iterable[str]) -> None:
        """The experts of the level now."""
        self._panels[site.id, round_, level] = tuple(panel)

    def expert_passes(self, site: Site, round_: int, level: str, expert: str) -> bool:
        """Whether this expert passes the site."""
        return not self._draws.chance(self._habits.failed / 2 ** (round_ - 1), site.id, round_, level, expert, "expert")

    def _fails(self, site: Site, round_: int, level: str) -> bool:
        """Whether the level fails the site; a panel decides by majority."""
        if panel := self._panels.get((site.id, round_, level)):
            return not majority(self.expert_passes(site, round_, level, expert) for expert in panel)
        return self._draws.chance(self._habits.failed / 2 ** (round_ - 1), site.id, round_, level, "failed")

    def judge(self, site: Site, level: str) -> Actor:
        """The verifier of a level: of a unit that neither works at the site nor judges another level there.

        A self-check is made by another member of the unit that works.
        """
        worker = self._crews.crew(site)
        if self._levels[level].self_check:
            return worker.model_copy(update={"id": unit_name(f"checker-{site.id}")})
        units = self._crews.units(site)
        key = (worker.unit, *units.county, *units.township, site.city)
        if key not in self._judges:
            self._judges[key] = judges_of(self._plan, units, (worker.unit,))
        judge = self._judges[key][level]
        if judge is None:  # `check` refuses the plan; the verdict is refused as the rules say
            by = self._levels[level].by
            judge = Actor(id=level, role=by, unit=(*units_by_role(units, by), self._plan.province)[0])
        return judge.model_copy(update={"id": unit_name(f"verifier-{level}-{site.county}")})
