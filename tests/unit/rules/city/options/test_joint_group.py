"""The joint group of a city under patrol: its quorum, its resolutions, and the cases that it hands over."""

import json
from datetime import datetime
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from rules.city.aggregate import CityAggregate
from schemas.actor import Actor, Role
from schemas.options.joint_group import (
    HoldMeeting,
    JointGroup,
    JointGroupFacts,
    ReceiveCase,
    ReferCase,
    ReportResolution,
)
from schemas.options.patrol import PerformDuty
from tests.support.budget import examples
from tests.support.escalating_city import working
from tests.support.patrolled_city import DUTIES, PatrolledCity, plan
from tests.support.sample_terms import on
from tests.unit.rules.city.options.test_patrol import DUE

GROUP: dict[str, Any] = {
    "title": "联合执法领导小组",
    "leader": {"name": "水利局"},
    "members": [{"name": "公安局"}, {"name": "林业局"}, {"name": "自然资源局"}],
    "receiver": {"name": "公安局"},
    "resolution": working(3),
    "acceptance": working(2),
}
CASE_TRANSFER = {"duty": "case_transfer", "title": "案件移送", "every": working(4)}


def officer(unit: str, role: Role = Role.DEPARTMENT) -> Actor:
    return Actor(id=f"officer of {unit}", role=role, unit=unit)


WATER, FORESTRY, POLICE = officer("水利局"), officer("林业局"), officer("公安局", Role.POLICE)


def city(**group: Any) -> PatrolledCity:
    """Patrolled since Thursday 5 August, 9:00; its group of four offices has a quorum of three."""
    frozen = plan(
        joint_groups={"410400": GROUP | group},
        patrol={"duties": [*DUTIES, CASE_TRANSFER], "relapse": working(2), "lasts": working(10)},
    )
    living = PatrolledCity(frozen, DUE, ("a", "b"))
    living.live(on(8, 5, 8))
    living.close("a")
    living.live(on(8, 5, 12))
    return living


def meets(living: PatrolledCity, *attended: str, by: Actor = WATER, **said: Any) -> None:
    living.says(HoldMeeting, by, attended=attended, note="研究巡查问题", **said)


def offence(living: PatrolledCity, at: datetime | None = None) -> None:
    living.finds("a", at, suspected=True)


def group(living: PatrolledCity) -> JointGroupFacts:
    facts = living.desk.row().facts
    assert facts is not None and facts.patrol is not None and facts.patrol.group is not None
    return facts.patrol.group


def duty(living: PatrolledCity, name: str) -> tuple[int, int, int]:
    """Periods that were performed, missed, cured."""
    facts = living.desk.row().facts
    assert facts is not None and facts.patrol is not None
    (found,) = [one for one in facts.patrol.duties if one.duty == name]
    return found.performed, found.missed, found.cured


def test_meeting_with_quorum_performs_the_duty_and_sends_minutes() -> None:
    living = city()
    meets(living, "公安局", "林业局", resolutions=[{"what": "夜间巡查", "unit": "公安局"}])
    living.live(on(8, 6, 12))
    (held,) = living.events("meeting_held")
    assert held.attended == ("水利局", "公安局", "林业局") and held.absent == ("自然资源局",)
    assert duty(living, "joint_meeting") == (1, 0, 0)
    (minutes,) = living.of("meeting_minutes")
    assert minutes.data["absent"] == ["自然资源局"] and minutes.progress.units == ()
    (resolved,) = minutes.data["resolutions"]
    assert (resolved["what"], resolved["unit"]) == ("夜间巡查", "公安局")
    assert resolved["due"] == "2021-08-10", "three working days after Thursday the 5th"
    assert resolved["clauses"]["due"]["name"] == "joint_groups.410400.resolution"


