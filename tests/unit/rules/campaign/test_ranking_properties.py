"""Properties of the ranking: fair to small cities, monotone, and reproducible from its JSON alone."""

import json
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.campaign.ranking import exact_score, ranked, reproduce
from schemas.canonical import canonical_json
from schemas.ladder import Briefing, UnitLevel, Weights
from schemas.options.briefing import FrozenBriefing, Measures, UnitMeasures
from schemas.ranked_units import total
from tests.support.budget import examples
from tests.support.ranked_cities import below_lists, briefings, city_lists, measures, ranks, report, scores

bounded = settings(max_examples=examples(200), derandomize=True, deadline=None, database=None)


@bounded
@given(st.integers(1, 40), st.integers(2, 20), st.integers(1, 40), measures(1), st.integers(0, 40))
def test_equal_shares_smaller_city_scores_nearer_average(
    sites: int, times: int, of: int, other: Measures, base: int
) -> None:
    closed = min(sites, of)
    small = Measures(sites=sites, closed=closed)
    large = Measures(sites=sites * times, closed=closed * times)
    whole, weights = total([small, large, other]), Weights(closure=1, punctuality=0, work=0, relapses=0, returns=0)
    near, far = (exact_score(one, whole, base, weights) for one in (small, large))
    average = Fraction(100 * whole.closed, whole.sites)
    assert min(average, far) <= near <= max(average, far)


@bounded
@given(city_lists(), briefings, st.randoms(use_true_random=False))
def test_the_order_of_the_cities_is_no_matter(cities: list[UnitMeasures], briefing: Briefing, random: Random) -> None:
    shuffled = random.sample(cities, len(cities))
    assert ranked(report(shuffled), briefing) == ranked(report(cities), briefing)


@bounded
@given(city_lists(), briefings)
def test_ranks_follow_from_the_scores_as_they_are_written(cities: list[UnitMeasures], briefing: Briefing) -> None:
    frozen = ranked(report(cities), briefing)
    assert {one.code for one in frozen.cities} == {one.code for one in cities}, "no city is lost"
    written = [Fraction(one.score) for one in frozen.cities if one.score is not None]
    for one in frozen.cities:
        unranked = one.baseline.sites == 0 or one.nothing_done
        assert (one.rank is None) == (one.score is None) == unranked
        if one.score is not None:
            assert one.rank == 1 + sum(other > Fraction(one.score) for other in written)
            assert 0 <= Fraction(one.score) <= 100
    assert written == sorted(written, reverse=True)


@bounded
@given(city_lists(), briefings)
def test_the_bottom_is_idle_and_overdue_or_the_last_rank(cities: list[UnitMeasures], briefing: Briefing) -> None:
    frozen = ranked(report(cities), briefing)
    given_ranks = [rank for rank in ranks(frozen).values() if rank is not None]
    idle = {one.code for one in frozen.cities if one.nothing_done and (one.baseline.overdue or one.baseline.undeployed)}
    on_last = {code for code, rank in ranks(frozen).items() if rank is not None and rank == max(given_ranks)}
    expected = (idle or (on_last if len(set(given_ranks)) > 1 else set())) if given_ranks else set()
    assert set(frozen.bottom) == expected


@bounded
@given(st.data(), city_lists(least=1), briefings)
def test_nothing_done_never_stands_above_something_done(
    data: st.DataObject, cities: list[UnitMeasures], briefing: Briefing
) -> None:
    """By an own reading of the measures' JSON, at every level."""
    below = data.draw(below_lists(cities))
    levels = briefing.model_copy(update={"levels": (UnitLevel.CITY, UnitLevel.COUNTY)})
    frozen = json.loads(ranked(report(cities, below), levels).model_dump_json())
    for units in (frozen["cities"], *(level["units"] for level in frozen["below"])):
        did = []
        for one in units:
            counts = one["baseline"]
            work = ("closed", "requirements_done", "problems_closed", "struck_off")
            did.append(any(counts.get(name, 0) for name in work) and counts["sites"] > 0)
            assert (one["rank"] is None) == (not did[-1])
        assert did == sorted(did, reverse=True), "whoever did something stands first"


@bounded
@given(st.data(), city_lists(), briefings)
def test_counties_are_ranked_by_the_rule_of_cities(
    data: st.DataObject, cities: list[UnitMeasures], briefing: Briefing
) -> None:
    below = data.draw(below_lists(cities))
    both = briefing.model_copy(update={"levels": (UnitLevel.CITY, UnitLevel.COUNTY)})
    frozen = ranked(report(cities, below), both)
    assert frozen.cities == ranked(report(cities), briefing).cities, "counties move no rank of a city"
    kept = FrozenBriefing.model_validate(json.loads(canonical_json(frozen.model_dump(mode="json"))))
    assert reproduce(kept) == frozen
    units = frozen.below[0].units
    assert {one.key for one in units} == {one.key for one in below}
    for one in units:
        if one.rank is not None:
            assert one.rank == 1 + sum(
                Fraction(other.score) > Fraction(one.score or 0) for other in units if other.score
            )


