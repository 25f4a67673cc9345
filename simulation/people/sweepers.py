"""The two-way sweep: the province issues patches, the police report clues, and counties confirm or refute each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from rules.terms.sweep import sweep_of
from schemas.actor import Actor, Role, unit_name
from schemas.calendar import Clause
from schemas.command import Command
from schemas.options.surveys import AddSurvey, PlannedSurvey
from schemas.options.sweep import (
    ConfirmPatch,
    IssuePatches,
    Patch,
    PatchLine,
    RefutePatch,
    ReportClue,
    patches_digest,
)
from schemas.plan import Plan
from schemas.register import Site
from schemas.streams import city_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Habits
from simulation.people.group import SiteGroup

_CONFIRMED = 0.65
"""Share of patches that are confirmed as new sites; of the others some are known sites."""
_KNOWN = 0.3
_REMINDED = (3, 7)
"""Working days after its last day on which a silent county settles a patch."""
_WORDS = {
    "zh-CN": ("实地核查为农用地或在用设施（演练）", "排查旧案发现的线索（演练）", "旧案〔{}〕示例{}号"),
    "en": ("it is farmland or in use (rehearsal)", "a clue of an old case (rehearsal)", "old case {}/{}"),
}


def survey_of(command: Command) -> str | None:
    """The survey whose sites a client adds to the register before it sends this command."""
    match command:
        case AddSurvey():
            return command.survey
        case ConfirmPatch(digest=str()):
            return command.survey
        case _:
            return None


class Sweepers(SiteGroup):
    """Each patch is settled by its own draws, in time or after a silence was told; some never."""

    def __init__(
        self,
        plan: Plan,
        register: Sequence[Site],
        surveys: Iterable[PlannedSurvey],
        habits: Habits,
        hours: OfficeHours,
        draws: Draws,
    ) -> None:
        super().__init__(plan, register, habits, hours, draws)
        self._planned = {one.patch.id: one for one in surveys if one.patch is not None}
        self._province = Actor(id="province-images", role=Role.PROVINCE, unit=unit_name(plan.issuing_agencies[0].name))
        self._is_none, self._clue, self._case = _WORDS[plan.language]

    def on_plan_issued(self, issued_at: datetime) -> Iterator[Action]:
        """Batches are issued on their days, clues are reported within the first days."""
        if self._plan.sweep is None:
            return
        first = self._hours.after(self._hours.day_of(issued_at))
        batches: dict[tuple[str, str], list[PlannedSurvey]] = {}
        for one in self._planned.values():
            assert one.patch is not None
            batches.setdefault((one.patch.batch, one.patch.city), []).append(one)
        for (batch, city), planned in sorted(batches.items()):
            day = max(first, self._hours.on_or_after(planned[0].on))
            at = self._hours.instant(day, Hours.PROVINCE, self._draws.share("patches", batch))
            yield self._issue(batch, city, [one.patch for one in planned if one.patch is not None], at)
        for place in self._plan.cities:
            terms, sites = sweep_of(self._plan, place), self._of_city(place.code)
            if terms is None or not terms.police or not sites:
                continue
            day = self._hours.after(first, self._draws.whole(1, 5, place.code, "clue"))
            at = self._hours.instant(day, Hours.VERIFIER, self._draws.share("clue", place.code))
            police = Actor(id=terms.police[0], role=Role.POLICE, unit=terms.police[0])
            command = ReportClue(
                command_id=f"{place.code}:clue", actor=police, effective_at=at, clue=f"C-{place.code}-1",
                county=sites[0].county, text=self._clue, reference=self._case.format(at.year - 5, place.code),
            )  # fmt: skip
            yield self._action(Step.CLUE, place.code, command)

    def on_reply(self, action: Action, reply: Reply) -> Iterator[Action]:
        """What reached the city is checked by its counties."""
        rule, command = self._plan.sweep, action.command
        if rule is None or reply.status is not ReplyStatus.ACCEPTED:
            return
        if isinstance(command, IssuePatches):
            for line in command.patches:
                yield from self._check(action, line.id, line.county, rule.check)
        elif isinstance(command, ReportClue):
            yield from self._check(action, command.clue, command.county, rule.clue or rule.check)

    def _issue(self, batch: str, city: str, patches: Sequence[Patch], at: datetime) -> Action:
        lines = tuple(PatchLine(id=one.id, county=one.county, place=one.place) for one in patches)
        command = IssuePatches(
            command_id=f"{city}:patches-{batch}", actor=self._province, effective_at=at, batch=batch,
            source=patches[0].source, digest=patches_digest(patches), patches=lines,
        )  # fmt: skip
        return self._action(Step.PATCHES, city, command)

    def _check(self, action: Action, patch: str, county: str, clause: Clause) -> Iterator[Action]:
        """A county looks at it within the clause; a silent one after it was told, or never."""
        draws, hours, since = self._draws, self._hours, self._hours.day_of(action.command.effective_at)
        if draws.chance(self._habits.unreplied, patch, "unchecked"):
            return
        day = hours.within(since, clause, draws.along(self._habits.reply, patch, "checked"))
        if draws.chance(self._habits.silent, patch, "check silent"):
            day = hours.after(hours.last_day(since, clause), draws.whole(*_REMINDED, patch, "check told"))
        at = max(hours.instant(day, Hours.VERIFIER, draws.share(patch, "checked at")), action.sent_at)
        actor = Actor(id=f"county-{county}", role=Role.COUNTY, unit=unit_name(county))
        said = {"command_id": f"{patch}:settle", "actor": actor, "effective_at": at, "patch": patch}
        planned = self._planned.get(patch)
        known = [site for site in self._of_city(action.subject) if site.county == county]
        if planned is not None and draws.chance(_CONFIRMED, patch, "confirmed"):
            survey = planned.survey
            confirm = ConfirmPatch(**said, site=survey.sites[0].id, digest=survey.digest)
            yield self._action(Step.SURVEY, action.subject, confirm)
        elif known and draws.chance(_KNOWN, patch, "known"):
            yield self._action(Step.REFUTATION, action.subject, ConfirmPatch(**said, site=known[0].id))
        else:
            refute = RefutePatch(**said, reason=self._is_none)
            yield self._action(Step.REFUTATION, action.subject, refute)

    def _of_city(self, city: str) -> list[Site]:
        return [site for site in self._sites.values() if site.city == city]

    def _action(self, step: Step, city: str, command: Command) -> Action:
        sent_at = command.effective_at + timedelta(minutes=5)
        return Action(step, city_stream(self._plan.id, city), city, command, sent_at, waits=True)