@pytest.mark.parametrize(
    ("attended", "said", "reason"),
    [
        (("公安局",), {}, "2 of 4 offices came; a joint meeting counts with 3 or more"),
        (("公安局", "财政局", "林业局"), {}, "财政局 is not in the joint group"),
        (("公安局", "林业局"), {"resolutions": [{"what": "x", "unit": "财政局"}]}, "not 财政局"),
        (
            ("公安局", "林业局"),
            {"resolutions": [{"what": "x", "unit": "公安局", "due": "2021-08-04"}]},
            "not on 2021-08-04",
        ),
        (("公安局", "林业局"), {"by": FORESTRY}, "group_leader"),
    ],
)
def test_meeting_that_does_not_count_is_refused(attended: tuple[str, ...], said: dict[str, Any], reason: str) -> None:
    living = city()
    meets(living, *attended, **said)
    assert reason in living.refused[-1]
    assert duty(living, "joint_meeting") == (0, 0, 0) and not living.events("meeting_held")


def test_note_is_no_joint_meeting_where_group_leads() -> None:
    living = city()
    living.patrols("joint_meeting")
    assert "says who came and what was resolved" in living.refused[-1]


def test_overdue_resolution_is_told_once_with_its_office() -> None:
    living = city()
    meets(living, "公安局", "林业局", resolutions=[{"what": "夜间巡查", "unit": "公安局"}])
    living.live(on(8, 16, 12))
    (told,) = living.of("group_overdue")
    assert [(one["unit"], one["what"], one["due"]) for one in told.data["items"]] == [
        ("公安局", "夜间巡查", "2021-08-10")
    ]
    assert group(living).resolutions_missed == 1
    living.says(ReportResolution, FORESTRY, number=1, note="已办")
    assert "is for 公安局" in living.refused[-1]
    living.says(ReportResolution, officer("公安局"), number=1, note="已办")
    assert (group(living).resolutions_missed, group(living).resolutions_cured, group(living).resolutions) == (0, 1, {})
    living.says(ReportResolution, WATER, number=1, note="又办")
    assert "resolution 1 is not open" in living.refused[-1]


def test_resolution_done_in_time_is_never_told() -> None:
    living = city()
    meets(living, "公安局", "林业局", resolutions=[{"what": "补植", "unit": "林业局", "due": "2021-08-12"}])
    living.live(on(8, 12, 12))
    living.says(ReportResolution, FORESTRY, number=1, note="已补植")
    living.live(on(8, 20))
    assert not living.of("group_overdue")
    assert (group(living).resolutions_done, group(living).resolutions_cured) == (1, 0)


def test_resolutions_and_cases_say_their_clauses() -> None:
    living = city()
    asked = [{"what": "夜间巡查", "unit": "公安局"}, {"what": "补植", "unit": "林业局", "due": "2021-08-12"}]
    meets(living, "公安局", "林业局", resolutions=asked)
    offence(living)
    living.says(ReferCase, WATER, finding=1, note="照片")
    known = group(living)
    names = [one.clauses["due"].name for one in known.resolutions.values()] + [known.cases[1].clauses["due"].name]
    assert names == ["joint_groups.410400.resolution", "day", "joint_groups.410400.acceptance"]
    living.live(on(8, 20))
    late = living.events("resolutions_overdue") + living.events("cases_overdue")
    assert [one.clauses["due"].name for one in late] == names


def test_case_is_handed_over_returned_and_taken() -> None:
    living = city()
    offence(living)
    living.patrols("case_transfer")
    assert "not handed over yet: finding 1" in living.refused[-1]
    living.says(ReferCase, WATER, finding=1, note="照片")
    assert duty(living, "case_transfer") == (1, 0, 0), "the last open case is the duty"
    living.says(ReceiveCase, POLICE, finding=1, accepted=False, reason="缺照片")
    living.says(ReferCase, WATER, finding=1, note="补照片")
    living.live(on(8, 6, 12))
    assert len(living.of("case_referral")) == 2
    living.says(ReceiveCase, POLICE, finding=1, accepted=True, reference="案8号")
    case = group(living).cases[1]
    assert (case.stage, case.reference, case.site) == ("accepted", "案8号", "a")
    living.says(ReceiveCase, POLICE, finding=1, accepted=True, reference="案9号")
    assert "no case of finding 1 was handed over" in living.refused[-1]


def test_silent_receiver_is_told_once() -> None:
    living = city()
    offence(living)
    living.says(ReferCase, WATER, finding=1, note="照片")
    living.live(on(8, 20))
    (told,) = living.of("group_overdue")
    assert [(one["sort"], one["unit"], one["due"]) for one in told.data["items"]] == [("case", "公安局", "2021-08-09")]


