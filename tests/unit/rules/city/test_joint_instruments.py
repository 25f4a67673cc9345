"""An instrument that several agencies issue: it waits for each of them, and bears the first one's number."""

from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given

from rules.calendar import local_date
from rules.city.aggregate import CityAggregate
from rules.documents.addressing import signers
from schemas import commands as cmd
from schemas.actor import Actor
from schemas.documents.document import DocumentState
from tests.support.drawn_terms import SEEDS
from tests.support.escalating_city import (
    APPROVER,
    CHIEF,
    EscalatingCity,
    approves,
    closes,
    days,
    frozen,
    rejects,
    working,
)
from tests.support.joint_plans import LAND, OFFICE, POLICE, agency_actor

ORDER = {"rung": 2, "instrument": "supervision_order", "after": days(1)}
JOINT = {"rung": 3, "instrument": "circular", "after": working(5), "lifting": "decision"}
APPROVED = JOINT | {"approver": APPROVER, "approval": working(1)}
SIGNING = {"within": working(1), "superior": {"name": "领导小组"}, "instruments": ["circular"]}
DUE = date(2021, 8, 20)  # a Friday: the order is issued on Mon 23, the circular drafted on Mon 30


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2021-{text.replace(' ', 'T')}:00+08:00")


def city(circular: dict[str, Any] = JOINT, **signing: Any) -> EscalatingCity:
    ladder, said = [ORDER, circular], SIGNING | signing
    return EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=ladder, signing=said), DUE, ("a", "b"))


def sign(life: EscalatingCity, agency: str, when: str, person: str = "") -> None:
    life.live(at(when))
    life.says(cmd.Countersign, agency_actor(agency, person), document=life.newest("circular"))


def days_of(life: EscalatingCity, kind: str) -> list[str]:
    return [f"{local_date(life.plan.calendar, one.issued_at):%m-%d}" for one in life.of(kind)]


def test_joint_instrument_waits_for_every_agency() -> None:
    life = city()
    sign(life, LAND, "08-30 11:00")
    life.live(at("08-31 10:00"))
    assert life.of("circular") == [] and life.cases["a"].state.rung_waits
    sign(life, POLICE, "08-31 11:00")
    life.live(at("09-02 10:00"))
    assert days_of(life, "circular") == ["09-01"]
    assert str(life.of("circular")[0].number).startswith("豫自然资督〔2021〕")
    assert not life.cases["a"].state.rung_waits and life.refused == []


def test_agencies_are_asked_with_the_draft() -> None:
    life = city()
    life.live(at("08-30 10:00"))
    (request,) = life.of("signature_request")
    assert request.data["agencies"] == [LAND, POLICE] and request.sites == ("a", "b")
    assert [one.name for one in signers(life.plan.plan, request.kind, [POLICE]).recipients] == [POLICE]


def test_second_person_of_an_agency_adds_no_entry() -> None:
    life = city()
    sign(life, LAND, "08-30 11:00")
    sign(life, LAND, "08-30 12:00", "another")
    assert len([one for one in life.entries if one.kind == "document_countersigned"]) == 1
    assert life.refused == [] and life.of("circular") == []


@pytest.mark.parametrize("actor", [OFFICE, CHIEF], ids=["office", "approver"])
def test_nobody_else_signs_a_joint_instrument(actor: Actor) -> None:
    life = city()
    life.live(at("08-30 11:00"))
    life.says(cmd.Countersign, actor, document=life.newest("circular"))
    assert "countersign" in life.refused[0]


def test_silence_of_each_agency_is_told_to_the_superior() -> None:
    life = city()
    sign(life, LAND, "08-30 11:00")
    life.live(at("09-03 12:00"))
    told = life.of("signature_overdue")
    assert [one.data["agencies"] for one in told] == [[POLICE]] * len(told) and days_of(life, told[0].kind) == [
        "09-01",
        "09-03",
    ]
    assert signers(life.plan.plan, "signature_overdue", [POLICE]).addressee == ("领导小组",)
    assert signers(city(superior=None).plan.plan, "signature_overdue", [POLICE]).addressee == (LAND,)
    assert signers(city(superior=None).plan.plan, "signature_overdue", [LAND, POLICE]).addressee == (LAND, POLICE)


