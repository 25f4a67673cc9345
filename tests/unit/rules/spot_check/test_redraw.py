"""The differences of a repeated draw: none, or each one."""

from decimal import Decimal

from rules.spot_check.redraw import changed_lines, differences
from rules.spot_check.sampling import draw, enlarged
from schemas.options.spot_checks import SampleUnit, Stratum
from schemas.spot_check import SampleDrawn, SampleEnlarged
from tests.support.checked_city import DRAWN_AT, frame
from tests.support.sample_terms import deadline

SITES = frame(20)
UNIT = "410400/鲁山县"


def recorded(**changes: object) -> SampleDrawn:
    found = draw(SITES, 7, Decimal("0.2"), 1)
    said = SampleDrawn(
        seed=7,
        frame_hash=found.frame_hash,
        frame_size=20,
        frame_at=DRAWN_AT,
        share="0.2",
        minimum=1,
        enlarge="2.0",
        unit=SampleUnit.COUNTY,
        strata=found.strata,
        sample=found.sample,
        counties=("舞钢市", "鲁山县"),
        due=deadline(9, 30),
    )
    return said.model_copy(update=changes)


def more() -> SampleEnlarged:
    sample = enlarged(SITES, 7, Decimal("0.2"), Decimal("2.0"), 1, SampleUnit.COUNTY, UNIT)
    return SampleEnlarged(unit=UNIT, share="0.4", sample=sample, due=deadline(10, 9))


def test_a_draw_that_holds_has_no_differences() -> None:
    assert list(differences("the frame", SITES, recorded(), [more()])) == []
    assert list(changed_lines(SITES, list(reversed(SITES)))) == []


def test_a_site_that_was_put_in_for_another_is_named() -> None:
    sample = recorded().sample
    stranger = next(one for one in SITES if one.id not in {drawn.id for drawn in sample})
    forged = sample[1].model_copy(update={"id": stranger.id})
    said = list(differences("the frame", SITES, recorded(sample=(sample[0], forged, *sample[2:])), []))
    assert said == [
        f"the frame: the sample: drawn and not in the ledger: {sample[1].id}",
        f"the frame: the sample: in the ledger and not drawn: {stranger.id}",
    ]


def test_another_seed_size_stratum_or_enlargement_is_told() -> None:
    stratum = Stratum(city="410400", county="鲁山县", hazard="high", size=20, drawn=3)
    assert any("410400/鲁山县/high" in one for one in differences("it", SITES, recorded(strata=(stratum,)), []))
    assert list(differences("it", SITES, recorded(seed=8), []))
    assert any("it has 19 sites" in one for one in differences("it", SITES[1:], recorded(), []))
    cut = more().model_copy(update={"sample": more().sample[1:]})
    assert any(f"enlarged sample of {UNIT}" in one for one in differences("it", SITES, recorded(), [cut]))


def test_every_changed_line_of_two_frames_is_named() -> None:
    other = [*SITES[1:19], SITES[19].model_copy(update={"hazard": "low"}), *frame(1, "叶县")]
    said = list(changed_lines(SITES, other))
    assert [one.split(":")[0] for one in said] == ["叶县-01", "鲁山县-01", "鲁山县-20"]
    assert "is not in the kept frame" in said[0]
    assert "was not struck off then" in said[1]
