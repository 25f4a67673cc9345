"""Repeats a draw and lists the differences from the recorded one."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from rules.spot_check.sampling import draw, enlarged, frame_line
from schemas.options.spot_checks import Draw, FrameEntry, SampledSite
from schemas.spot_check import SampleDrawn, SampleEnlarged

_NAMED = 10


def differences(
    what: str, frame: Sequence[FrameEntry], drawn: SampleDrawn, more: Iterable[SampleEnlarged]
) -> Iterator[str]:
    """The differences of a draw from this frame to the recorded one; `what` names the frame in the texts."""
    shares = {hazard: Decimal(share) for hazard, share in drawn.shares.items()}
    again = draw(frame, drawn.seed, Decimal(drawn.share), drawn.minimum, shares)
    if again.frame_size != drawn.frame_size:
        yield f"{what}: it has {again.frame_size} sites, the ledger says {drawn.frame_size}"
    if again.frame_hash != drawn.frame_hash:
        yield f"{what}: its hash is {again.frame_hash}, the ledger says {drawn.frame_hash}"
    yield from _strata(what, again, drawn)
    yield from _sites(f"{what}: the sample", again.sample, drawn.sample)
    for one in more:
        share, enlarge = Decimal(drawn.share), Decimal(drawn.enlarge)
        added = enlarged(frame, drawn.seed, share, enlarge, drawn.minimum, drawn.unit, one.unit, shares)
        yield from _sites(f"{what}: the enlarged sample of {one.unit}", added, one.sample)


def changed_lines(kept: Iterable[FrameEntry], now: Iterable[FrameEntry]) -> Iterator[str]:
    """The sites that differ between two frames."""
    before = {one.id: one for one in kept}
    after = {one.id: one for one in now}
    for site in sorted(before.keys() | after.keys()):
        if site not in after:
            yield f"{site}: is in the kept frame, and by the ledger it was not struck off then"
        elif site not in before:
            yield f"{site}: was struck off by then, and is not in the kept frame"
        elif frame_line(before[site]) != frame_line(after[site]):
            yield f"{site}: kept {frame_line(before[site])}, the ledger has {frame_line(after[site])}"


def _strata(what: str, again: Draw, drawn: SampleDrawn) -> Iterator[str]:
    ours = {(one.city, one.county, one.hazard): (one.size, one.drawn) for one in again.strata}
    theirs = {(one.city, one.county, one.hazard): (one.size, one.drawn) for one in drawn.strata}
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            stratum = "/".join(key)
            yield f"{what}: {stratum} has (size, drawn) {ours.get(key)}, the ledger says {theirs.get(key)}"


def _sites(what: str, ours: Sequence[SampledSite], theirs: Sequence[SampledSite]) -> Iterator[str]:
    drawn, recorded = {one.id for one in ours}, {one.id for one in theirs}
    if missing := sorted(drawn - recorded):
        yield f"{what}: drawn and not in the ledger: {_some(missing)}"
    if strange := sorted(recorded - drawn):
        yield f"{what}: in the ledger and not drawn: {_some(strange)}"


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
