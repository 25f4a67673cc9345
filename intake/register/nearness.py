"""Places that look wrong beside the others: a site that stands twice, and one far from the rest of its county.

Nothing here stops a start: two openings may lie side by side, and a county may have an exclave. Distances are in metres
on a sphere, which is right to some metres in a kilometre.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from statistics import median
from typing import NamedTuple

from intake.files.faults import Fault, told
from intake.register import wording
from schemas.identity import folded
from schemas.register import Site

SAME_PLACE = 20.0
"""Metres within which two places are one: what a hand-held receiver differs by from day to day."""
SAME_NAME = 1_000.0
"""Metres within which two sites of one name in one county are one: the datums of maps differ by as much."""
FAR = 40_000.0
"""Metres from the middle of its county's other sites that are not worth a word: counties are as large."""
FAR_OF_CITY = 150_000.0
"""Likewise for a city, where the county has too few other sites to say."""
_TIMES = 5
"""A place is far at so many times the usual distance from the middle."""
_FEW = 2
"""Sites of an area that do not tell yet where its middle is."""
_EARTH = 6_371_000.0


class Beside(NamedTuple):
    """Two sites that may be one; `metres` is None where a place is missing."""

    site: Site
    first: Site
    metres: float | None


class Stray(NamedTuple):
    """A site far from the others of its county (or city): `metres` from their middle."""

    site: Site
    metres: float
    area: str


def misplaced(
    file: str, sites: Sequence[Site], rows_of: Mapping[str, int], standing: Sequence[Site] = ()
) -> Iterator[Fault]:
    """A warning for each site that may stand twice or is far from its area, as `told` has them."""

    def twice(site: Site, first: Site, metres: float | None) -> tuple[str, Fault]:
        where = f"row {rows_of[first.id]}" if first.id in rows_of else "the campaign's register"
        expected = wording.perhaps_twice(f"{first.id} ({where})", metres)
        return site.id, Fault(file, f"{site.id} {site.name}", expected, row=rows_of[site.id])

    def far(site: Site, metres: float, area: str) -> tuple[str, Fault]:
        place = f"{site.id} {site.name}: {site.latitude}, {site.longitude}"
        return site.id, Fault(file, place, wording.far_from_others(area, metres), row=rows_of[site.id])

    yield from told(starmap(twice, found_twice(sites, standing)), wording.MORE_TWICE)
    yield from told(starmap(far, far_away(sites, standing)), wording.MORE_FAR)


def metres_between(one: Site, other: Site) -> float | None:
    """The distance of two sites; None where a place is missing."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    return _distance((one.latitude, one.longitude), (other.latitude, other.longitude))


def found_twice(sites: Sequence[Site], standing: Sequence[Site] = ()) -> Iterator[Beside]:
    """Each of `sites` that has the place, or the name and nearly the place, of one before it or of a `standing` one."""
    places, names = _Grid(5000, 500), _Grid(80, 40)
    first_named: dict[str, Site] = {}
    unplaced: dict[str, Site] = {}
    own = len(standing)
    for place, site in enumerate((*standing, *sites)):
        name = f"{site.county}/{folded(site.name)}"
        has_place = site.latitude is not None and site.longitude is not None
        if place >= own:
            others = (unplaced if has_place else first_named).get(name)
            beside = _within(SAME_PLACE, site, places.around("", site))
            beside = beside or _within(SAME_NAME, site, names.around(name, site))
            if beside is None and others is not None:
                beside = Beside(site, others, None)
            if beside is not None:
                yield beside
        first_named.setdefault(name, site)
        if has_place:
            places.put("", site)
            names.put(name, site)
        else:
            unplaced.setdefault(name, site)


def far_away(sites: Sequence[Site], standing: Sequence[Site] = ()) -> Iterator[Stray]:
    """Each of `sites` that lies far from the other sites of its county, or of its city where these are too few."""
    counties = _by_area((*standing, *sites), lambda site: site.county)
    cities = _by_area((*standing, *sites), lambda site: site.city)
    middles: dict[tuple[str, bool], tuple[tuple[float, float], float]] = {}
    for site in sites:
        if site.latitude is None or site.longitude is None:
            continue
        by_county = len(counties[site.county]) > _FEW
        area, least = (site.county, FAR) if by_county else (site.city, FAR_OF_CITY)
        others = (counties if by_county else cities)[area]
        if len(others) <= _FEW:
            continue
        if (area, by_county) not in middles:
            middle = median(lat for lat, _ in others), median(lon for _, lon in others)
            middles[area, by_county] = middle, median(_distance(middle, one) for one in others)
        middle, usual = middles[area, by_county]
        away = _distance(middle, (site.latitude, site.longitude))
        if away > max(least, _TIMES * usual):
            yield Stray(site, away, area)


def _within(metres: float, site: Site, others: Iterable[Site]) -> Beside | None:
    for first in others:
        if (apart := metres_between(site, first)) is not None and apart <= metres:
            return Beside(site, first, apart)
    return None


def _by_area(sites: Sequence[Site], area: Callable[[Site], str]) -> Mapping[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for site in sites:
        if site.latitude is not None and site.longitude is not None:
            found[area(site)].append((site.latitude, site.longitude))
    return found


class _Grid:
    """Sites by name and cell; a cell is larger than the distance that is asked for, up to 60 degrees of latitude."""

    def __init__(self, by_latitude: int, by_longitude: int) -> None:
        """Cells in a degree of latitude and of longitude."""
        self._per_degree = by_latitude, by_longitude
        self._sites: dict[tuple[str, int, int], list[Site]] = defaultdict(list)

    def put(self, name: str, site: Site) -> None:
        row, column = self._cell(site)
        self._sites[name, row, column].append(site)

    def around(self, name: str, site: Site) -> Iterator[Site]:
        """The sites of this name in the cell of the site and the eight around it; none without a place."""
        if site.latitude is None or site.longitude is None:
            return
        row, column = self._cell(site)
        for down, right in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)):
            yield from self._sites.get((name, row + down, column + right), ())

    def _cell(self, site: Site) -> tuple[int, int]:
        assert site.latitude is not None and site.longitude is not None
        return math.floor(site.latitude * self._per_degree[0]), math.floor(site.longitude * self._per_degree[1])


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The haversine of two places in degrees, in metres."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(lat), math.radians(lon)) for lat, lon in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))
