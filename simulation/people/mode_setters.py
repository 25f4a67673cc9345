"""Who sets and switches the modes of sites: cities, some of them late, and the province where it confirms.

Where modes are required, the crew of a site without modes begins when they are set. At some other sites the city
switches the modes during the work; the crew stops, and continues with the outstanding work under the new modes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from schemas.actor import Actor, Role, unit_name
from schemas.command import Command
from schemas.modes import FundingMode, RestorationMode
from schemas.options.modes import DecideMode, SetMode, allowed_by, holds, is_allowed
from schemas.plan import Plan
from schemas.register import Site
from schemas.site.commands import CompleteTask
from schemas.site.terms import Requirement
from schemas.streams import site_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import SiteGroup

_SWITCHED = 0.25
"""Share of sites whose modes are switched during the work."""
_AGAIN = 3
"""Attempts of a city to propose modes for a site."""
_REASONS = {
    "zh-CN": ("按实施意见确定（演练）", "市场主体意向变化，调整修复模式（演练）", "资金来源需进一步落实（演练）"),
    "en": (
        "as the implementation opinion says (rehearsal)",
        "the investor has changed its mind (rehearsal)",
        "where the money comes from must be settled first (rehearsal)",
    ),
}

Pair = tuple[str | None, str | None]
"""Restoration mode and funding mode."""


def again(report: Action, why: str) -> Action:
    """The report under another command id, with photos of its own: a crew that begins again numbers from the start."""
    command = report.command
    assert isinstance(command, CompleteTask)
    evidence = tuple(one.model_copy(update={"ref": f"{why}-{one.ref}"[:500]}) for one in command.evidence)
    own = {"command_id": f"{command.command_id}:{why}"[-128:], "evidence": evidence}
    return replace(report, command=command.model_copy(update=own))


class ModeSetters(SiteGroup):
    """Each choice depends on the site, the seed and the replies."""

    def __init__(self, plan: Plan, sites: Iterable[Site], habits: Habits, hours: OfficeHours, draws: Draws) -> None:
        super().__init__(plan, sites if plan.modes is not None else (), habits, hours, draws)
        self._first, self._change, self._refused = _REASONS[plan.language]
        agency = unit_name(plan.issuing_agencies[0].name)
        self._province = Actor(id="province-desk", role=Role.PROVINCE, unit=agency)
        self._known_modes: dict[str, Pair] = {}
        """Site to its modes by the latest reply on them."""
        allowed = allowed_by(plan.modes) if plan.modes is not None else {}
        self._pairs: list[tuple[RestorationMode, FundingMode]] = [
            (restoration, funding)
            for restoration in RestorationMode
            for funding in FundingMode
            if is_allowed(allowed, restoration, funding)
        ]

    # -- queries of others ------------------------------------------------------------------------------------------

    def holding(self, site: Site, requirements: dict[str, Requirement]) -> dict[str, Requirement]:
        """The requirements that apply under the site's modes, by the latest reply."""
        if self._plan.modes is None:
            return requirements
        modes = self._modes(site)
        return {name: one for name, one in requirements.items() if holds(one, *modes)}

    def waits(self, site: Site) -> bool:
        """Whether the crew of an opened site must wait for its modes."""
        return self._plan.modes is not None and self._plan.modes.required and None in self._modes(site)

    def first(self, site: Site, approved: date) -> Iterator[Action]:
        """The city sets the modes of a site that has none, some days after the site opened."""
        day = self._hours.after(approved, self._draws.whole(1, 4, site.id, "mode set after"))
        yield from self._set(site, day, 1, self._first)

    def interrupted(self, site: Site, begins: date, due: date, reports: Sequence[Action]) -> Iterator[Action]:
        """The planned reports; where the city switches the modes, the reports before that, and the switch."""
        if self._plan.modes is None or not self._draws.chance(_SWITCHED, site.id, "mode switched"):
            yield from reports
            return
        days = int((due - begins).days * (0.2 + 0.3 * self._draws.share(site.id, "mode switched on")))
        switches = list(self._set(site, self._hours.on_or_after(begins + timedelta(days=days)), 1, self._change))
        last = max((r.sent_at for r in reports if r.waits), default=None)
        if not switches or last is None or last <= switches[0].sent_at:
            yield from reports  # the work ends before that, or no other pair is allowed
            return
        yield from (replace(r, step=Step.REPORT, waits=False) for r in reports if r.sent_at < switches[0].sent_at)
        yield from switches

    def settled(self, action: Action, reply: Reply) -> bool:
        """Whether the site's modes are set by this reply, and no proposal or withheld field is left."""
        state = reply.state
        self._known_modes[action.subject] = (state.get("restoration_mode"), state.get("funding_mode"))
        return not state.get("proposed_modes") and not set(state.get("withheld") or ()) & {
            "restoration_mode",
            "funding_mode",
        }

    # -- actions after a reply -------------------------------------------------------------------------------------

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """The province decides on a proposal; after a rejection the city proposes again."""
        if action.step not in (Step.MODE, Step.MODE_DECISION) or reply.status is not ReplyStatus.ACCEPTED:
            return
        site, settled = self._sites[action.subject], self.settled(action, reply)
        if reply.state.get("proposed_modes"):
            yield self._decision(site, action)
        elif not settled and action.attempt < _AGAIN:
            day = self._hours.after(self._hours.day_of(action.sent_at), self._draws.whole(1, 3, site.id, "mode again"))
            yield from self._set(site, day, action.attempt + 1, self._first)

    def _decision(self, site: Site, proposal: Action) -> Action:
        draws, attempt = self._draws, proposal.attempt
        asked = self._hours.day_of(proposal.sent_at)
        day = self._hours.after(asked, draws.whole(1, 3, site.id, attempt, "mode decided"))
        refused = draws.chance(self._habits.rejected, site.id, attempt, "mode refused")
        decide = DecideMode(
            command_id=f"{site.id}:decide-mode-{attempt}",
            actor=self._province,
            effective_at=self._hours.instant(day, Hours.RULING, draws.share(site.id, attempt, "mode decided at")),
            confirmed=not refused,
            reason=self._refused if refused else None,
        )
        return self._action(Step.MODE_DECISION, site, decide, attempt)

    def _set(self, site: Site, day: date, attempt: int, reason: str) -> Iterator[Action]:
        choice = self._choice(site, attempt)
        if choice is None:
            return
        at = self._hours.instant(day, Hours.CITY, self._draws.share(site.id, attempt, "mode set at"))
        command = SetMode(
            command_id=f"{site.id}:mode-{attempt}",
            actor=Actor(id=f"city-{site.city}", role=Role.CITY, unit=site.city),
            effective_at=at,
            restoration_mode=choice[0],
            funding_mode=choice[1],
            reason=reason,
        )
        yield self._action(Step.MODE, site, command, attempt)

    def _choice(self, site: Site, attempt: int) -> tuple[RestorationMode, FundingMode] | None:
        """A pair that the plan allows and that has work, with another restoration mode than the present one."""
        present, kinds = self._modes(site)[0], {problem.kind for problem in site.problems}
        having_work = [
            pair
            for pair in self._pairs
            if pair[0] != present
            and any(
                (not entry.site_types or site.type in entry.site_types)
                and (not entry.problems or not kinds.isdisjoint(entry.problems))
                and holds(entry, *pair)
                for entry in self._plan.catalogue
            )
        ]
        if not having_work:
            return None
        return having_work[self._draws.whole(0, len(having_work) - 1, site.id, attempt, "mode")]

    def _modes(self, site: Site) -> Pair:
        return self._known_modes.get(site.id, (site.restoration_mode, site.funding_mode))

    def _action(self, step: Step, site: Site, command: Command, attempt: int) -> Action:
        stream = site_stream(self._plan.id, site.id)
        return Action(step, stream, site.id, command, command.effective_at, waits=True, attempt=attempt)
