"""A joint plan is issued when every agency has signed it; an amendment counts when every agency has signed that."""

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.amendments.overlay import plain
from rules.calendar import is_working_day, local_date, local_time_of_day
from rules.campaign.aggregate import CampaignAggregate
from rules.effects import AmendCities, StartCities
from schemas import commands as cmd
from schemas.actor import Actor
from schemas.amendments import Amend
from schemas.answers import Verdict
from schemas.options.joint import SignPlan
from tests.support.chain_proof import proved
from tests.support.clause_oracle import unnamed
from tests.support.drawn_terms import SEEDS
from tests.support.imagined_city import CampaignLife, campaign_terms
from tests.support.joint_plans import LAND, OFFICE, POLICE, agency_actor, joint_terms
from tests.support.sample_terms import CITY, HENAN, deadline, on

STARTED = on(7, 14, 10)  # a Wednesday; the first day is Saturday 17 July


BY_LAND = agency_actor(LAND)
WITHIN = {"": (1, "working_days")}
"""The clause of signatures, which has no name here, as `tests.support.clause_oracle` knows those of a plan."""


def life(by: Actor = BY_LAND, at: datetime = STARTED, **changes: Any) -> CampaignLife:
    """A joint campaign just after its start."""
    terms = joint_terms(LAND, POLICE) | {"started_at": at, "started_by": by, "issues_at": max(at, on(7, 17, 9))}
    begun = CampaignLife(CampaignAggregate(campaign_terms(**(terms | changes))))
    begun.at(at)
    return begun


def sign(agency: str, at: datetime, name: str = "", amendment: int | None = None) -> SignPlan:
    who = agency_actor(agency, name)
    said = f"{agency} {name} {at} {amendment}"
    return SignPlan(command_id=said, actor=who, effective_at=at, amendment=amendment)


def amend(at: datetime, by: str = LAND, number: int = 1, **changes: Any) -> Amend:
    changes = changes or {"ends_at": deadline(11, 30)}
    return Amend(
        command_id=f"{by} amends {number} at {at}",
        actor=agency_actor(by),
        effective_at=at,
        amendment=number,
        document=f"{number}号补充",
        title="补充通知",
        digest="d",
        terms=plain(campaign_terms(**changes), changes),
    )


def test_first_entry_names_who_started_and_is_the_signature() -> None:
    begun = life()
    assert begun.kinds()[:2] == ["started", "plan_signed"]
    assert all(LAND in entry.actor for entry in begun.entries[:2])
    assert list(begun.core.view(STARTED).unsigned.values()) == [(POLICE,)]
    (request,) = begun.documents
    assert (request.kind, request.city, request.data["agencies"]) == ("signature_request", "", [POLICE])


def test_starter_of_no_agency_leaves_every_signature_open() -> None:
    begun = life(by=OFFICE)
    assert begun.kinds()[0] == "started" and "plan_signed" not in begun.kinds()
    assert begun.documents[0].data["agencies"] == [LAND, POLICE]


def test_plan_of_one_agency_is_issued_as_before() -> None:
    begun = life(signing=None)
    assert begun.kinds() == ["started"]
    begun.quiet_until(on(7, 18))
    assert begun.of("plan_issued")[0].at == on(7, 17, 9)
    refused = begun.core.refusal(sign(LAND, on(7, 18)), on(7, 18))
    assert "one agency issues the plan" in str(refused)


def test_plan_signed_in_time_is_issued_on_its_day() -> None:
    begun = life()
    begun.at(on(7, 15, 11), sign(POLICE, on(7, 15, 11)))
    begun.quiet_until(on(7, 18))
    assert begun.of("plan_issued")[0].at == on(7, 17, 9)
    assert "plan_unsigned" not in begun.kinds()