def test_only_the_receiver_takes_a_case() -> None:
    living = city()
    offence(living)
    living.says(ReferCase, WATER, finding=1, note="照片")
    living.says(ReceiveCase, officer("林业局", Role.POLICE), finding=1, accepted=True, reference="案8号")
    assert "receive_case by the role police" in living.refused[-1]


def test_offence_in_a_plan_without_group_is_refused() -> None:
    living = PatrolledCity(plan(), DUE, ("a", "b"))
    living.live(on(8, 5, 8))
    living.close("a")
    living.live(on(8, 5, 12))
    offence(living)
    assert "the plan has none here" in living.refused[-1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quorum": 5}, "quorum: 5 offices, and the group has 4"),
        ({"members": [{"name": "水利局"}]}, "members: 水利局 stands twice"),
    ],
)
def test_group_that_contradicts_itself_is_a_fault(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        JointGroup.model_validate(GROUP | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"joint_groups": {"410600": GROUP}}, "joint_groups.410600: the plan has no such city"),
        ({"joint_groups": {"410400": GROUP}, "patrol": None}, "the plan has no `patrol`"),
        ({"patrol": None}, r"catalogue\[0\].look_back: nobody inspects it again"),
    ],
)
def test_plan_with_group_or_look_back_for_nobody_is_a_fault(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        plan(**changes)


@pytest.mark.parametrize("seed", range(examples(25)))
def test_meetings_and_cases_add_up_whatever_is_sent(seed: int) -> None:
    """A second count from the ledger alone: every resolution is open, or was done once; missed ones were told once."""
    draw = Random(seed)
    living = city(quorum=draw.choice([2, 3, 4]))
    offices = ["水利局", "公安局", "林业局", "自然资源局"]
    for _ in range(25):
        living.live(living.now + draw.choice([1, 6, 30]) * (on(8, 5, 13) - on(8, 5, 12)))
        number = draw.randint(1, 4)
        match draw.randrange(6):
            case 0:
                resolved = [{"what": "办理", "unit": draw.choice(offices)} for _ in range(draw.randint(0, 2))]
                meets(living, *draw.sample(offices[1:], draw.randint(0, 3)), resolutions=resolved)
            case 1:
                living.says(ReportResolution, officer(draw.choice(offices)), number=number, note="已办")
            case 2:
                offence(living)
            case 3:
                living.says(ReferCase, WATER, finding=number, note="照片")
            case 4:
                living.says(ReceiveCase, POLICE, finding=number, accepted=True, reference="案1号")
            case _:
                living.says(ReceiveCase, POLICE, finding=number, accepted=False, reason="退回")
    made = [one["number"] for entry in _of(living, "meeting_held") for one in entry["resolutions"]]
    done = [entry["number"] for entry in _of(living, "resolution_reported")]
    told = [number for entry in _of(living, "resolutions_overdue") for number in entry["numbers"]]
    facts = group(living)
    assert made == list(range(1, len(made) + 1)) and len(done) == len(set(done)) and len(told) == len(set(told))
    assert set(facts.resolutions) == set(made) - set(done)
    assert facts.resolutions_missed + facts.resolutions_cured == len(told)
    suspected = {entry["number"] for entry in _of(living, "finding_reported") if entry.get("suspected")}
    assert set(facts.cases) == suspected
    taken = [entry["finding"] for entry in _of(living, "case_received") if entry["accepted"]]
    assert len(taken) == len(set(taken)) and set(taken) <= {e["finding"] for e in _of(living, "case_referred")}
    again = CityAggregate(living.terms)
    again.restore(living.entries)
    assert again.state.joint_group == living.desk.state.joint_group


def _of(living: PatrolledCity, kind: str) -> list[dict[str, Any]]:
    return [json.loads(entry.data) for entry in living.entries if entry.kind == kind]


def test_officer_of_the_group_performs_other_duties() -> None:
    living = city()
    living.says(PerformDuty, FORESTRY, duty="patrol", note="巡查")
    assert duty(living, "patrol") == (1, 0, 0)
    living.says(PerformDuty, officer("财政局"), duty="patrol", note="巡查")
    assert "is for the group of its subject" in living.refused[-1]
