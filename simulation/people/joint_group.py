"""The joint group of a patrolled city: it meets, its offices do what it resolved, and cases are handed over."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from rules.city.state import CityState
from schemas.actor import Actor, Role, unit_name
from schemas.base import as_command_id
from schemas.command import Command
from schemas.options.joint_group import (
    CaseStage,
    HoldMeeting,
    JointGroup,
    JointGroupState,
    ReceiveCase,
    ReferCase,
    ReportResolution,
    Resolution,
)
from schemas.options.patrol import ReportFinding
from schemas.plan import Plan
from schemas.streams import city_stream
from simulation.behaviour.actions import Action, Reply, ReplyStatus, Step
from simulation.behaviour.draws import Curve, Draws
from simulation.behaviour.office_hours import Hours, OfficeHours
from simulation.behaviour.temperament import Temperament
from simulation.people.group import ParticipantGroup

_ABSENT = 0.15
"""Share of a meeting's members that do not come."""
_RETURNED = 0.25
"""Share of cases that are returned when they are handed over for the first time."""
SUSPECTED = 0.35
"""Share of relapses that are suspected offences."""
_PACE: dict[Temperament, Curve] = {
    Temperament.DILIGENT: ((0, 0.3), (1, 0.9)),
    Temperament.TYPICAL: ((0, 0.4), (0.8, 1.0), (1, 1.5)),
    Temperament.SLACK: ((0, 0.6), (0.5, 1.0), (1, 2.5)),
}
"""When a resolution is done and a case is decided, as a share of its clause; above 1 it is late."""
_WORDS = {
    "zh-CN": {
        "minutes": "研究巡查发现的问题，明确责任单位（示例）",
        "resolved": ("加密夜间巡查（示例）", "修复警示标志（示例）", "核查运输车辆（示例）"),
        "done": "已办结，记录存档（示例）",
        "evidence": "现场照片、巡查记录（示例）",
        "returned": "材料不全，请补充（示例）",
        "reference": "受案示例〔{}〕{}号",
    },
    "en": {
        "minutes": "what the patrol found; who does what",
        "resolved": ("patrol at night", "repair the signs", "check the lorries"),
        "done": "done, on file",
        "evidence": "photos and the patrol's record",
        "returned": "the material is not complete",
        "reference": "case {}/{}",
    },
}