@pytest.mark.parametrize(
    ("signed", "issued"),
    [
        (on(7, 19, 11), on(7, 19, 11)),  # within office hours: at once
        (on(7, 19, 20), on(7, 20, 9)),
        (on(7, 24, 11), on(7, 26, 9)),  # a Saturday
    ],
)
def test_late_signature_issues_at_the_next_office_hour(signed: datetime, issued: datetime) -> None:
    begun = life()
    begun.quiet_until(signed - timedelta(minutes=1))
    assert begun.core.state.stage == "issuing" and not begun.of_effect(StartCities)
    begun.at(signed, sign(POLICE, signed))
    begun.quiet_until(issued)
    assert begun.of("plan_issued")[0].at == issued
    assert begun.of_effect(StartCities) == [StartCities(issued)]
    plan = next(one for one in begun.documents if one.kind == "plan_issue")
    assert datetime.fromisoformat(plan.data["receipt_due"]) > issued


def test_signature_of_yesterday_counts_from_its_receipt() -> None:
    begun = life()
    begun.at(on(7, 20, 11), sign(POLICE, on(7, 19, 11)))
    assert begun.of("plan_issued")[0].at == on(7, 20, 11)


def test_second_person_of_an_agency_changes_nothing() -> None:
    begun = life()
    entries = len(begun.entries)
    outcome = begun.at(on(7, 15, 10), sign(LAND, on(7, 15, 10), "another"))
    (result,) = outcome.judgements.values()
    assert result.verdict is Verdict.DUPLICATE and len(begun.entries) == entries


@pytest.mark.parametrize("actor", [OFFICE, CITY], ids=["office", "city"])
def test_nobody_signs_for_another_agency(actor: Actor) -> None:
    command = SignPlan(command_id="x", actor=actor, effective_at=STARTED)
    refused = life().core.refusal(command, STARTED)
    assert refused is not None and "sign_plan" in str(refused)


def test_silence_is_told_on_working_days_with_fresh_grace() -> None:
    begun = life()
    begun.quiet_until(on(7, 21, 8))
    told = begun.of("plan_unsigned")
    # Due at the end of Thursday: told on Friday, then on Tuesday, since the clause counts from Friday and then Monday.
    assert [entry.at for entry in told] == [on(7, 16, 9), on(7, 20, 9)]
    assert all(not list(unnamed(json.loads(entry.data), WITHIN)) for entry in begun.entries)
    assert not list(unnamed(begun.core.state.model_dump(mode="json"), WITHIN))
    reports = [one for one in begun.documents if one.kind == "signature_overdue"]
    assert [one.data["agencies"] for one in reports] == [[POLICE], [POLICE]]
    assert len({one.key for one in reports}) == 2 and all(one.number for one in reports)


def test_silence_during_an_outage_is_told_once() -> None:
    begun = life()
    begun.at(on(7, 29, 11))
    begun.quiet_until(on(7, 30, 8))
    assert len(begun.of("plan_unsigned")) == 1


def test_plan_that_nobody_signs_is_never_issued() -> None:
    begun = life()
    begun.quiet_until(deadline(10, 31) + timedelta(days=1))
    assert "plan_issued" not in begun.kinds() and begun.core.state.stage == "closing"
    assert begun.of_effect(StartCities) == [StartCities(deadline(10, 31))]
    assert "not allowed while the campaign is closing" in str(begun.core.refusal(sign(POLICE, on(11, 2)), on(11, 2)))


def test_one_agency_may_stop_what_the_other_has_not_signed() -> None:
    begun = life()
    stop = cmd.Stop(command_id="stop", actor=agency_actor(POLICE), effective_at=on(7, 15), reason="汛情")
    begun.at(on(7, 15), stop)
    assert begun.core.state.stage == "closing"


def issued() -> CampaignLife:
    begun = life()
    begun.at(on(7, 15, 11), sign(POLICE, on(7, 15, 11)))
    begun.quiet_until(on(8, 2, 8))
    return begun


def test_amendment_counts_only_when_every_agency_signed() -> None:
    running = issued()
    running.at(on(8, 2, 9), amend(on(8, 2, 9)))
    assert running.kinds()[-3:-1] == ["amendment_proposed", "plan_signed"]
    assert running.of_effect(AmendCities) == [] and running.core.view(on(8, 2, 9)).unsigned["1号补充"] == (POLICE,)
    running.at(on(8, 3, 9), sign(POLICE, on(8, 3, 9), amendment=1))
    assert running.of_effect(AmendCities) == [AmendCities(on(8, 3, 9), 1, "1号补充", "补充通知")]
    assert running.core.terms.ends_at == deadline(11, 30)
    assert "1号补充" not in running.core.view(on(8, 3, 9)).unsigned


