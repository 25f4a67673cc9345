"""Checks one row of a register: gives a site, or all its faults."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from intake import divisions
from intake.files import wording
from intake.files.faults import Fault, InvalidCell
from intake.register import cells, mode_check
from intake.register.headers import REQUIRED
from intake.register.mapping import Source
from rules.terms.units import units_of_city
from schemas.identity import Spellings, folded
from schemas.offices import City
from schemas.plan import Extent, Plan
from schemas.register import Site

_CONVERTERS: dict[str, Callable[[str], Any]] = {
    "id": cells.identifier,
    "name": cells.words,
    "city": cells.code,
    "county": cells.words,
    "latitude": cells.degrees,
    "longitude": cells.degrees,
    "type": cells.code,
    "mineral": cells.words,
    "area_ha": cells.number,
    "problems": cells.problems,
    "hazard": cells.hazard,
    "responsible": cells.names,
    "lead_government": cells.words,
    "departments": cells.names,
    "enterprise": cells.words,
    "newly_found": cells.yes_or_no,
    "missed": cells.yes_or_no,
    "restoration_mode": mode_check.restoration_mode,
    "funding_mode": mode_check.funding_mode,
    "planned_cny": mode_check.exact,
    "planned_ha": mode_check.exact,
    "planned_mu": mode_check.exact,
}
_COORDINATES = ("latitude", "longitude")
_REQUIRED = frozenset(REQUIRED) - frozenset(_COORDINATES)
_REPEATED = frozenset(
    {"lead_government", "departments", "enterprise", "restoration_mode", "funding_mode"}
    | {"city", "county", "type", "mineral", "area_ha", "problems", "hazard", "responsible", "newly_found", "missed"}
)
"""Fields whose texts repeat: each text is converted once, so that 50,000 rows are checked within seconds."""
_OFFICES = ("county", "lead_government", "departments", "enterprise", "responsible")
"""Fields of units: people act for them by name."""
_KNOWN_LIMIT = 10_000
_GLOBE = Extent(south=-90, west=-180, north=90, east=180)


class RowCheck:
    """Checks rows in the order of the sheet. It stores the ids, and the problems that no catalogue entry names."""

    def __init__(self, file: str, plan: Plan, sources: dict[str, Source], width: int) -> None:
        self._file = file
        self._sources = sources
        self._is_mapped = any(source.rule is not None for source in sources.values())
        self._width = width
        self._extent = plan.extent or _GLOBE
        self._gbt2260 = plan.division_codes == "gbt2260"
        self._cities = {city.code: city.name for city in plan.cities}
        self._codes = {folded(city.name): city.code for city in plan.cities}
        self._codes |= {folded(code): code for code in self._cities}
        self._offices = Spellings(name for city in plan.cities for name in _offices_of(plan, city))
        self._respelt: dict[tuple[str, str], tuple[int, str]] = {}
        self._catalogue = [(frozenset(e.site_types), frozenset(e.problems)) for e in plan.catalogue]
        self._types = sorted({kind for entry in plan.catalogue for kind in entry.site_types})
        cases = plan.police_track.problems if plan.police_track is not None else ()
        self._named = frozenset(cases).union(*(entry.problems for entry in plan.catalogue))
        self._counties: dict[tuple[str, str], str | None] = {}
        self._applies: dict[tuple[str, tuple[str, ...]], bool] = {}
        # A plain column is read without a call, which would cost a tenth of the whole time.
        self._steps: list[tuple[str, int | None, Source, dict[str, Any] | None]] = [
            (field, source.indexes[0] if source.rule is None else None, source, {} if field in _REPEATED else None)
            for field, source in sources.items()
        ]
        self._rows_by_id: dict[str, tuple[int, str]] = {}
        self._unnamed: dict[str, list[int]] = {}
        self._check_modes = mode_check.ModeCheck(plan)
        self._signs = plan.sign_off is not None
        self._parties: list[int] = []
        """Rows with departments although the plan asks for no signatures, or without any although it does."""

    def __call__(self, row: int, texts: Sequence[str]) -> tuple[Site | None, list[Fault]]:
        """The site, or None and the faults of this row."""
        values, faulty = self._values(texts)
        self._spell(row, values)
        self._check_place(values, faulty)
        self._check_parties(row, values, faulty)
        self._check_coordinates(values, faulty)
        site = self._site(values, faulty)
        self._check_id(row, values, faulty)
        self._check_catalogue(row, values, faulty)
        self._check_found(values, faulty)
        self._check_modes(values, faulty)
        faults = [
            Fault(self._file, self._written(field, texts), expected, row=row, column=self._label(field))
            for field, expected in faulty.items()
        ]
        if len(texts) > self._width and any(text.strip() for text in texts[self._width :]):
            beyond = ", ".join(text.strip() for text in texts[self._width :] if text.strip())
            at = str(self._width + 1)
            faults.append(Fault(self._file, beyond, wording.cells_at_most(self._width), row=row, column=at))
        return (None, faults) if faults else (site, [])

    def unknown_problems(self) -> Iterator[Fault]:
        """A warning for each kind of problem that no catalogue entry names, although other entries apply."""
        for kind, rows in sorted(self._unnamed.items()):
            expected = wording.problem_known(len(rows), rows[0])
            yield Fault(self._file, kind, expected, row=rows[0], column=self._label("problems"))

    def unasked_departments(self) -> Iterator[Fault]:
        """One warning about all rows of `_parties`."""
        if self._parties:
            expected = (wording.departments_named if self._signs else wording.departments_asked)(len(self._parties))
            yield Fault(self._file, "", expected, row=self._parties[0], column=self._label("departments"))

    def respelt_offices(self) -> Iterator[Fault]:
        """A warning for each spelling of an office that is not the plan's, or not the first one of the register."""
        for (field, text), (row, first) in self._respelt.items():
            yield Fault(self._file, text, wording.spelt_before(first), row=row, column=self._label(field))

    def _spell(self, row: int, values: dict[str, Any]) -> None:
        """Two spellings of one office are one unit: the plan's holds, or the first one of the register."""
        for field in _OFFICES:
            if field == "county" and self._gbt2260:
                continue
            if isinstance(written := values.get(field), str):
                values[field] = self._spelt(row, field, written)
            elif written:
                values[field] = tuple(self._spelt(row, field, one) for one in written)

    def _spelt(self, row: int, field: str, text: str) -> str:
        first = self._offices.note(text)
        if first != text:
            self._respelt.setdefault((field, text), (row, first))
        return first

    def _values(self, texts: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
        values: dict[str, Any] = {}
        faulty: dict[str, str] = {}
        is_clean = not self._is_mapped and cells.CONTROL.search(" ".join(texts)) is None
        count = len(texts)
        for field, index, source, known in self._steps:
            text = source.value(texts) if index is None else texts[index].strip() if index < count else ""
            if known is not None and text in known:
                values[field] = known[text]
            elif not text:
                if field in _REQUIRED:
                    faulty[field] = wording.REQUIRED_CELL
            elif not is_clean and cells.CONTROL.search(text):
                faulty[field] = wording.CONTROL
            else:
                try:
                    values[field] = _CONVERTERS[field](text)
                except InvalidCell as invalid:
                    faulty[field] = str(invalid)
                else:
                    if known is not None and len(known) < _KNOWN_LIMIT:
                        known[text] = values[field]
        return values, faulty

    def _check_place(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        """The city must be one of the plan's, by code or name; with GB/T 2260 the county must be under it."""
        city = self._codes.get(folded(values["city"])) if "city" in values else None
        if city is None:
            if "city" in values:
                faulty["city"] = wording.city_of_plan([f"{code} {name}" for code, name in self._cities.items()])
            return
        values["city"] = city
        if not self._gbt2260 or "county" not in values:
            return
        written = (city, values["county"])
        if written not in self._counties:
            county = divisions.counties_by_name(city).get(folded(written[1]), cells.code(written[1]))
            self._counties[written] = county if divisions.is_county_of(county, city) else None
        if (found := self._counties[written]) is not None:
            values["county"] = found
        else:
            faulty["county"] = wording.county_of(city, self._cities[city])

    def _check_parties(self, row: int, values: dict[str, Any], faulty: dict[str, str]) -> None:
        """Departments must be unique and must not include the enterprise; `_parties` gets rows for the warning."""
        departments: tuple[str, ...] = values.get("departments", ())
        if len(set(departments)) < len(departments):
            faulty["departments"] = wording.DEPARTMENT_ONCE
        elif values.get("enterprise") in departments:
            faulty["enterprise"] = wording.NOT_ITS_OWN_SIGNATORY
        if bool(departments) is not self._signs:
            self._parties.append(row)

    def _check_coordinates(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        if "latitude" in faulty or "longitude" in faulty:
            return
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if latitude is None or longitude is None:
            both = latitude is None and longitude is None
            faulty["coordinates" if both else "latitude" if latitude is None else "longitude"] = wording.PAIR
        elif (expected := outside_extent(self._extent, latitude, longitude)) is not None:
            faulty["coordinates"] = expected

    def _site(self, values: dict[str, Any], faulty: dict[str, str]) -> Site | None:
        """The schema validates the values last; its errors become faults of their fields."""
        skipped = {*faulty, *_COORDINATES} if "coordinates" in faulty else set(faulty)
        sound = {field: value for field, value in values.items() if field not in skipped} if faulty else values
        try:
            return Site.model_validate(sound)
        except ValidationError as error:
            for item in error.errors(include_url=False):
                field = str(item["loc"][0])
                if field not in skipped and item["type"] != "missing":
                    faulty.setdefault(field, wording.SITE_FIELDS[field])
            return None

    def _check_id(self, row: int, values: dict[str, Any], faulty: dict[str, str]) -> None:
        if "id" in values and "id" not in faulty:
            first, spelt = self._rows_by_id.setdefault(folded(values["id"]), (row, values["id"]))
            if first != row:
                faulty["id"] = wording.id_once(first, spelt)

    def _check_catalogue(self, row: int, values: dict[str, Any], faulty: dict[str, str]) -> None:
        if "type" in faulty or "problems" in faulty or "type" not in values:
            return
        kinds = tuple(problem.kind for problem in values.get("problems", ()))
        key = (values["type"], kinds)
        if key not in self._applies:
            self._applies[key] = any(
                (not types or key[0] in types) and (not problems or not problems.isdisjoint(kinds))
                for types, problems in self._catalogue
            )
        if not self._applies[key]:
            faulty["work"] = wording.catalogue_applies(self._types)
            return
        for kind in kinds:
            if self._named and kind not in self._named:
                self._unnamed.setdefault(kind, []).append(row)

    def _check_found(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        if values.get("newly_found") and values.get("missed"):
            faulty["missed"] = wording.FOUND_ONE_WAY

    def _fields(self, field: str) -> tuple[str, ...]:
        """The columns that a fault concerns; some faults concern two."""
        if field == "coordinates":
            return _COORDINATES
        if field in mode_check.PAIRS:
            return mode_check.PAIRS[field]
        if field == "work":
            return ("type", "problems") if "problems" in self._sources else ("type",)
        return (field,)

    def _label(self, field: str) -> str:
        return " / ".join(self._sources[name].label if name in self._sources else name for name in self._fields(field))

    def _written(self, field: str, texts: Sequence[str]) -> str:
        sources = [self._sources[name] for name in self._fields(field) if name in self._sources]
        return ", ".join(text for source in sources if (text := source.text(texts)))


def _offices_of(plan: Plan, city: City) -> Iterator[str]:
    """The names of units that a plan gives to a city and its province."""
    units = units_of_city(plan, city)
    yield from (*units.city, *units.supervision)


def outside_extent(extent: Extent | None, latitude: float | None, longitude: float | None) -> str | None:
    """The expectation for a place (WGS 84 degrees) outside a plan's extent; None for a place inside.

    None also if a coordinate is not known, or the plan has no extent.
    """
    if extent is None or latitude is None or longitude is None or _inside(extent, latitude, longitude):
        return None
    place = wording.within(extent.south, extent.north, extent.west, extent.east)
    return wording.swapped(place) if _inside(extent, longitude, latitude) else place


def _inside(extent: Extent, latitude: float, longitude: float) -> bool:
    """Whether the place lies in the extent, borders included."""
    return extent.south <= latitude <= extent.north and extent.west <= longitude <= extent.east
