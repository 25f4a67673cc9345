"""The ranking computed by hand: the example of docs/ranking.md, ties, small bases, consecutive weeks at the bottom."""

import pytest

from rules.campaign.ranking import FORMULA, bottom_for, ranked, reproduce
from schemas.errors import InvalidInput
from schemas.ladder import Briefing, UnitLevel, Weights
from schemas.options.briefing import Measures, UnitMeasures
from tests.support.ranked_cities import city, ranks, report, scores

# 50 baseline sites, 20 closed, 6 overdue; 100 requirements, 50 done: the averages are 0.4, 0.88 and 0.5.
# After them: problems, problems accepted, strike-offs, relapses, returns.
EXAMPLE = [
    city("410400", 15, 8, 2, 30, 20, 0, 0, 9, 1, 3),
    city("410600", 5, 5, 0, 10, 10, 0, 0, 5),
    city("410181", 1, 1, 0, 2, 2, 0, 0, 1),
    city("411200", 19, 6, 4, 38, 18, 0, 0, 6, 0, 6, newly_found=Measures(sites=4, overdue=1, requirements=8)),
    city("411400", 10, 0, 0, 20, 0),
]


def test_the_example_of_the_documentation_worked_out_by_hand() -> None:
    frozen = ranked(report(EXAMPLE), Briefing())
    # 410600: 40 x (5+2)/10 + 20 x (5+4.4)/10 + 20 x (10+2.5)/15 + 10 x 10/10 + 10 x 10/10 = 28 + 18.8 + 16.6667 + 20
    # 410181: 40 x (1+2)/6 + 20 x (1+4.4)/6 + 20 x (2+2.5)/7 + 10 x 6/6 + 10 x 6/6 = 20 + 18 + 12.8571 + 20
    # 410400: 40 x (8+2)/20 + 20 x (13+4.4)/20 + 20 x (20+2.5)/35 + 10 x (8+5)/14 + 10 x (9+5)/17
    #       = 20 + 17.4 + 12.8571 + 9.2857 + 8.2353
    # 411200: 40 x (6+2)/24 + 20 x (15+4.4)/24 + 20 x (18+2.5)/43 + 10 x 11/11 + 10 x (6+5)/17
    #       = 13.3333 + 16.1667 + 9.5349 + 10 + 6.4706
    assert [(one.code, one.rank, one.score, one.nothing_done) for one in frozen.cities] == [
        ("410600", 1, "83.47", False),
        ("410181", 2, "70.86", False),
        ("410400", 3, "67.78", False),
        ("411200", 4, "55.51", False),
        ("411400", None, None, True),
    ]
    assert frozen.bottom == ("411200",)
    whole = frozen.total_baseline
    assert (whole.sites, whole.closed, whole.overdue, whole.requirements, whole.requirements_done) == (
        50,
        20,
        6,
        100,
        50,
    )
    assert frozen.total_newly_found == Measures(sites=4, overdue=1, requirements=8)
    assert (frozen.formula, frozen.base, frozen.weights) == ("hundred-days/ranking/2", 5, Weights())


def test_late_city_with_nothing_done_is_at_the_bottom() -> None:
    """Not ranked, it does not escape: what was due there is late, and nobody did anything."""
    undeployed = city("411600").model_copy(update={"baseline": Measures(sites=4, undeployed=4)})
    frozen = ranked(report([*EXAMPLE, city("411500", 3, 0, 1, 6, 0), undeployed]), Briefing())
    assert ranks(frozen)["411500"] is None and frozen.bottom == ("411500", "411600")


def test_accepted_problem_counts_as_work() -> None:
    briefing = Briefing(base=0, weights=Weights(closure=0, punctuality=0, work=1, relapses=0, returns=0))
    frozen = ranked(report([city("a", 4, 0, 0, 6, 3, 2, 1), city("b", 4, 0, 0, 6, 3, 2, 0)]), briefing)
    assert scores(frozen) == {"a": "50.00", "b": "37.50"}


