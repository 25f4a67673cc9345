"""The rights of offices: what follows from what an office is there for, and what the plan says."""

from typing import Any

import pytest
from pydantic import ValidationError

from rules.authority import require_authority
from rules.campaign.starting import starter_of
from rules.terms.rights import offices_with_rights
from rules.terms.units import units_of_city, units_of_plan, units_of_site
from schemas.actor import Actor, Right, Role
from schemas.calendar import Clause, DayUnit
from schemas.errors import Refused
from schemas.ladder import Instrument, Rung
from schemas.offices import Agency, Approver, City, Recipient
from schemas.options.police import CaseClosure, PoliceTrack
from schemas.plan import Plan
from schemas.register import Problem, Site
from tests.unit.rules.terms.test_plan import frozen

DAY = Clause(amount=1, unit=DayUnit.WORKING_DAYS)
OFFICE = Approver(name="专项办", superior=Recipient(name="领导小组"))


def plan(agencies: tuple[Agency, ...] = (Agency(name="自然资源厅"), Agency(name="公安厅")), **changes: Any) -> Plan:
    bureaus = (Recipient(name="市自然资源局"), Recipient(name="市公安局"))
    usual: dict[str, Any] = {
        "issuing_agencies": agencies,
        "cities": (City(code="410400", name="平顶山市", lead="市政府", recipients=bureaus),),
        "ladder": (Rung(rung=1, instrument=Instrument.CIRCULAR, after=DAY, approver=OFFICE),),
        "police_track": PoliceTrack(
            agency="公安厅",
            problems=("suspected_crime",),
            transfer=DAY,
            acceptance=DAY,
            decision=DAY,
            closure=CaseClosure.BOTH,
            bureaus={"410400": "市公安局"},
        ),
    }
    return frozen(**(usual | changes)).plan


def test_rights_follow_from_what_an_office_is_there_for() -> None:
    assert offices_with_rights(plan()) == {
        "专项办": (Right.APPROVALS,),
        "领导小组": (Right.APPROVALS,),
        "市公安局": (Right.CASES,),
        "公安厅": (Right.PLAN, Right.CASES),
    }


def test_rights_in_the_plan_go_before_those_that_follow() -> None:
    said = (Agency(name="自然资源厅"), Agency(name="公安厅", rights=(Right.PLAN, Right.CASES, Right.WORKS)))
    assert offices_with_rights(plan(said))["公安厅"] == (Right.PLAN, Right.CASES, Right.WORKS)


@pytest.mark.parametrize(
    ("role", "unit", "command"),
    [
        (Role.CITY, "市公安局", "verify"),
        (Role.CITY, "市公安局", "complete_task"),
        (Role.PROVINCE, "公安厅", "verify"),
        (Role.PROVINCE, "公安厅", "suspend"),
        (Role.PROVINCE, "专项办", "verify"),
        (Role.SUPERVISOR, "领导小组", "extend"),
    ],
)
def test_office_without_the_right_is_refused_with_what_it_has(role: Role, unit: str, command: str) -> None:
    units = units_of_site(plan(), Site(id="a", name="一号", city="410400", county="410404", type="adit"))
    with pytest.raises(Refused, match=f"with the right works; x acts for {unit}, which has: "):
        require_authority(Actor(id="x", role=role, unit=unit), command, units)


def test_other_offices_of_the_same_city_and_province_may() -> None:
    units = units_of_site(plan(), Site(id="a", name="一号", city="410400", county="410404", type="adit"))
    require_authority(Actor(id="x", role=Role.CITY, unit="市自然资源局"), "verify", units)
    require_authority(Actor(id="x", role=Role.PROVINCE, unit="自然资源厅"), "verify", units)


def test_police_takes_cases_and_its_agency_stops_the_plan() -> None:
    crime = Site(
        id="a", name="一号", city="410400", county="410404", type="adit", problems=(Problem(kind="suspected_crime"),)
    )
    require_authority(Actor(id="x", role=Role.POLICE, unit="市公安局"), "accept_case", units_of_site(plan(), crime))
    require_authority(Actor(id="x", role=Role.PROVINCE, unit="公安厅"), "stop", units_of_plan(plan()))
    with pytest.raises(Refused, match="with the right plan"):
        require_authority(Actor(id="x", role=Role.PROVINCE, unit="专项办"), "stop", units_of_plan(plan()))


def test_deployments_are_decided_by_an_agency_with_works() -> None:
    units = units_of_city(plan(), plan().cities[0])
    require_authority(Actor(id="x", role=Role.PROVINCE, unit="自然资源厅"), "approve_deployment", units)
    with pytest.raises(Refused, match="approve_deployment is for offices with the right works"):
        require_authority(Actor(id="x", role=Role.PROVINCE, unit="公安厅"), "approve_deployment", units)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {
                "agencies": (
                    Agency(name="自然资源厅", rights=(Right.PLAN,)),
                    Agency(name="公安厅", rights=(Right.PLAN,)),
                )
            },
            "none has the right works",
        ),
        (
            {"agencies": (Agency(name="自然资源厅", rights=(Right.WORKS,)), Agency(name="公安厅"))},
            r"issuing_agencies\[0\].rights: 自然资源厅 issues the plan, expected plan",
        ),
        (
            {"agencies": (Agency(name="自然资源厅"), Agency(name="公安厅", rights=(Right.PLAN, Right.WORKS)))},
            r"issuing_agencies\[1\].rights: 公安厅 leads the police track, expected cases",
        ),
        (
            {
                "ladder": (
                    Rung(
                        rung=1,
                        instrument=Instrument.CIRCULAR,
                        after=DAY,
                        approver=OFFICE.model_copy(update={"rights": (Right.WORKS,)}),
                    ),
                )
            },
            r"ladder\[0\].approver.rights: 专项办 approves, expected approvals",
        ),
    ],
)
def test_rights_that_contradict_the_plan_are_faults(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        plan(**changes)


def test_office_of_a_county_has_its_rights_where_the_county_deploys() -> None:
    tree = plan().model_dump(mode="json")
    offices = [{"name": "县公安局", "rights": ["cases"]}]
    tree["cities"][0]["counties"] = [{"code": "410404", "name": "石龙区", "recipients": offices}]
    counties = Plan.model_validate(tree)
    assert units_of_city(counties, counties.cities[0]).rights["县公安局"] == (Right.CASES,)


def test_office_that_only_approves_starts_nothing() -> None:
    with pytest.raises(Refused, match=r"is started for one of: .*公安厅"):
        starter_of(plan(), Actor(id="x", role=Role.PROVINCE, unit="专项办"))
