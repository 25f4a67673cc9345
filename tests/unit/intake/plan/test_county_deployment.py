"""The option `county_deployment` of a plan, and what of it does not fit."""

from typing import Any

import pytest
from pydantic import ValidationError

from rendering.specimens import frozen_plan
from schemas.offices import City
from schemas.options.counties import CountyDeployment
from tests.support.city_with_counties import CITY_OF_COUNTIES, OPTION

ALONE = CITY_OF_COUNTIES.model_copy(update={"counties": ()})
WITHOUT_TOWNSHIPS = CITY_OF_COUNTIES.model_copy(
    update={"counties": tuple(c.model_copy(update={"townships": ()}) for c in CITY_OF_COUNTIES.counties)}
)
UNGOVERNED = CITY_OF_COUNTIES.model_copy(
    update={"counties": tuple(c.model_copy(update={"government": None}) for c in CITY_OF_COUNTIES.counties)}
)


@pytest.mark.parametrize(
    ("city", "option", "fault"),
    [
        (ALONE, {}, "county_deployment: no city names its counties, expected"),
        (WITHOUT_TOWNSHIPS, {"townships": True}, "county_deployment.townships: no county names its townships"),
        (UNGOVERNED, {"leads": True}, "cities[0].counties[1].government: 410421 leads, expected its government"),
        (CITY_OF_COUNTIES, {"call": OPTION["receipt"]}, "county_deployment.call: only a county that leads"),
    ],
)
def test_county_deployment_that_does_not_fit_is_a_fault(city: City, option: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as faults:
        frozen_plan(cities=(city,), county_deployment=CountyDeployment(**OPTION | option))
    assert fault in str(faults.value)


def test_plan_without_the_option_has_no_trace_of_it() -> None:
    assert "county_deployment" not in frozen_plan(cities=(CITY_OF_COUNTIES,)).plan.model_dump(mode="json")