def test_relapses_and_returns_lower_the_score() -> None:
    briefing = Briefing(base=0, weights=Weights(closure=0, punctuality=0, work=0, relapses=1, returns=1))
    cities = [
        city("a", 4, 4, 0, 8, 8, 0, 0, 4),
        city("b", 4, 3, 0, 8, 8, 0, 0, 4, 1),
        city("c", 4, 4, 0, 8, 8, 0, 0, 4, 0, 4),
    ]
    assert scores(ranked(report(cities), briefing)) == {"a": "100.00", "b": "87.50", "c": "75.00"}


def test_counties_are_ranked_among_all_counties_of_campaign() -> None:
    counties = [
        UnitMeasures(
            code=code, name=code, level=UnitLevel.COUNTY, city=of, baseline=Measures(sites=5, closed=n, struck_off=n)
        )
        for of, code, n in (("a", "1", 4), ("a", "2", 1), ("b", "1", 2))
    ]
    cities = [city("a", 10, 5, 0, 0, 0, 0, 0, 5), city("b", 5, 2, 0, 0, 0, 0, 0, 2)]
    briefing = Briefing(levels=(UnitLevel.CITY, UnitLevel.COUNTY))
    frozen = ranked(report(cities, counties), briefing)
    (level,) = frozen.below
    assert [(one.key, one.rank) for one in level.units] == [("a/1", 1), ("b/1", 2), ("a/2", 3)]
    assert level.bottom == ("a/2",) and frozen.leading.level is UnitLevel.CITY and reproduce(frozen) == frozen


def test_plan_whose_counties_lead_ranks_no_city() -> None:
    county = UnitMeasures(code="1", name="县", level=UnitLevel.COUNTY, city="a", baseline=Measures(sites=2, closed=1))
    frozen = ranked(report([city("a", 2, 1)], [county]), Briefing(levels=(UnitLevel.COUNTY,)))
    assert ranks(frozen) == {"a": None} and not frozen.cities[0].nothing_done
    assert [(one.code, one.rank) for one in frozen.leading.units] == [("1", 1)]


def test_equal_scores_share_a_rank_and_the_next_rank_is_left_out() -> None:
    cities = [city(code, 10, closed, 0, 20, 10) for code, closed in (("d", 4), ("c", 6), ("b", 6), ("a", 9))]
    frozen = ranked(report(cities), Briefing())
    assert [(one.code, one.rank) for one in frozen.cities] == [("a", 1), ("b", 2), ("c", 2), ("d", 4)]
    assert frozen.bottom == ("d",)


def test_cities_that_share_the_last_rank_are_all_at_the_bottom() -> None:
    frozen = ranked(report([city("c", 10, 1), city("b", 10, 1), city("a", 10, 9)]), Briefing())
    assert ranks(frozen) == {"a": 1, "b": 2, "c": 2} and frozen.bottom == ("b", "c")


@pytest.mark.parametrize("cities", [[], ["a"], ["a", "b", "c"]])
def test_nobody_is_at_the_bottom_where_nobody_is_behind(cities: list[str]) -> None:
    frozen = ranked(report([city(code, 10, 3) for code in cities]), Briefing())
    assert frozen.bottom == () and set(ranks(frozen).values()) <= {1}


def test_a_city_without_baseline_sites_is_shown_and_not_ranked() -> None:
    new = city("a", newly_found=Measures(sites=3, overdue=3))
    frozen = ranked(report([new, city("b", 10, 3), city("c", 10, 4)]), Briefing())
    assert [(one.code, one.rank, one.score is None) for one in frozen.cities] == [
        ("c", 1, False),
        ("b", 2, False),
        ("a", None, True),
    ]
    assert frozen.bottom == ("b",)


