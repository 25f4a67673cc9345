"""Checks one row of a register: gives a site, or all its faults."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from intake import divisions
from intake.files.faults import Fault, InvalidCell
from intake.register import cells, mode_check, wording
from intake.register.catalogue_check import CatalogueCheck
from intake.register.headers import REQUIRED, UNITS
from intake.register.mapping import Source
from intake.register.numbers import AREA, read_number
from intake.register.office_spellings import OfficeSpellings
from intake.register.place_check import COORDINATES, PlaceCheck
from intake.register.unit_columns import merge_unit_columns
from schemas.identity import folded
from schemas.plan import Datum, Plan
from schemas.quantity import to_six_decimals, written
from schemas.register import Site

_CONVERTERS: dict[str, Callable[..., Any]] = {
    "id": cells.identifier,
    "name": cells.words,
    "city": cells.code,
    "county": cells.words,
    "township": cells.words,
    "responsible_person": cells.words,
    "latitude": cells.latitude,
    "longitude": cells.longitude,
    "coordinates": cells.datum,
    "type": cells.code,
    "mineral": cells.words,
    "area_ha": cells.area,
    "depth_m": cells.metres,
    "distance_m": cells.metres,
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
    "planned_cny": cells.yuan,
    "planned_ha": cells.hectares,
    "planned_mu": cells.mu,
}
_CONVERTERS |= {column: partial(_CONVERTERS[field], unit=unit) for column, (field, unit) in UNITS.items()}
_REQUIRED = frozenset(REQUIRED) - frozenset(COORDINATES)
_REPEATED = frozenset(
    {
        "city", "county", "township", "coordinates", "type", "mineral", "area_ha", "depth_m", "distance_m", "problems",
        "hazard", "responsible", "lead_government", "departments", "enterprise", "newly_found", "missed",
        "restoration_mode", "funding_mode",
    }
)  # fmt: skip
"""Fields whose texts repeat: each text is converted once, so that 50,000 rows are checked within seconds."""
_KNOWN_LIMIT = 10_000


@dataclass
class ReadRow:
    """A row with the values of its cells by field, and the expectations of the fields that are faulty.

    The key of a fault that concerns two fields joins them with `+`.
    """

    row: int
    texts: Sequence[str]
    values: dict[str, Any]
    faulty: dict[str, str]
    datum: Datum | None = None
    """That of its place; None without one."""
    cell_faults: tuple[Fault, ...] = ()
    """Those of its cells that have no value; `values` is without them."""


class RowCheck:
    """Checks rows in the order of the sheet. It stores the ids, and what `warnings` tells once for all rows."""

    def __init__(self, file: str, plan: Plan, sources: dict[str, Source], width: int) -> None:
        self._file = file
        self._sources = sources
        self._is_mapped = any(source.rule is not None for source in sources.values())
        self._width = width
        self._check_place = PlaceCheck(plan, [sources[name].label for name in COORDINATES if name in sources])
        self._gbt2260 = plan.division_codes == "gbt2260"
        self._cities = {city.code: city.name for city in plan.cities}
        self._codes = {cells.slug(city.name): city.code for city in plan.cities}
        if self._gbt2260:
            self._codes |= divisions.shortened((city.code, city.name) for city in plan.cities)
        self._codes |= {folded(city.name): city.code for city in plan.cities}
        self._codes |= {folded(code): code for code in self._cities}
        self._offices = OfficeSpellings(plan)
        self._check_catalogue = CatalogueCheck(plan)
        self._counties: dict[tuple[str, str], str | None] = {}
        # A plain column is read without a call, which would cost a tenth of the whole time.
        self._steps: list[tuple[str, int | None, Source, dict[str, Any] | None]] = [
            (field, source.indexes[0] if source.rule is None else None, source, {} if field in _REPEATED else None)
            for field, source in sources.items()
        ]
        self._has_units = not UNITS.keys().isdisjoint(sources)
        self._slugs = [(field, source) for field, source in sources.items() if source.rule and source.rule.slug]
        self._named_first: dict[tuple[str, str], tuple[int, str]] = {}
        self._rows_by_id: dict[str, tuple[int, str]] = {}
        self._check_catalogue = CatalogueCheck(plan)
        self._check_modes = mode_check.ModeCheck(plan)
        self._signs = plan.sign_off is not None
        self._parties: list[int] = []
        """Rows with departments although the plan asks for no signatures, or without any although it does."""
        self._rounded: list[int] = []
        """Rows whose area was too fine."""

    def read(self, row: int, texts: Sequence[str]) -> ReadRow:
        """The values of a row, before they are judged as a site."""
        values, faulty = self._values(texts)
        self._offices.respell(row, values)
        self._check_catalogue.respell(values, faulty)
        if self._has_units:
            merge_unit_columns(self._sources, texts, values, faulty)
        self._round_area(row, values)
        self._check_codes(row, texts, faulty)
        self._check_division(values, faulty)
        self._check_parties(row, values, faulty)
        datum = self._check_place(values, faulty)
        return ReadRow(row, texts, values, faulty, datum)

    def site(self, read: ReadRow) -> Site | None:
        """The site of a row that was read; None if the row is faulty, the faults are added to it."""
        row, values, faulty = read.row, read.values, read.faulty
        site = self.validate(read)
        self._check_id(row, values, faulty)
        self._check_catalogue(row, values, faulty)
        self._check_found(values, faulty)
        self._check_modes(values, faulty)
        return None if faulty or read.cell_faults or self._beyond(read.texts) else site

    def faults(self, read: ReadRow) -> list[Fault]:
        """The faults of a row that was read."""
        faults = [
            Fault(
                self._file,
                self.written(field, read.texts),
                self._check_catalogue.explained(field, expected),
                row=read.row,
                column=self.label(field),
            )
            for field, expected in read.faulty.items()
        ]
        if read.cell_faults:
            named = {fault.column for fault in read.cell_faults}
            others = (fault for fault in faults if named.isdisjoint((fault.column or "").split(" / ")))
            faults = [*read.cell_faults, *others]
        if beyond := self._beyond(read.texts):
            at = str(self._width + 1)
            faults.append(Fault(self._file, beyond, wording.cells_at_most(self._width), row=read.row, column=at))
        return faults

    def _beyond(self, texts: Sequence[str]) -> str:
        return ", ".join(text.strip() for text in texts[self._width :] if text.strip())

    def warnings(self) -> Iterator[Fault]:
        """What is told once for all rows that were read, each with the first row that it concerns."""
        yield from self._check_catalogue.warnings(self._file, self.label)
        if self._parties:
            expected = (wording.departments_named if self._signs else wording.departments_asked)(len(self._parties))
            yield self._warning(self._parties[0], "departments", expected)
        if self._rounded:
            yield self._warning(self._rounded[0], "area_ha", wording.areas_rounded(len(self._rounded)))
        for field, text, row, first in self._offices.others():
            yield self._warning(row, field, wording.spelt_before(first), text)

    def _warning(self, row: int, field: str, expected: str, value: str = "") -> Fault:
        return Fault(self._file, value, expected, row=row, column=self.label(field))

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

    def _round_area(self, row: int, values: dict[str, Any]) -> None:
        if (area := values.get("area_ha")) is not None and (fine := to_six_decimals(area)) != area:
            values["area_ha"] = fine
            self._rounded.append(row)

    def _check_codes(self, row: int, texts: Sequence[str], faulty: dict[str, str]) -> None:
        """Two names must not become one code."""
        for field, source in self._slugs:
            name, code = source.name(texts), source.value(texts)
            first, named = self._named_first.setdefault((field, code), (row, name))
            if folded(named) != folded(name):
                faulty.setdefault(field, wording.code_once(code, first, named))

    def _check_division(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
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

    def validate(self, read: ReadRow) -> Site | None:
        """The schema validates the values last; its errors become faults of their fields."""
        values, faulty = read.values, read.faulty
        skipped = {name for field in faulty for name in field.split("+")}
        sound = {field: value for field, value in values.items() if field not in skipped} if faulty else values
        try:
            return Site.model_validate(sound)
        except ValidationError as error:
            for item in error.errors(include_url=False):
                field = str(item["loc"][0])
                if field not in skipped and item["type"] != "missing":
                    faulty.setdefault(field, self._field_expectation(field))
            return None

    def _field_expectation(self, field: str) -> str:
        """What a field must be, in the unit of its column."""
        (column,) = self._fields(field)[:1]
        if field != "area_ha" or column not in UNITS:
            return wording.SITE_FIELDS[field]
        most = read_number("1000000", {unit: 1 / worth for unit, worth in AREA.items()}, unit=UNITS[column][1])
        return wording.area_in(written(most), UNITS[column][1])

    def _check_id(self, row: int, values: dict[str, Any], faulty: dict[str, str]) -> None:
        if "id" in values and "id" not in faulty:
            first, spelt = self._rows_by_id.setdefault(folded(values["id"]), (row, values["id"]))
            if first != row:
                faulty["id"] = wording.id_once(first, spelt)

    def _check_found(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        if values.get("newly_found") and values.get("missed"):
            faulty["missed"] = wording.FOUND_ONE_WAY

    def _fields(self, field: str) -> tuple[str, ...]:
        """The columns that a fault concerns; some faults concern two."""
        if "+" in field:
            return tuple(field.split("+"))
        if field in mode_check.PAIRS:
            return mode_check.PAIRS[field]
        if field == "work":
            return ("type", "problems") if "problems" in self._sources else ("type",)
        if field not in self._sources:
            return tuple(c for c, (read_as, _) in UNITS.items() if read_as == field and c in self._sources) or (field,)
        return (field,)

    def label(self, field: str) -> str:
        """The headers of a field's columns, as they are written in the file."""
        return " / ".join(self._sources[name].label if name in self._sources else name for name in self._fields(field))

    def written(self, field: str, texts: Sequence[str]) -> str:
        """What the row has in a field's columns."""
        sources = [self._sources[name] for name in self._fields(field) if name in self._sources]
        return ", ".join(text for source in sources if (text := source.text(texts)))