@bounded
@given(city_lists(), briefings, measures())
def test_newly_found_sites_move_no_rank(cities: list[UnitMeasures], briefing: Briefing, found: Measures) -> None:
    more = [one.model_copy(update={"newly_found": found}) for one in cities]
    before, after = ranked(report(cities), briefing), ranked(report(more), briefing)
    assert (ranks(before), scores(before), before.bottom) == (ranks(after), scores(after), after.bottom)


@bounded
@given(city_lists(), briefings)
def test_frozen_briefing_recomputed_from_its_json(cities: list[UnitMeasures], briefing: Briefing) -> None:
    frozen = ranked(report(cities), briefing)
    kept = FrozenBriefing.model_validate(json.loads(canonical_json(frozen.model_dump(mode="json"))))
    assert kept == frozen
    assert reproduce(kept) == frozen


@bounded
@given(city_lists(), briefings)
def test_scores_recomputed_from_json_with_integers(cities: list[UnitMeasures], briefing: Briefing) -> None:
    """A second implementation, on the JSON, with integers and decimal texts only."""
    text = canonical_json(ranked(report(cities), briefing).model_dump(mode="json"))
    frozen = json.loads(text, parse_float=Fraction, parse_int=Fraction)
    whole = {name: Fraction(frozen["total_baseline"].get(name, 0)) for name in Measures.model_fields}
    k = frozen["base"]
    for one in frozen["cities"]:
        own = {name: Fraction(one["baseline"].get(name, 0)) for name in Measures.model_fields}
        if not own["sites"] or not (
            own["closed"] + own["struck_off"] + own["requirements_done"] + own["problems_closed"]
        ):
            assert one["score"] is None
            continue
        score = Fraction(0)
        for weight, part, whole_part, of, whole_of in (
            ("closure", own["closed"], whole["closed"], own["sites"], whole["sites"]),
            (
                "punctuality", own["sites"] - own["overdue"], whole["sites"] - whole["overdue"], own["sites"],
                whole["sites"],
            ),
            (
                "work", own["requirements_done"] + own["problems_closed"],
                whole["requirements_done"] + whole["problems_closed"], own["requirements"] + own["problems"],
                whole["requirements"] + whole["problems"],
            ),
        ):  # fmt: skip
            average = whole_part / whole_of if whole_of else Fraction(0)
            share = (part + k * average) / (of + k) if of + k else average
            score += frozen["weights"][weight] * share
        judged = own["struck_off"] + own["returned"]
        for weight, faults, of in (
            ("relapses", own["relapsed"], own["struck_off"]),
            ("returns", own["returned"], judged),
        ):
            score += frozen["weights"][weight] * (1 - faults / (of + k) if of + k else 1)
        score *= 100 / sum(frozen["weights"].values())
        assert abs(Fraction(one["score"]) - score) <= Fraction(1, 200)


@dataclass(frozen=True)
class Closing:
    """The cities before and after the first of them closes one more site."""

    before: list[UnitMeasures]
    after: list[UnitMeasures]


@st.composite
def closings(draw: st.DrawFn) -> Closing:
    cities = draw(city_lists(least=2))
    first = cities[0]
    assume(first.baseline.closed < first.baseline.sites)
    closed = first.baseline.closed + 1
    overdue = min(first.baseline.overdue, first.baseline.sites - closed)
    nearer = first.baseline.model_copy(
        update={"closed": closed, "overdue": overdue, "struck_off": first.baseline.struck_off + 1}
    )
    return Closing(cities, [first.model_copy(update={"baseline": nearer}), *cities[1:]])


@bounded
@given(closings(), briefings)
def test_additional_closed_site_never_worsens_relative_score(closing: Closing, briefing: Briefing) -> None:
    def leads(cities: list[UnitMeasures]) -> list[Fraction]:
        whole = total(one.baseline for one in cities)
        own, *others = (exact_score(one.baseline, whole, briefing.base, briefing.weights) for one in cities)
        return [own - other for other in others]

    assert all(after >= before for before, after in zip(leads(closing.before), leads(closing.after), strict=True))


@bounded
@given(closings(), st.integers(0, 20), st.floats(0, 2), st.floats(0, 2))
def test_one_more_closed_site_never_lowers_the_rank(
    closing: Closing, base: int, punctuality: float, work: float
) -> None:
    # With 60 sites and at least a sixth of the weight, a closed site moves the score by at least 0.01: rounding can
    # not hide it.
    briefing = Briefing(
        base=base, weights=Weights(closure=1, punctuality=punctuality, work=work, relapses=0.5, returns=0.5)
    )
    code = closing.before[0].code
    before, after = (ranks(ranked(report(cities), briefing))[code] for cities in (closing.before, closing.after))
    assert after is not None and (before is None or after <= before)
