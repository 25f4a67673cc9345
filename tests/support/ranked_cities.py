"""Cities for the tests of the ranking, by hand and drawn."""

from collections.abc import Sequence

from hypothesis import strategies as st

from schemas.ladder import Briefing, Weights
from schemas.options.briefing import BriefingReport, CityMeasures, FrozenBriefing, Measures
from tests.support.sample_terms import on


def city(code: str, *counts: int, newly_found: Measures | None = None) -> CityMeasures:
    """A city with sites, closed, overdue, requirements, requirements_done."""
    baseline = Measures(**dict(zip(Measures.model_fields, counts, strict=False)))
    return CityMeasures(code=code, name=f"市{code}", baseline=baseline, newly_found=newly_found or Measures())


def report(cities: Sequence[CityMeasures]) -> BriefingReport:
    return BriefingReport(week=4, cutoff=on(8, 6, 18), as_of=on(8, 6, 18, 1), cities=tuple(cities))


def ranks(frozen: FrozenBriefing) -> dict[str, int | None]:
    return {one.code: one.rank for one in frozen.cities}


def scores(frozen: FrozenBriefing) -> dict[str, str | None]:
    return {one.code: one.score for one in frozen.cities}


@st.composite
def measures(draw: st.DrawFn, least: int = 0, most: int = 60) -> Measures:
    sites = draw(st.integers(least, most))
    closed = draw(st.integers(0, sites))
    requirements = draw(st.integers(0, 8 * sites))
    return Measures(
        sites=sites,
        closed=closed,
        overdue=draw(st.integers(0, sites - closed)),
        requirements=requirements,
        requirements_done=draw(st.integers(0, requirements)),
    )


@st.composite
def city_lists(draw: st.DrawFn, least: int = 0, most: int = 7) -> list[CityMeasures]:
    codes = draw(st.lists(st.integers(100, 999).map(str), min_size=least, max_size=most, unique=True))
    return [
        CityMeasures(code=code, name=f"市{code}", baseline=draw(measures()), newly_found=draw(measures()))
        for code in codes
    ]


numbers = st.one_of(st.integers(0, 10).map(float), st.floats(0, 1000))
weights = st.tuples(numbers, numbers, numbers).filter(lambda w: sum(w) > 0)
briefings = st.builds(
    lambda base, w: Briefing(base=base, weights=Weights(closure=w[0], punctuality=w[1], work=w[2])),
    st.integers(0, 40),
    weights,
)