def test_signature_before_the_dispatch_cancels_its_report() -> None:
    life = city()
    sign(life, LAND, "09-01 08:00")  # both are overdue since midnight
    life.live(at("09-01 10:00"))
    assert [one.data["agencies"] for one in life.of("signature_overdue")] == [[POLICE]]


def test_approval_and_signatures_are_both_awaited() -> None:
    life = city(APPROVED)
    sign(life, POLICE, "08-30 11:00")
    sign(life, LAND, "08-30 12:00")
    life.live(at("08-31 10:00"))
    assert life.of("circular") == []
    life.live(at("09-02 10:00"), [(at("08-31 11:00"), approves("circular"))])
    assert days_of(life, "circular") == ["09-01"]


def test_rejected_draft_is_not_issued_whoever_signed() -> None:
    life = city(APPROVED)
    sign(life, LAND, "08-30 11:00")
    life.live(at("08-31 10:00"), [(at("08-30 12:00"), rejects("circular"))])
    sign(life, POLICE, "08-31 11:00")
    life.live(at("09-01 10:00"))
    assert life.of("circular") == [] and "no open document" in life.refused[0]


def test_signed_draft_leaves_out_what_is_done_meanwhile() -> None:
    life = city()
    sign(life, LAND, "08-30 11:00")
    sign(life, POLICE, "08-30 12:00")
    life.live(at("08-31 10:00"), [(at("08-30 15:00"), closes("a"))])
    assert [one.sites for one in life.of("circular")] == [("b",)]


def test_any_of_its_agencies_lifts_a_joint_instrument() -> None:
    life = city()
    sign(life, LAND, "08-30 11:00")
    sign(life, POLICE, "08-30 12:00")
    life.live(at("09-02 10:00"))
    life.says(cmd.Lift, agency_actor(POLICE), document=life.newest("circular"), reason="已整改")
    assert life.refused == [] and life.states[life.newest("circular")] is DocumentState.LIFTED


def test_recovered_city_knows_the_signatures() -> None:
    life = city()
    sign(life, LAND, "08-30 11:00")
    again = CityAggregate(life.terms)
    again.restore(life.entries)
    tracked = again.state.documents[life.newest("circular")]
    assert tracked.progress == life.desk.state.documents[tracked.key].progress
    assert tracked.progress.joint is not None and tracked.progress.joint.missing == (POLICE,)


@given(SEEDS)
def test_joint_instrument_is_issued_once_after_all_signed(seed: int) -> None:
    """Whatever order and repetition of signatures, approval and moments."""
    draw = Random(seed)
    life = city(draw.choice([JOINT, APPROVED]))
    for step in range(draw.randint(0, 6)):
        agency, day, hour = draw.choice([LAND, POLICE]), 30 if step < 2 else 31, draw.randint(9, 12) + step % 3
        sign(life, agency, f"08-{day} {hour:02}:{step}0", f"{agency}{step}")
    life.live(at("09-06 10:00"), [(at("08-31 20:00"), approves("circular"))] if draw.random() < 0.7 else [])
    signed = [one for one in life.entries if one.kind == "document_countersigned"]
    issued = [one for one in life.entries if one.kind == "document_issued" and '"document":"circular"' in one.data]
    approved = life.plan.plan.ladder[1].approver is None or any(e.kind == "document_approved" for e in life.entries)
    assert len(signed) == len({one.actor.split('"unit":')[1] for one in signed})
    assert len(issued) == int(len(signed) == 2 and approved)
    assert all(one.seq < issued[0].seq for one in signed) if issued else True
