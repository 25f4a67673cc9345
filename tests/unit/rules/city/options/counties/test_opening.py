"""When a lost site opened, by its city, its county and its survey: what recovery restarts it with."""

from datetime import datetime

import pytest

from rules.city.options.counties.opening import opened_counties, opening_of
from schemas.register import Site
from tests.support.city_with_counties import BAOFENG, LUSHAN, OF_LUSHAN
from tests.support.sample_terms import on
from tests.unit.rules.city.options.counties.test_option import begun, city_approved, county_approved

CITY_AT, COUNTY_AT, SURVEY_AT = on(7, 21), on(7, 23), on(7, 22)
COUNTIES = {LUSHAN: COUNTY_AT, "鲁山县": COUNTY_AT, BAOFENG: None}


@pytest.mark.parametrize(
    ("county", "survey", "expected"),
    [
        ("鲁山县", None, COUNTY_AT),
        (LUSHAN, "S2", COUNTY_AT),
        ("another county", None, CITY_AT),
        ("another county", "S2", SURVEY_AT),
        (BAOFENG, None, None),
        (BAOFENG, "S2", None),
        (LUSHAN, "S3", None),
    ],
)
def test_lost_site_opened_with_the_last_of_its_approvals(
    county: str, survey: str | None, expected: datetime | None
) -> None:
    site = Site(id="s", name="s", city="410400", county=county, type="adit", latitude=33.7, longitude=112.9)
    site = site.model_copy(update={"survey": survey})
    assert opening_of(site, CITY_AT, {"S2": SURVEY_AT}, COUNTIES) == expected


def test_reconciliation_knows_the_opening_of_each_county() -> None:
    life = begun()
    city_approved(life, 20)
    county_approved(life, 22, LUSHAN, OF_LUSHAN)
    found = opened_counties(life.core.terms, life.core.state)
    assert found == {LUSHAN: on(7, 22, 10), "鲁山县": on(7, 22, 10), BAOFENG: None, "宝丰县": None}
    assert opened_counties(begun(opens_sites=False).core.terms, life.core.state) == {}
