"""A year's targets by county: made from the chosen sites, or given and compared with them."""

from decimal import Decimal

from rules.programme.places import differing, places_of, targets_of, year_plan
from schemas.targets import CityTarget, CountyTarget, Targets
from tests.support.programme_years import YEARS, programme_of, stock_of

CHOSEN = [*stock_of([1.5, 2.5], "north", "n-county"), *stock_of([4.0], "south", "s-county")]
GIVEN = Targets(
    total=Decimal(9),
    cities=(
        CityTarget(
            code="north",
            target=Decimal(9),
            counties=(
                CountyTarget(code="n-county", target=Decimal(4)),
                CountyTarget(code="o-county", target=Decimal(5)),
            ),
        ),
    ),
)


def test_made_targets_are_the_areas_of_the_chosen_sites() -> None:
    made = targets_of(CHOSEN, {"n-county": "North County"})
    assert made is not None and made.total == Decimal(8)
    assert [(city.code, city.target) for city in made.cities] == [("north", Decimal(4)), ("south", Decimal(4))]
    assert made.cities[0].counties[0].name == "North County"
    assert not list(differing(places_of(made, CHOSEN)))


def test_given_targets_differ_where_too_much_or_too_little_is_chosen() -> None:
    found = {(one.county, one.target, one.chosen.area_ha) for one in differing(places_of(GIVEN, CHOSEN))}
    assert found == {("o-county", Decimal(5), Decimal(0)), ("s-county", Decimal(0), Decimal(4))}


def test_year_plan_bears_its_targets_and_another_digest() -> None:
    plan = programme_of(YEARS).years[0]
    made = year_plan(plan, None, CHOSEN, {})
    assert made.plan.targets is not None and made.plan.targets.total == Decimal(8)
    assert year_plan(plan, GIVEN, CHOSEN, {}).plan.targets == GIVEN
    assert len({plan.digest, made.digest, year_plan(plan, GIVEN, CHOSEN, {}).digest}) == 3
    assert year_plan(plan, None, CHOSEN, {}).digest == made.digest, "a retry starts the same campaign"
    assert year_plan(plan, None, (), {}).plan.targets is None
