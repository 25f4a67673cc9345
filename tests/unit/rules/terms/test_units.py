"""The units of a site: its county and township by what the register calls them, and by the names in the plan."""

import pytest
from pydantic import ValidationError

from rules.authority import require_authority
from rules.terms.units import units_of_site
from schemas.actor import Actor, Role
from schemas.errors import Refused
from schemas.offices import City, County, Recipient, Township
from schemas.plan import Plan
from schemas.register import Site
from tests.unit.rules.terms.test_plan import frozen

COUNTY = County(
    code="410404",
    name="石龙区",
    government=Recipient(name="石龙区人民政府（示例）"),
    recipients=(Recipient(name="石龙区自然资源局（示例）"),),
    townships=(Township(code="410404001", name="高庄街道", office=Recipient(name="高庄街道办事处（示例）")),),
)


def plan(*counties: County) -> Plan:
    city = City(code="410400", name="平顶山市", lead="市政府", recipients=(Recipient(name="市局"),), counties=counties)
    return frozen(cities=(city,)).plan


def site(**fields: str) -> Site:
    return Site(**{"id": "S1", "name": "一号", "city": "410400", "type": "adit", **fields})


def test_units_of_site_have_the_offices_of_its_county() -> None:
    units = units_of_site(plan(COUNTY), site(county="410404"))
    assert units.county == ("410404", "石龙区", "石龙区自然资源局（示例）", "石龙区人民政府（示例）")
    assert units.township == ()


def test_units_of_site_in_county_that_plan_lacks_are_its_code() -> None:
    units = units_of_site(plan(COUNTY), site(county="410402", township="新华街道"))
    assert (units.county, units.township) == (("410402",), ("新华街道",))


@pytest.mark.parametrize("township", ["410404001", "高庄街道"])
def test_township_by_code_or_name_has_all_its_names(township: str) -> None:
    units = units_of_site(plan(COUNTY), site(county="石龙区", township=township))
    assert set(units.township) == {"410404001", "高庄街道", "高庄街道办事处（示例）"}


def test_township_reports_work_of_its_own_sites_only() -> None:
    units = units_of_site(plan(COUNTY), site(county="410404", township="高庄街道"))
    require_authority(Actor(id="he", role=Role.TOWNSHIP, unit="410404001"), "complete_task", units)
    with pytest.raises(Refused, match="for the township of its subject"):
        require_authority(Actor(id="he", role=Role.TOWNSHIP, unit="410404002"), "complete_task", units)


def test_county_name_that_stands_twice_is_a_fault() -> None:
    other = County(code="410402", name="石龙区")
    with pytest.raises(ValidationError, match=r"cities\[0\].counties: 石龙区 stands twice"):
        plan(COUNTY, other)
