"""Cities for the tests of the ranking, by hand and drawn."""

from collections.abc import Sequence

from hypothesis import strategies as st

from schemas.ladder import Briefing, UnitLevel, Weights
from schemas.options.briefing import BriefingReport, FrozenBriefing, Measures, UnitMeasures
from tests.support.sample_terms import on


def city(code: str, *counts: int, newly_found: Measures | None = None) -> UnitMeasures:
    """A city with these measures, in the order of their fields; the others are 0."""
    baseline = Measures(**dict(zip(Measures.model_fields, counts, strict=False)))
    return UnitMeasures(code=code, name=f"市{code}", baseline=baseline, newly_found=newly_found or Measures())


def report(cities: Sequence[UnitMeasures], below: Sequence[UnitMeasures] = ()) -> BriefingReport:
    return BriefingReport(week=4, cutoff=on(8, 6, 18), as_of=on(8, 6, 18, 1), cities=tuple(cities), below=tuple(below))


def ranks(frozen: FrozenBriefing) -> dict[str, int | None]:
    return {one.code: one.rank for one in frozen.cities}


def scores(frozen: FrozenBriefing) -> dict[str, str | None]:
    return {one.code: one.score for one in frozen.cities}


@st.composite
def measures(draw: st.DrawFn, least: int = 0, most: int = 60) -> Measures:
    sites = draw(st.integers(least, most))
    closed = draw(st.integers(0, sites))
    requirements = draw(st.integers(0, 8 * sites))
    problems = draw(st.integers(0, 2 * sites))
    struck_off = closed + draw(st.integers(0, 10) if sites else st.just(0))
    return Measures(
        sites=sites,
        closed=closed,
        overdue=draw(st.integers(0, sites - closed)),
        requirements=requirements,
        requirements_done=draw(st.sampled_from([0, draw(st.integers(0, requirements))])),
        problems=problems,
        problems_closed=draw(st.sampled_from([0, draw(st.integers(0, problems))])),
        struck_off=struck_off,
        relapsed=draw(st.integers(0, struck_off)),
        returned=draw(st.integers(0, 20)),
        undeployed=draw(st.sampled_from([0, sites])),
    )


@st.composite
def city_lists(draw: st.DrawFn, least: int = 0, most: int = 7) -> list[UnitMeasures]:
    codes = draw(st.lists(st.integers(100, 999).map(str), min_size=least, max_size=most, unique=True))
    return [
        UnitMeasures(code=code, name=f"市{code}", baseline=draw(measures()), newly_found=draw(measures()))
        for code in codes
    ]


numbers = st.one_of(st.integers(0, 10).map(float), st.floats(0, 1000))
weights = st.tuples(*[numbers] * len(Weights.model_fields)).filter(lambda w: sum(w) > 0)
briefings = st.builds(
    lambda base, w: Briefing(base=base, weights=Weights(**dict(zip(Weights.model_fields, w, strict=True)))),
    st.integers(0, 40),
    weights,
)


@st.composite
def below_lists(draw: st.DrawFn, cities: list[UnitMeasures]) -> list[UnitMeasures]:
    """Counties of these cities; two cities may have a county of the same code."""
    found = []
    for one in cities:
        codes = draw(st.lists(st.integers(1, 6).map(str), max_size=3, unique=True))
        found += [
            UnitMeasures(code=code, name=f"县{code}", level=UnitLevel.COUNTY, city=one.code, baseline=draw(measures()))
            for code in codes
        ]
    return found
