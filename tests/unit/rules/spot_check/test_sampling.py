"""The draw of a spot check: against an independent implementation, frames computed by hand, and its properties."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.spot_check.sampling import allotted, batch, draw, enlarged, frame_hash, frame_line, place_of, unit_of
from schemas.base import iso_utc
from schemas.options.spot_checks import FrameEntry, SampleUnit, SpotCheckPlan
from schemas.quantity import exact
from tests.support import sampling_oracle as oracle

AT = datetime(2021, 9, 1, 8, 30, tzinfo=UTC)
TENTH = Decimal("0.1")


def entry(name: str, county: str = "鲁山县", hazard: str = "high", city: str = "410400", minute: int = 0) -> FrameEntry:
    return FrameEntry(
        id=name, city=city, county=county, hazard=hazard, round=1, level="city", at=AT + timedelta(minutes=minute)
    )


def plain(frame: list[FrameEntry]) -> list[dict[str, object]]:
    """The frame as it is exported."""
    return [{**one.model_dump(exclude={"participants"}), "at": iso_utc(one.at)} for one in frame]


names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="/:"), min_size=1)
frames = st.lists(
    st.builds(
        entry,
        names,
        st.sampled_from(["鲁山县", "舞钢市", '"quoted"']),
        st.sampled_from(["high", "medium", "low"]),
        st.sampled_from(["410400", "410600"]),
        st.integers(0, 10_000),
    ),
    max_size=60,
    unique_by=lambda one: one.id,
)
shares = st.integers(1, 10_000).map(lambda parts: str(Decimal(parts) / 10_000))
seeds = st.integers(0, 2**63 - 1)
minimums = st.integers(0, 4)


def drawn(frame: list[FrameEntry], seed: int, share: str, minimum: int) -> list[str]:
    return [site.id for site in draw(frame, seed, Decimal(share), minimum).sample]


@given(frames, seeds, shares, minimums)
def test_a_stranger_draws_the_same_sample(frame: list[FrameEntry], seed: int, share: str, minimum: int) -> None:
    ours = drawn(frame, seed, share, minimum)
    assert len(ours) == len(set(ours))
    assert set(ours) == oracle.sample(plain(frame), seed, share, minimum)
    assert frame_hash(frame) == oracle.hash_of(plain(frame))


@given(frames, seeds, shares, st.integers(100, 1000), minimums, st.sampled_from(SampleUnit))
def test_a_stranger_enlarges_the_same_sample(
    frame: list[FrameEntry], seed: int, share: str, hundredths: int, minimum: int, by: SampleUnit
) -> None:
    enlarge = str(Decimal(hundredths) / 100)
    for unit in {unit_of(by, one) for one in frame}:
        city, _, county = unit.partition("/")
        theirs = oracle.added(plain(frame), seed, share, enlarge, minimum, city, county or None)
        ours = enlarged(frame, seed, Decimal(share), Decimal(enlarge), minimum, by, unit)
        assert {site.id for site in ours} == theirs


OWN = st.dictionaries(st.sampled_from(["high", "medium", "low"]), shares)


@given(frames, seeds, shares, OWN, minimums)
def test_a_stranger_draws_shares_that_differ_by_hazard(
    frame: list[FrameEntry], seed: int, share: str, own: dict[str, str], minimum: int
) -> None:
    exact = {hazard: Decimal(one) for hazard, one in own.items()}
    ours = draw(frame, seed, Decimal(share), minimum, exact)
    assert {site.id for site in ours.sample} == oracle.sample(plain(frame), seed, share, minimum, own)
    for unit in {unit_of(SampleUnit.COUNTY, one) for one in frame}:
        city, _, county = unit.partition("/")
        more = enlarged(frame, seed, Decimal(share), Decimal(2), minimum, SampleUnit.COUNTY, unit, exact)
        assert {site.id for site in more} == oracle.added(plain(frame), seed, share, "2", minimum, city, county, own)


@given(frames, seeds, shares, minimums, st.randoms(use_true_random=False))
def test_the_order_of_the_frame_is_no_matter(
    frame: list[FrameEntry], seed: int, share: str, minimum: int, chance: random.Random
) -> None:
    shuffled = list(frame)
    chance.shuffle(shuffled)
    assert draw(shuffled, seed, Decimal(share), minimum) == draw(frame, seed, Decimal(share), minimum)


@given(frames, seeds, shares, minimums)
def test_every_stratum_has_its_share_and_its_minimum(
    frame: list[FrameEntry], seed: int, share: str, minimum: int
) -> None:
    found = draw(frame, seed, Decimal(share), minimum)
    assert sum(stratum.size for stratum in found.strata) == found.frame_size == len(frame)
    sampled = Counter((site.city, site.county, site.hazard) for site in found.sample)
    for stratum in found.strata:
        assert sampled[stratum.city, stratum.county, stratum.hazard] == stratum.drawn <= stratum.size
        assert stratum.drawn >= min(minimum, stratum.size)
        assert stratum.drawn >= Decimal(share) * stratum.size
        assert stratum.drawn <= max(Decimal(minimum), Decimal(share) * stratum.size + 1)


@given(frames, seeds, shares, minimums)
def test_enlarged_sample_contains_first_and_stays_in_unit(
    frame: list[FrameEntry], seed: int, share: str, minimum: int
) -> None:
    first = drawn(frame, seed, share, minimum)
    for unit in {unit_of(SampleUnit.COUNTY, one) for one in frame}:
        more = enlarged(frame, seed, Decimal(share), Decimal(2), minimum, SampleUnit.COUNTY, unit)
        assert not {site.id for site in more} & set(first), "what is added was not drawn before"
        whole = {one.id for one in batch(frame, SampleUnit.COUNTY, unit)}
        assert {site.id for site in more} <= whole
        own = [name for name in first if name in whole]
        # A single draw of the combined size gives the same sites: the second sample continues the order.
        order = oracle.order(plain(frame), seed)
        taken = set(own) | {site.id for site in more}
        for key, ordered in order.items():
            if f"{key[0]}/{key[1]}" == unit:
                of_stratum = [name for name in ordered if name in taken]
                assert of_stratum == ordered[: len(of_stratum)]


@given(frames.filter(bool), seeds, st.data())
def test_a_changed_line_changes_the_hash(frame: list[FrameEntry], seed: int, data: st.DataObject) -> None:
    before = frame_hash(frame)
    place = data.draw(st.integers(0, len(frame) - 1))
    changes: tuple[dict[str, object], ...] = (
        {"hazard": "none"},
        {"county": "x"},
        {"round": 9},
        {"level": "province"},
        {"at": AT - timedelta(days=1)},
    )
    changed = frame[place].model_copy(update=data.draw(st.sampled_from(changes)))
    assert frame_hash([*frame[:place], changed, *frame[place + 1 :]]) != before
    assert frame_hash([*frame[:place], *frame[place + 1 :]]) != before
    worked = frame[place].model_copy(update={"participants": ("somebody",)})
    assert frame_hash([*frame[:place], worked, *frame[place + 1 :]]) == before, "who worked there is no part of it"


def test_a_frame_worked_by_hand() -> None:
    """Two sites; the numbers below were computed with sha256sum, not with this project."""
    frame = [entry("b-2", hazard="low"), entry("a-1")]
    assert frame_line(frame[1]) == (
        '{"at":"2021-09-01T08:30:00.000000Z","city":"410400","county":"鲁山县","hazard":"high","id":"a-1",'
        '"level":"city","round":1}'
    )
    assert frame_hash(frame) == HAND_HASH
    assert place_of(7, HAND_HASH, "a-1") == HAND_PLACE
    assert [site.id for site in draw(frame, 7, TENTH, 0).sample] == ["a-1", "b-2"], "strata stand sorted: high, low"


HAND_HASH = "272f5bcf55b6ecfaa209c304b476f7169c1b7a9814b1ea83146e578effd962d1"
HAND_PLACE = "d8836545a7be3cfcead1598171c851d8923093d905687c00a83709a05e010afc"


@pytest.mark.parametrize(
    ("size", "share", "minimum", "expected"),
    [
        (30, "0.1", 1, 3),  # 0.1 x 30 is 3.0000000000000004 where it is a binary fraction
        (31, "0.1", 1, 4),
        (10, "0.3", 1, 3),
        (1, "0.2", 1, 1),
        (3, "0.2", 2, 2),
        (1, "0.2", 5, 1),
        (7, "1", 0, 7),
        (0, "0.2", 3, 0),
        (5, "0.0001", 0, 1),
    ],
)
def test_a_stratum_is_allotted_what_one_counts_on_paper(size: int, share: str, minimum: int, expected: int) -> None:
    assert allotted(size, Decimal(share), minimum) == expected


def test_a_unit_that_is_sampled_whole_has_nothing_to_add() -> None:
    frame = [entry("only")]
    assert enlarged(frame, 1, TENTH, Decimal(2), 1, SampleUnit.COUNTY, "410400/鲁山县") == ()


def test_counties_of_one_name_in_two_cities_are_two_units() -> None:
    frame = [entry("a"), entry("b", city="410600")]
    assert [one.id for one in batch(frame, SampleUnit.COUNTY, "410400/鲁山县")] == ["a"]
    assert len(draw(frame, 1, TENTH, 1).strata) == 2


def test_every_site_has_the_same_chance() -> None:
    """2,000 seeds draw 4 of 20 sites: chi-square over 19 degrees of freedom stays below its 99.9 % bound, 43.8."""
    frame = [entry(f"site-{number:02}", minute=number) for number in range(20)]
    seeds_tried, wanted = 2000, 4
    times = Counter(name for seed in range(seeds_tried) for name in drawn(frame, seed, "0.2", 1))
    expected = seeds_tried * wanted / len(frame)
    assert sum(times.values()) == seeds_tried * wanted
    # Drawing without replacement spreads less than independent draws: the statistic is scaled by 19/16.
    chi = sum((times[one.id] - expected) ** 2 / expected for one in frame) * 19 / 16
    assert chi < 43.8
    pairs = Counter(frozenset(drawn(frame, seed, "0.1", 1)) for seed in range(seeds_tried))
    assert len(pairs) > 180, "of 190 pairs nearly every one comes up: neighbours in the register are not tied"


def test_another_frame_draws_another_sample_by_the_same_seed() -> None:
    frame = [entry(f"site-{number:02}", minute=number) for number in range(40)]
    other = [*frame[:-1], frame[-1].model_copy(update={"round": 2})]
    assert drawn(frame, 7, "0.2", 1) != drawn(other, 7, "0.2", 1), (
        "a seed that is known beforehand tells nobody anything"
    )


def test_a_share_is_taken_as_it_is_written() -> None:
    assert exact(0.1) * 30 == 3
    with pytest.raises(ValidationError, match="at most four decimals"):
        SpotCheckPlan(share=0.12345)
    with pytest.raises(ValidationError):
        SpotCheckPlan(share=0)
    assert SpotCheckPlan(share=0.0001, enlarge=2.5).share == 0.0001
