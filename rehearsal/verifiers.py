"""Verifiers: at each level somebody else, who passes the site or writes a rectification opinion."""

from datetime import date, timedelta

from rehearsal.actions import Action, Step
from rehearsal.draws import Draws
from rehearsal.office_hours import Hours, OfficeHours
from rehearsal.temperament import Habits
from rehearsal.wording import WORDING
from rules.lifecycle import site_stream
from schemas.actor import Actor, Role
from schemas.commands import Verify
from schemas.plan import Plan
from schemas.site import Site

_ROLES = (Role.COUNTY, Role.CITY, Role.PROVINCE)
_PATIENCE = 20
"""Who is turned away (a suspended site) comes again so many times."""
_COMES_AGAIN = 3
"""Working days until then."""


class Verifiers:
    """Every verdict depends on site, round, level and the seed only."""

    def __init__(self, plan: Plan, habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._habits = habits
        self._hours = hours
        self._draws = draws
        self._words = WORDING[plan.language]
        self._levels = {level.id: level for level in plan.verification.levels}
        self._actors: dict[tuple[str, str], Actor] = {}

    def on_request(self, site: Site, requirements: list[str], round_: int, level: str, asked_on: date) -> Action:
        """The level was asked on this day: it comes in its time."""
        pace = self._draws.along(self._habits.verdict, site.id, round_, level, "verdict")
        day = self._hours.within(asked_on, self._levels[level].due, pace)
        return self._verdict(site, requirements, round_, level, day, 1)

    def on_refusal(self, site: Site, requirements: list[str], verdict: Action) -> Action | None:
        """The site could not be verified now; the verifier comes again some days later."""
        if verdict.attempt >= _PATIENCE:
            return None
        assert isinstance(verdict.command, Verify)
        day = self._hours.after(self._hours.day_of(verdict.sent_at), _COMES_AGAIN)
        return self._verdict(site, requirements, verdict.round, verdict.command.level, day, verdict.attempt + 1)

    def _verdict(self, site: Site, requirements: list[str], round_: int, level: str, day: date, attempt: int) -> Action:
        about = (site.id, round_, level)
        at = self._hours.instant(day, Hours.VERIFIER, self._draws.share(*about, attempt, "verdict at"))
        failed: tuple[str, ...] = ()
        if requirements and self._draws.chance(self._habits.failed / 2 ** (round_ - 1), *about, "failed"):
            share = self._draws.share(*about, "failed requirements")
            failed = tuple(requirements[: 1 + int(share * len(requirements))])
        opinions = self._words.failed
        opinion = opinions[self._draws.whole(0, len(opinions) - 1, *about, "opinion")] if failed else self._words.passed
        verify = Verify(
            command_id=f"{site.id}:{round_}:verify-{level}-{attempt}",
            actor=self._actor(site, level),
            effective_at=at,
            level=level,
            passed=not failed,
            opinion=opinion,
            failed_requirements=failed,
        )
        stream = site_stream(self._plan.id, site.id)
        sent_at = at + timedelta(minutes=10)
        return Action(Step.VERDICT, stream, site.id, verify, sent_at, waits=True, round=round_, attempt=attempt)

    def _actor(self, site: Site, level: str) -> Actor:
        """One verifier for each level and county."""
        key = (level, site.county)
        if key not in self._actors:
            place = list(self._levels).index(level)
            role = _ROLES[place] if place < len(_ROLES) else Role.EXPERT
            unit = {Role.COUNTY: site.county, Role.CITY: site.city}.get(role, self._plan.province)
            self._actors[key] = Actor(id=f"verifier-{level}-{site.county}"[:128], role=role, unit=unit)
        return self._actors[key]