def test_applying_for_the_other_agency_is_its_signature() -> None:
    running = issued()
    running.at(on(8, 2, 9), amend(on(8, 2, 9)))
    running.at(on(8, 2, 10), amend(on(8, 2, 10)))
    assert "plan_amended" not in running.kinds()
    running.at(on(8, 2, 11), amend(on(8, 2, 11), by=POLICE))
    assert running.kinds().count("amendment_proposed") == running.kinds().count("plan_amended") == 1


def test_silence_about_an_amendment_is_told() -> None:
    running = issued()
    running.at(on(8, 2, 9), amend(on(8, 2, 9)))
    running.quiet_until(on(8, 4, 10))
    (told,) = running.of("plan_unsigned")
    assert told.at == on(8, 4, 9) and '"amendment":1' in told.data
    assert not list(unnamed(running.core.state.model_dump(mode="json"), WITHIN))
    assert running.documents[-1].data["name"] == "1号补充"


def test_newer_amendment_replaces_the_one_that_waits() -> None:
    running = issued()
    running.at(on(8, 2, 9), amend(on(8, 2, 9)))
    running.at(on(8, 2, 10), amend(on(8, 2, 10), number=2))
    late = running.core.refusal(sign(POLICE, on(8, 2, 11), amendment=1), on(8, 2, 11))
    assert "what waits: amendment 2" in str(late)
    running.at(on(8, 2, 12), sign(POLICE, on(8, 2, 12), amendment=2))
    assert running.core.state.amendment == 2


def test_last_signature_that_leaves_no_time_is_refused() -> None:
    running = issued()
    running.at(on(8, 2, 9), amend(on(8, 2, 9), ends_at=deadline(8, 6)))
    refused = running.core.refusal(sign(POLICE, on(8, 6, 9), amendment=1), on(8, 6, 9))
    assert "would end on 2021-08-06" in str(refused)


def test_recovered_campaign_knows_its_signatures() -> None:
    running = issued()
    running.at(on(8, 2, 9), amend(on(8, 2, 9)))
    again = CampaignAggregate(running.core.terms)
    again.restore(running.entries)
    assert again.state.joint == running.core.state.joint
    assert again.row().signing == running.core.row().signing and len(again.row().signing) == 2


@given(SEEDS, st.integers(2, 4))
def test_plan_is_issued_once_and_never_before_all_signed(seed: int, number: int) -> None:
    """Whatever order and repetition of signatures and moments."""
    draw = Random(seed)
    agencies = [f"agency-{n}" for n in range(number)]
    started = on(7, 10) + timedelta(minutes=draw.randint(0, 14 * 24 * 60))
    by = draw.choice([OFFICE, *map(agency_actor, agencies)])
    terms = joint_terms(*agencies, within=draw.randint(1, 3))
    run = life(by=by, at=started, **terms)
    now = started
    for step in range(draw.randint(0, 4 * number)):
        now += timedelta(minutes=draw.choice([0, 1, 30, 600, 3000]))
        batch = [
            sign(draw.choice(agencies), now - timedelta(hours=draw.choice([0, 0, 5])), f"{step}-{k}") for k in "ab"
        ]
        run.at(now, *batch[: draw.randint(0, 2)])
    run.quiet_until(now + timedelta(days=20))
    signed = run.of("plan_signed")
    assert len({json.loads(entry.data)["agency"] for entry in signed}) == len(signed) <= number
    found = run.of("plan_issued")
    assert len(found) == len(run.of_effect(StartCities)) == int(len(signed) == number)
    if found:
        at, last = found[0].at, max(entry.received_at for entry in signed)
        assert all(entry.seq < found[0].seq for entry in signed) and at >= max(last, run.core.terms.issues_at)
        day, hour = local_date(HENAN, at), local_time_of_day(HENAN, at)
        in_office = is_working_day(HENAN, day) and HENAN.office.opens <= hour < HENAN.office.closes
        assert in_office or at == run.core.terms.issues_at
    proved(run.entries)
