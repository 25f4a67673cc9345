"""The reproducible draw of a sample, specified for any language in docs/spot-checks.md.

The order is a hash of seed, frame and site. It does not depend on the version of a random generator, and the result
can not be predicted without the whole frame.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from schemas.base import iso_utc
from schemas.canonical import canonical_json
from schemas.options.spot_checks import Draw, FrameEntry, SampledSite, SampleUnit, SpotCheckPlan, Stratum
from schemas.quantity import exact

Key = tuple[str, str, str]
"""City, county and hazard: two cities may have counties of one name."""


def frame_line(entry: FrameEntry) -> str:
    """One site as hashed with the frame: canonical JSON of seven fields, without the newline."""
    return canonical_json(
        {
            "at": iso_utc(entry.at),
            "city": entry.city,
            "county": entry.county,
            "hazard": entry.hazard,
            "id": entry.id,
            "level": entry.level,
            "round": entry.round,
        }
    )


def frame_hash(frame: Iterable[FrameEntry]) -> str:
    """SHA-256 (hex) over the lines of the frame in the order of the sites' ids, each ended by a newline."""
    digest = hashlib.sha256()
    for entry in sorted(frame, key=lambda entry: entry.id):
        digest.update(frame_line(entry).encode() + b"\n")
    return digest.hexdigest()


def allotted(size: int, share: Decimal, minimum: int) -> int:
    """The number drawn of a stratum: its share, rounded up, at least `minimum`, at most `size`."""
    return min(size, max(minimum, math.ceil(share * size)))


def enlarged_share(share: Decimal, enlarge: Decimal) -> Decimal:
    """The share of the second sample; at most 1."""
    return min(Decimal(1), share * enlarge)


Shares = Mapping[str, Decimal]
"""Hazard to the share of its strata, where that is another than the general one."""

NO_SHARES: Shares = MappingProxyType({})


def draw(frame: Iterable[FrameEntry], seed: int, share: Decimal, minimum: int, shares: Shares = NO_SHARES) -> Draw:
    """The first sample: of each stratum its first sites in the drawn order. The order of `frame` does not matter."""
    entries = list(frame)
    hashed = frame_hash(entries)
    strata: list[Stratum] = []
    sample: list[SampledSite] = []
    for key, ordered in _in_drawn_order(entries, seed, hashed).items():
        city, county, hazard = key
        count = allotted(len(ordered), shares.get(hazard, share), minimum)
        strata.append(Stratum(city=city, county=county, hazard=hazard, size=len(ordered), drawn=count))
        sample.extend(_sampled(entry) for entry in ordered[:count])
    return Draw(frame_hash=hashed, frame_size=len(entries), strata=tuple(strata), sample=tuple(sample))


def enlarged(
    frame: Iterable[FrameEntry],
    seed: int,
    share: Decimal,
    enlarge: Decimal,
    minimum: int,
    by: SampleUnit,
    unit: str,
    shares: Shares = NO_SHARES,
) -> tuple[SampledSite, ...]:
    """The sites that the enlarged sample of one unit adds: the next sites of each stratum in the drawn order.

    Their number is the enlarged share of the stratum's remaining sites.
    """
    entries = list(frame)
    more: list[SampledSite] = []
    for ordered in _in_drawn_order(entries, seed, frame_hash(entries)).values():
        if unit_of(by, ordered[0]) != unit:
            continue
        own = shares.get(ordered[0].hazard, share)
        first = allotted(len(ordered), own, minimum)
        second = allotted(len(ordered) - first, enlarged_share(own, enlarge), minimum)
        more.extend(_sampled(entry) for entry in ordered[first : first + second])
    return tuple(more)


def shares_of(plan: SpotCheckPlan) -> Shares:
    """The shares of a check that differ by hazard, as exact decimals."""
    return {hazard: exact(share) for hazard, share in plan.shares.items()}


def batch(frame: Iterable[FrameEntry], by: SampleUnit, unit: str) -> tuple[FrameEntry, ...]:
    """Every site of a unit's frame, by id."""
    return tuple(sorted((entry for entry in frame if unit_of(by, entry) == unit), key=lambda entry: entry.id))


def unit_of(by: SampleUnit, site: FrameEntry | SampledSite) -> str:
    """The unit that a site belongs to: its city's code, or that and its county."""
    return site.city if by is SampleUnit.CITY else f"{site.city}/{site.county}"


def place_of(seed: int, frame: str, site_id: str) -> str:
    """A site's sort key in the drawn order of its stratum: the smallest is drawn first."""
    return hashlib.sha256(f"{seed}|{frame}|{site_id}".encode()).hexdigest()


def _in_drawn_order(entries: list[FrameEntry], seed: int, hashed: str) -> dict[Key, list[FrameEntry]]:
    """The strata, sorted, each with its sites in the drawn order."""
    strata: dict[Key, list[FrameEntry]] = {}
    for entry in entries:
        strata.setdefault((entry.city, entry.county, entry.hazard), []).append(entry)
    return {key: sorted(strata[key], key=lambda entry: place_of(seed, hashed, entry.id)) for key in sorted(strata)}


def _sampled(entry: FrameEntry) -> SampledSite:
    return SampledSite(
        id=entry.id,
        city=entry.city,
        county=entry.county,
        hazard=entry.hazard,
        round=entry.round,
        participants=entry.participants,
        workers=entry.workers,
    )