@pytest.mark.parametrize(
    ("closed", "sites", "score"),
    [
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 32, "3.12"),  # 3.125: to the even neighbour
        (3, 32, "9.38"),  # 9.375
        (1, 800, "0.12"),  # 0.125
        (3, 800, "0.38"),  # 0.375
        (800, 800, "100.00"),
        (0, 800, None),  # nothing done: not ranked
    ],
)
def test_a_score_is_rounded_once_half_to_even(closed: int, sites: int, score: str | None) -> None:
    only_closure = Briefing(base=0, weights=Weights(closure=1, punctuality=0, work=0, relapses=0, returns=0))
    assert scores(ranked(report([city("a", sites, closed)]), only_closure)) == {"a": score}


@pytest.mark.parametrize("base", [0, 5])
def test_before_anybody_did_anything_nobody_is_ranked(base: int) -> None:
    frozen = ranked(report([city("a", 10), city("b", 3, 0, 3, 6)]), Briefing(base=base))
    assert ranks(frozen) == {"a": None, "b": None} and frozen.bottom == ()


# -- small bases -----------------------------------------------------------------------------------------------------

FIVE_HUNDRED = city("z", 500, 250, 50, 1000, 500)


def test_one_site_city_ranks_between_fifty_of_50_and_none_of_50() -> None:
    done = [city("one", 1, 1, 0, 2, 2), city("fifty", 50, 50, 0, 100, 100), FIVE_HUNDRED]
    assert ranks(ranked(report(done), Briefing())) == {"fifty": 1, "one": 2, "z": 3}
    nothing = [city("one", 1, 0, 1, 2, 1), city("fifty", 50, 0, 50, 100, 1), FIVE_HUNDRED]
    assert ranks(ranked(report(nothing), Briefing())) == {"z": 1, "one": 2, "fifty": 3}


# -- proof -----------------------------------------------------------------------------------------------------------


def test_a_briefing_of_another_formula_is_not_judged_by_this_one() -> None:
    frozen = ranked(report(EXAMPLE), Briefing())
    with pytest.raises(InvalidInput, match=f"ranking/1: not known to this release, which knows {FORMULA}"):
        reproduce(frozen.model_copy(update={"formula": "hundred-days/ranking/1"}))


def test_changed_measures_weights_or_ranks_do_not_reproduce() -> None:
    frozen = ranked(report(EXAMPLE), Briefing())
    first = frozen.cities[0]
    for changed in (
        frozen.model_copy(update={"base": 6}),
        frozen.model_copy(update={"weights": Weights(closure=1)}),
        frozen.model_copy(update={"bottom": ()}),
        frozen.model_copy(update={"total_newly_found": Measures()}),
        frozen.model_copy(update={"cities": (first.model_copy(update={"score": "82.76"}), *frozen.cities[1:])}),
        frozen.model_copy(update={"cities": (city("410600", 5, 4, 0, 10, 10), *frozen.cities[1:])}),
    ):
        assert reproduce(changed) != changed


# -- consecutive weeks at the bottom ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("history", "weeks", "bottom"),
    [
        ([(3, ("a",)), (4, ("a",))], 2, ("a",)),
        ([(3, ("a", "b")), (4, ("b", "a"))], 2, ("a", "b")),
        ([(3, ("a",)), (4, ("b",))], 2, ()),
        ([(3, ("a",)), (4, ()), (5, ("a",))], 2, ()),
        ([(3, ("a",)), (4, ("a",)), (5, ("b",))], 2, ()),
        ([(4, ("a",))], 2, ()),
        ([], 2, ()),
        ([(12, ("a",)), (14, ("a",))], 2, ("a",)),  # week 13 had no working day and no briefing
        ([(4, ("a",)), (2, ("b",)), (3, ("a",))], 2, ("a",)),  # in any order
        ([(2, ("a",)), (3, ("a",)), (4, ("a", "c"))], 3, ("a",)),
    ],
)
def test_the_bottom_of_the_last_briefings_running(
    history: list[tuple[int, tuple[str, ...]]], weeks: int, bottom: tuple[str, ...]
) -> None:
    assert bottom_for(history, weeks) == bottom
