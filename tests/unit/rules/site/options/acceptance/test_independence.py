"""Two names of one office are one unit, and a plan's exception lets one unit do both."""

from schemas.actor import Actor, Role, Units
from schemas.options.acceptance import AcceptanceTerms, LevelAsks
from schemas.site.terms import LevelTerms
from tests.support.sample_terms import SiteLife, all_work, calendar_days, on, passed, refused

LEVELS = tuple(LevelTerms(id=one, due=calendar_days(10)) for one in ("county", "city"))
UNITS = Units(
    province=("province",),
    city=("410181", "巩义市", "巩义市人民政府", "巩义市自然资源局"),
    county=("410181", "巩义市", "巩义市应急管理局"),
    aliases={"巩义市": "410181", "巩义市人民政府": "410181"},
)


def of(unit: str, role: Role, name: str) -> Actor:
    return Actor(id=name, role=role, unit=unit)


def life(**same: bool) -> SiteLife:
    """A site of a county-level city, where the county works under the city's name."""
    asks = {"county": LevelAsks(by=Role.COUNTY, **same), "city": LevelAsks(by=Role.CITY)}
    site = SiteLife(levels=LEVELS, units=UNITS, acceptance=AcceptanceTerms(levels=asks))
    site.at(on(7, 20), *all_work(on(7, 20), by=of("巩义市", Role.COUNTY, "crew")))
    return site


def test_unit_that_worked_does_not_judge_by_another_name() -> None:
    said = refused(life(), passed(on(7, 21), "county", by=of("410181", Role.COUNTY, "judge")))
    assert said.startswith("rule independence: level 'county'") and "(the same office as 巩义市)" in said


def test_bureaus_of_county_level_city_judge_its_levels() -> None:
    site = life()
    site.at(on(7, 21), passed(on(7, 21), "county", by=of("巩义市应急管理局", Role.COUNTY, "one")))
    said = refused(site, passed(on(7, 22), "city", by=of("巩义市人民政府", Role.CITY, "two")))
    assert "rule independence" in said
    site.at(on(7, 23), passed(on(7, 23), "city", by=of("巩义市自然资源局", Role.CITY, "three")))
    assert site.state.stage == "closed"


def test_level_with_same_unit_allowed_is_judged_by_who_worked() -> None:
    site = life(same_unit=True)
    site.at(on(7, 21), passed(on(7, 21), "county", by=of("410181", Role.COUNTY, "judge")))
    assert site.state.level == "city"
