"""The ranking computed by hand: the example of docs/ranking.md, ties, small bases, consecutive weeks at the bottom."""

import pytest

from rules.campaign.ranking import FORMULA, bottom_for, ranked, reproduce
from schemas.errors import InvalidInput
from schemas.ladder import Briefing, Weights
from schemas.options.briefing import Measures
from tests.support.ranked_cities import city, ranks, report, scores

# 40 baseline sites, 20 closed, 6 overdue; 80 requirements, 50 done: the averages are 0.5, 0.85 and 0.625.
EXAMPLE = [
    city("410400", 15, 8, 2, 30, 20),
    city("410600", 5, 5, 0, 10, 10),
    city("410181", 1, 1, 0, 2, 2),
    city("411200", 19, 6, 4, 38, 18, newly_found=Measures(sites=4, overdue=1, requirements=8)),
]


def test_the_example_of_the_documentation_worked_out_by_hand() -> None:
    frozen = ranked(report(EXAMPLE), Briefing())
    # 410600: 50 x (5+2.5)/10 + 30 x (5+4.25)/10 + 20 x (10+3.125)/15 = 37.5 + 27.75 + 17.5
    # 410181: 50 x (1+2.5)/6 + 30 x (1+4.25)/6 + 20 x (2+3.125)/7 = 29.1667 + 26.25 + 14.6429
    # 410400: 50 x (8+2.5)/20 + 30 x (13+4.25)/20 + 20 x (20+3.125)/35 = 26.25 + 25.875 + 13.2143
    # 411200: 50 x (6+2.5)/24 + 30 x (15+4.25)/24 + 20 x (18+3.125)/43 = 17.7083 + 24.0625 + 9.8256
    assert [(one.code, one.rank, one.score) for one in frozen.cities] == [
        ("410600", 1, "82.75"),
        ("410181", 2, "70.06"),
        ("410400", 3, "65.34"),
        ("411200", 4, "51.60"),
    ]
    assert frozen.bottom == ("411200",)
    assert frozen.total_baseline == Measures(sites=40, closed=20, overdue=6, requirements=80, requirements_done=50)
    assert frozen.total_newly_found == Measures(sites=4, overdue=1, requirements=8)
    assert (frozen.formula, frozen.base, frozen.weights) == ("hundred-days/ranking/1", 5, Weights())


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
        (0, 800, "0.00"),
    ],
)
def test_a_score_is_rounded_once_half_to_even(closed: int, sites: int, score: str) -> None:
    only_closure = Briefing(base=0, weights=Weights(closure=1, punctuality=0, work=0))
    assert scores(ranked(report([city("a", sites, closed)]), only_closure)) == {"a": score}


def test_before_anything_was_opened_work_counts_for_nobody() -> None:
    for base in (0, 5):
        frozen = ranked(report([city("a", 10), city("b", 3)]), Briefing(base=base))
        assert scores(frozen) == {"a": "30.00", "b": "30.00"}


# -- small bases -----------------------------------------------------------------------------------------------------

FIVE_HUNDRED = city("z", 500, 250, 50, 1000, 500)


def test_one_site_city_ranks_between_fifty_of_50_and_none_of_50() -> None:
    done = [city("one", 1, 1, 0, 2, 2), city("fifty", 50, 50, 0, 100, 100), FIVE_HUNDRED]
    assert ranks(ranked(report(done), Briefing())) == {"fifty": 1, "one": 2, "z": 3}
    nothing = [city("one", 1, 0, 1, 2, 0), city("fifty", 50, 0, 50, 100, 0), FIVE_HUNDRED]
    assert ranks(ranked(report(nothing), Briefing())) == {"z": 1, "one": 2, "fifty": 3}


# -- proof -----------------------------------------------------------------------------------------------------------


def test_a_briefing_of_another_formula_is_not_judged_by_this_one() -> None:
    frozen = ranked(report(EXAMPLE), Briefing())
    with pytest.raises(InvalidInput, match=f"ranking/2: not known to this release, which knows {FORMULA}"):
        reproduce(frozen.model_copy(update={"formula": "hundred-days/ranking/2"}))


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
