"""The totals of a register add up, exactly, by city and county."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from intake.register.totals import Totals, register_totals, summed
from schemas.register import Problem, Site

CITIES = ("410400", "410600", "419001")
sites = st.lists(
    st.builds(
        Site,
        id=st.just("P"),
        name=st.just("井"),
        city=st.sampled_from(CITIES),
        county=st.sampled_from(["a", "b", "c"]),
        type=st.just("adit"),
        area_ha=st.none() | st.decimals(0, 100, places=2).map(float),
        problems=st.lists(
            st.builds(Problem, kind=st.sampled_from(["x", "y"]), count=st.integers(1, 9).map(float)),
            max_size=2,
            unique_by=lambda problem: problem.kind,
        ).map(tuple),
    ),
    max_size=30,
)


def added(parts: list[Totals]) -> Totals:
    kinds = {kind for part in parts for kind in part.problems}
    return Totals(
        sum(part.sites for part in parts),
        sum((part.area_ha for part in parts), Decimal()),
        sum(part.unmeasured for part in parts),
        {kind: sum((part.problems.get(kind, Decimal()) for part in parts), Decimal()) for kind in kinds},
    )


@given(sites)
def test_counties_and_cities_add_up_to_the_register(register: list[Site]) -> None:
    totals = register_totals(register, CITIES)
    assert added([city.totals for city in totals.cities]) == totals.whole == summed(register)
    assert all(added(list(city.counties.values())) == city.totals for city in totals.cities)
    assert [city.code for city in totals.cities] == list(CITIES) and totals.whole.sites == len(register)


@given(sites)
def test_areas_are_sums_of_the_written_decimals(register: list[Site]) -> None:
    cents = sum(round((site.area_ha or 0) * 100) for site in register)
    assert summed(register).area_ha == Decimal(cents) / 100


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_areas_in_another_unit_are_summed_before_they_are_rounded(tenths: list[int]) -> None:
    areas = {f"P{n}": Fraction(one, 150) for n, one in enumerate(tenths)}
    rows = [
        Site(id=one, name="井", city="410400", county="a", type="adit", area_ha=round(Decimal(float(area)), 6))
        for one, area in areas.items()
    ]
    whole = register_totals(rows, CITIES, areas).whole.area_ha
    assert whole == Decimal(round(Fraction(sum(tenths), 150) * 10**6)) / 10**6