class JointGroups(ParticipantGroup):
    """Each action depends on the city, the number of the resolution or finding, and the seed only."""

    def __init__(self, plan: Plan, temperament: Temperament, hours: OfficeHours, draws: Draws) -> None:
        self._plan = plan
        self._pace = _PACE[temperament]
        self._hours = hours
        self._draws = draws
        self._words: Mapping[str, Any] = _WORDS[plan.language]
        self._planned: set[tuple[str, int]] = set()
        """City and number of the resolutions that their offices know of."""

    def leads(self, city: str) -> bool:
        """Whether the meetings of this city's patrol are those of a group."""
        return city in self._plan.joint_groups

    def meeting(self, city: str, number: int, at: datetime) -> HoldMeeting:
        """The meeting of the duty's period `number`, with one or two resolutions."""
        group, draws, about = self._plan.joint_groups[city], self._draws, (city, "meeting", number)
        members = [unit_name(one.name) for one in group.members]
        came = tuple(name for name in members if not draws.chance(_ABSENT, *about, name))
        offices = [unit_name(group.leader.name), *(came or members)]
        texts = self._words["resolved"]
        resolutions = tuple(
            Resolution(
                what=texts[draws.whole(0, len(texts) - 1, *about, which, "what")],
                unit=offices[draws.whole(0, len(offices) - 1, *about, which, "office")],
            )
            for which in range(draws.whole(1, 2, *about, "resolutions"))
        )
        return HoldMeeting(
            command_id=f"{city}:meeting:{number}",
            actor=self._of(unit_name(group.leader.name)),
            effective_at=at,
            attended=came or tuple(members),
            note=self._words["minutes"],
            resolutions=resolutions,
        )

    def on_reply(self, action: Action, reply: Reply) -> Iterable[Action]:
        """Do what was resolved; hand a suspected offence over; take or return a case."""
        group = self._plan.joint_groups.get(action.subject)
        if group is None or reply.status is not ReplyStatus.ACCEPTED:
            return
        command = action.command
        match command:
            case HoldMeeting():
                yield from self._resolutions(action, reply)
            case ReportFinding() if command.suspected:
                yield from self._referrals(group, action, reply)
            case ReceiveCase() if not command.accepted:
                yield self._referral(group, action, command.finding, action.attempt + 1)
            case ReferCase():
                yield self._receipt(group, action, command.finding)

    def _resolutions(self, meeting: Action, reply: Reply) -> Iterator[Action]:
        city, since = meeting.subject, self._hours.day_of(meeting.command.effective_at)
        for key, one in _facts(reply)["resolutions"].items():
            number = int(key)
            if (city, number) in self._planned:
                continue
            self._planned.add((city, number))
            share = self._draws.along(self._pace, city, number, "resolution")
            day = self._hours.within(since, self._plan.joint_groups[city].resolution, share)
            report = ReportResolution(
                command_id=f"{city}:resolution:{number}",
                actor=self._of(one["unit"]),
                effective_at=self._at(day, city, number, "resolution at"),
                number=number,
                note=self._words["done"],
            )
            yield self._action(Step.RESOLUTION, city, report)

    def _referrals(self, group: JointGroup, finding: Action, reply: Reply) -> Iterator[Action]:
        """The case of this finding: the newest, when its reply came."""
        found = [int(key) for key, case in _facts(reply)["cases"].items() if case["stage"] == CaseStage.FOUND]
        if found:
            yield self._referral(group, finding, max(found), 1)

    def _referral(self, group: JointGroup, occasion: Action, finding: int, attempt: int) -> Action:
        city, about = occasion.subject, (occasion.subject, finding, attempt, "referral")
        day = self._hours.after(self._hours.day_of(occasion.sent_at), self._draws.whole(1, 3, *about))
        refer = ReferCase(
            command_id=as_command_id(f"{city}:case:{finding}:referred-{attempt}"),
            actor=self._of(unit_name(group.leader.name)),
            effective_at=self._at(day, *about, "at"),
            finding=finding,
            note=self._words["evidence"],
        )
        return self._action(Step.REFERRAL, city, refer, attempt)

    def _receipt(self, group: JointGroup, referral: Action, finding: int) -> Action:
        city, about = referral.subject, (referral.subject, finding, referral.attempt, "receipt of case")
        day = self._hours.within(
            self._hours.day_of(referral.sent_at), group.acceptance, self._draws.along(self._pace, *about)
        )
        taken = referral.attempt > 1 or not self._draws.chance(_RETURNED, *about, "returned")
        number = self._draws.whole(1, 999, *about, "reference")
        receive = ReceiveCase(
            command_id=as_command_id(f"{city}:case:{finding}:received-{referral.attempt}"),
            actor=Actor(id=f"cases-{city}", role=Role.POLICE, unit=unit_name(group.receiver.name)),
            effective_at=self._at(day, *about, "at"),
            finding=finding,
            accepted=taken,
            reference=self._words["reference"].format(day.year, number) if taken else None,
            reason=None if taken else self._words["returned"],
        )
        return self._action(Step.CASE_RECEIPT, city, receive, referral.attempt)

    def _of(self, unit: str) -> Actor:
        return Actor(id=unit_name(f"officer-{unit}"), role=Role.DEPARTMENT, unit=unit)

    def _at(self, day: date, *about: object) -> datetime:
        return self._hours.instant(day, Hours.CITY, self._draws.share(*about))

    def _action(self, step: Step, city: str, command: Command, attempt: int = 1) -> Action:
        stream = city_stream(self._plan.id, city)
        return Action(step, stream, city, command, command.effective_at, waits=True, attempt=attempt)


def group_reply(state: CityState) -> dict[str, Any]:
    """What a city's reply says of its joint group, with the keys of `CityView`."""
    group = state.joint_group or JointGroupState()
    said = group.model_dump(mode="json", include={"resolutions", "cases"})
    return {"patrol": {"group": said}}


def _facts(reply: Reply) -> Mapping[str, Any]:
    """The joint group in a city's reply."""
    group: Mapping[str, Any] = reply.state["patrol"]["group"]
    return {"resolutions": group.get("resolutions", {}), "cases": group.get("cases", {})}
