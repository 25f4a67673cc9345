"""Phases for people: state, gate with what it lacks, milestones; and the same in the report."""

import io
from datetime import date

import pytest
from rich.console import Console, Group

from commands.campaign.phases_view import missing_in_words, phases_in_words
from reports.tables.phases import lacking, state_of
from reports.words.catalogue import Words
from schemas.options.phases import GateCheck, Missing, Reached
from schemas.phase_status import PhaseStatus
from tests.support.plans import frozen_plan

NAMES = {"east": "East"}
SHARE = Missing(check=GateCheck.CLOSED, per_cent=66.6, have=54, wanted=55, of=82, lagging=("east",))
ROUND = Missing(check=GateCheck.SITES_SURVEYED, have=3, wanted=3, of=3, rounds=("S2",))
PLAN = Missing(check=GateCheck.DEPLOYMENTS_APPROVED, city="east", have=0, wanted=1, of=1)
DAYS = {"starts_on": date(2021, 8, 1), "ends_on": date(2021, 8, 9)}
SWEEP = PhaseStatus(
    id="sweep", title="Sweep", state="over", holds="works", gate="unmet", told=1, missing=[PLAN],
    milestones=[Reached(city="east", measure="hectares", per_cent=60, have=30.5, of=51.25, kept=False)], **DAYS,
)  # fmt: skip
WORKS = PhaseStatus(id="works", title="Works", state="held", held_by="sweep", held_since=date(2021, 8, 1), **DAYS)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (SHARE, "campaign: sites struck off 54 of 82, 55 asked (66.6 %); behind: East"),
        (ROUND, "campaign: survey rounds not added: S2"),
        (PLAN, "East: deployment not approved"),
    ],
)
def test_missing_condition_names_unit_and_counts(one: Missing, told: str) -> None:
    assert missing_in_words(one, NAMES) == told


def test_phases_are_listed_with_gate_milestones_and_hold() -> None:
    console = Console(file=io.StringIO(), width=200)
    console.print(Group(*phases_in_words([SWEEP, WORKS], NAMES)))
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    for told in (
        "unmet, told the governments", "held since 2021-08-01 by sweep", "0 of 1", "60 % of 51.25 ha", "missed",
        "gate of sweep lacks: East: deployment not approved",
    ):  # fmt: skip
        assert told in shown


def test_report_says_the_same_in_chinese() -> None:
    plan, words = frozen_plan("east").plan, Words("zh-CN")
    assert state_of(WORKS, plan, words) == "自2021-08-01起因“sweep”阶段转段条件未满足而暂缓"
    assert state_of(SWEEP, plan, words) == "已结束"
    assert lacking(SHARE, NAMES, words) == "全省: 已销号点位 (66.6%) 54 / 82 (East)"
    assert lacking(ROUND, NAMES, words) == "全省: 未开展的排查 S2"
