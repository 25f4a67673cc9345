"""Departments: after the last level each signs the site off, or refuses with an opinion."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from rules.terms.plan import requirements_of
from schemas.actor import Actor, Role, unit_name
from schemas.options.sign_off import SIGN_OFF, SignOff
from schemas.register import Site
from schemas.site.terms import Requirement
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.office_hours import Hours
from simulation.people.group import SiteGroup

_MAX_ATTEMPTS = 6
"""Attempts of a refused sign-off (the site is suspended)."""
_RETRY_DAYS = 3
"""Working days until the next attempt."""


class Departments(SiteGroup):
    """The departments of a site sign one after the other: no two on the same day."""

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """After the verdict of the last level the departments sign; a refused sign-off is retried."""
        site = self._sites.get(action.subject)
        if site is None or not site.departments or self._plan.sign_off is None:
            return
        if action.step is Step.VERDICT and reply.status is ReplyStatus.ACCEPTED and reply.state["level"] == SIGN_OFF:
            yield from self._signatures(site, reply.state["round"], self._hours.day_of(action.sent_at))
        elif action.step is Step.SIGN_OFF and reply.status is ReplyStatus.REFUSED and action.attempt < _MAX_ATTEMPTS:
            day = self._hours.after(self._hours.day_of(action.sent_at), _RETRY_DAYS)
            place = site.departments.index(action.command.actor.unit)
            yield self._signature(site, place, action.round, day, action.attempt + 1)

    def _signatures(self, site: Site, round_: int, asked_on: date) -> Iterator[Action]:
        assert self._plan.sign_off is not None
        clause, taken = self._plan.sign_off.due, set[date]()
        for place in range(len(site.departments)):
            pace = self._draws.along(self._habits.verdict, site.id, round_, place, "sign-off")
            day = self._hours.within(asked_on, clause, pace)
            while day in taken:
                day = self._hours.after(day)
            taken.add(day)
            yield self._signature(site, place, round_, day, 1)

    def _signature(self, site: Site, place: int, round_: int, day: date, attempt: int) -> Action:
        about = (site.id, round_, place)
        at = self._hours.instant(day, Hours.VERIFIER, self._draws.share(*about, attempt, "sign-off at"))
        # All departments together refuse a site about as often as one level fails it.
        doubts = self._habits.failed / len(site.departments) / 2 ** (round_ - 1)
        passed = not self._draws.chance(doubts, *about, "sign-off refused")
        opinions = self._words.failed
        opinion = opinions[self._draws.whole(0, len(opinions) - 1, *about, "sign-off opinion")]
        # A refusal names one requirement; a retried refusal names none, since the requirement may be the reason.
        again = tuple(one.id for one in self._requirements(site)[-1:]) if attempt == 1 else ()
        command = SignOff(
            command_id=f"{site.id}:{round_}:sign-off-{place + 1}-{attempt}",
            actor=self._actor(site, place),
            effective_at=at,
            passed=passed,
            opinion=self._words.passed if passed else opinion,
            failed_requirements=() if passed else again,
        )
        stream, sent_at = site_stream(self._plan.id, site.id), at + timedelta(minutes=10)
        return Action(Step.SIGN_OFF, stream, site.id, command, sent_at, waits=True, round=round_, attempt=attempt)

    def _requirements(self, site: Site) -> tuple[Requirement, ...]:
        return requirements_of(self._plan.catalogue, site, self._plan.verification.closure is not None)

    def _actor(self, site: Site, place: int) -> Actor:
        """One official of each department."""
        department = site.departments[place]
        return Actor(id=unit_name(f"signs-{department}"), role=Role.DEPARTMENT, unit=department)
