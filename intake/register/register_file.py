"""Reads a register (台账) as sites; each bad row is reported with all its faults."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from intake.files.faults import Fault
from intake.files.grid import TablePlace, TableSpec
from intake.files.sheets import ANYWHERE, SheetTable, read_sheet
from intake.register import wording
from intake.register.cell_check import CellCheck
from intake.register.code_columns import plain_codes
from intake.register.grade_check import GradeCheck, Grades
from intake.register.headers import FIELDS, REQUIRED, plain_header
from intake.register.mapping import RegisterMap, Source, sources
from intake.register.merging import grouped, merged_site
from intake.register.mode_check import of_plan
from intake.register.nearness import misplaced
from intake.register.place_check import COORDINATES
from intake.register.row_check import ReadRow, RowCheck
from intake.register.survey_check import SurveyCheck, SurveyContext
from intake.register.unit_columns import exact_area
from schemas.plan import Datum, Plan
from schemas.register import Site

Progress = Callable[[int, int], None]
"""Called with the number of rows done and the total, every `_STEP` rows and at the end."""

_STEP = 1000
ADDED_COLUMNS = ("row", "faults")
"""The columns that the file of bad rows adds; a corrected file may still contain them."""


@dataclass(frozen=True)
class BadRow:
    """A row that is not a valid site: its cells, unchanged, and its faults."""

    row: int
    cells: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class RegisterResult:
    """The result of reading a register. `faults` has every fault: first those of the file, then each bad row's.

    A fault of the file (a missing column, an unreadable sheet) gives no sites and no bad rows, so that none can be
    skipped. `warnings` have the type of faults and do not stop a start. Rows without any text are not counted.
    """

    file: str
    header: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    bad_rows: tuple[BadRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    merged_rows: int = 0
    """Good rows beyond the first of their site, if the mapping merges them."""
    datums: tuple[tuple[Datum, int], ...] = ()
    """The datums of the sites' places, and of how many; the sites themselves are WGS 84."""

    areas: tuple[tuple[str, Fraction], ...] = ()
    """The hectares of the sites (by id) whose own are rounded, as they follow from what is written."""

    grades: Grades = ()
    """How many sites each rule of the plan's `grading` graded; empty without it."""

    sheet: str | None = None
    header_row: int | None = None
    """The sheet that was read (None for CSV), and the row of its header; None if there is no header."""

    @property
    def converted(self) -> int:
        """Places that were converted to WGS 84."""
        return sum(count for datum, count in self.datums if datum != "wgs84")

    @property
    def without_place(self) -> int:
        """Sites without coordinates."""
        return sum(site.latitude is None for site in self.sites)

    @property
    def header_place(self) -> str | None:
        """`row 3 of sheet 台账`; None if there is no header."""
        of = f" of sheet {self.sheet}" if self.sheet is not None else ""
        return f"row {self.header_row}{of}" if self.header_row is not None else None

    @property
    def readable(self) -> bool:
        """Whether the rows could be checked; bad rows may be skipped only then."""
        return len(self.faults) == sum(len(bad.faults) for bad in self.bad_rows)

    @property
    def rows(self) -> int:
        """Rows with any text, good and bad."""
        return len(self.sites) + len(self.bad_rows) + self.merged_rows


def read_register(
    path: Path,
    plan: Plan,
    mapping: RegisterMap | None = None,
    progress: Progress | None = None,
    survey: SurveyContext | None = None,
    place: TablePlace = ANYWHERE,
) -> RegisterResult:
    """Reads a CSV or XLSX register and checks it against its plan. Raises NotFound when the file does not exist.

    With `survey`, the rows are sites that the survey found: their ids must be new, and each is marked with the survey.
    """
    optional = COORDINATES if plan.places == "optional" else ()
    sheet = read_sheet(path, table_spec(mapping, optional), place)
    if sheet.fault is not None:
        return RegisterResult(sheet.file, faults=(sheet.fault,), warnings=sheet.warnings)
    found, faults = sources(sheet.file, sheet.header, mapping, optional, sheet.header_row)
    found = of_plan(found, plan)
    warnings = sheet.warnings + _ignored_columns(sheet, found)
    if faults:
        return RegisterResult(
            sheet.file,
            sheet.header,
            faults=tuple(faults),
            warnings=warnings,
            sheet=sheet.sheet,
            header_row=sheet.header_row,
        )
    sheet = replace(sheet, rows=plain_codes(sheet.rows, found))
    width = len(sheet.header)
    check = RowCheck(sheet.file, plan, found, width)
    if survey is not None:
        check = SurveyCheck(sheet.file, plan, found, width, survey)
    grades = GradeCheck(plan)
    merges = mapping is not None and mapping.rules.rows is not None
    sites: list[Site] = []
    bad: list[BadRow] = []
    rows_of: dict[str, int] = {}
    datums: Counter[Datum] = Counter()
    areas: dict[str, Fraction] = {}
    cell_check = CellCheck(sheet, found)
    groups = _read_rows(check, cell_check, len(sheet.rows), merges, progress)
    for group in groups:
        site = merged_site(check, group) if merges else check.site(group[0])
        if site is None:
            bad.extend(BadRow(read.row, tuple(read.texts), tuple(cell_check.faults(check, read))) for read in group)
            continue
        sites.append(site := grades.graded(site, group[0].row))
        rows_of[site.id] = group[0].row
        if (area := exact_area(found, group[0].texts)) is not None and area != site.area_ha:
            areas[site.id] = area
        if group[0].datum is not None:
            datums[group[0].datum] += 1
    bad.sort(key=lambda row: row.row)
    standing = survey.standing if survey is not None else ()
    return RegisterResult(
        sheet.file,
        sheet.header,
        sites=tuple(sites),
        bad_rows=tuple(bad),
        faults=tuple(fault for row in bad for fault in row.faults),
        warnings=(
            *warnings,
            *check.warnings(),
            *grades.warnings(sheet.file, check.label("hazard")),
            *misplaced(sheet.file, sites, rows_of, standing),
        ),
        merged_rows=len(sheet.rows) - len(sites) - len(bad),
        datums=tuple(sorted(datums.items())),
        areas=tuple(areas.items()),
        grades=grades.counts(),
        sheet=sheet.sheet,
        header_row=sheet.header_row,
    )


def table_spec(mapping: RegisterMap | None, optional: Collection[str] = ()) -> TableSpec:
    """The columns of a register: those that the mapping names, and for other fields the known headers.

    `optional` are fields for which no column is required.
    """
    mapped: dict[str, set[str]] = {}
    known: dict[str, set[str]] = {}
    constant: set[str] = set()
    for field, names in FIELDS.items():
        rule = getattr(mapping.rules, field) if mapping is not None else None
        if rule is None:
            for name in names:
                known.setdefault(plain_header(name), set()).add(field)
        elif rule.const is not None:
            constant.add(field)
        for name in (*rule.column, *rule.join, *rule.hash) if rule is not None else ():
            mapped.setdefault(name.strip(), set()).add(field)
    return TableSpec(
        lambda header: mapped.get(header, set()) | known.get(plain_header(header), set()),
        frozenset(REQUIRED) - constant - frozenset(optional),
    )


def _read_rows(
    check: RowCheck, cell_check: CellCheck, total: int, merges: bool, progress: Progress | None
) -> Iterable[Sequence[ReadRow]]:
    """The rows of each site: one, or with `merges` all of one id."""

    def rows() -> Iterator[ReadRow]:
        for done in range(1, total + 1):
            yield cell_check.read(check, done - 1)
            if progress is not None and (done % _STEP == 0 or done == total):
                progress(done, total)

    return grouped(list(rows())) if merges else ((read,) for read in rows())


def read_divisions(
    path: Path, mapping: RegisterMap | None = None, place: TablePlace = ANYWHERE
) -> tuple[list[tuple[str, str, str]], list[Fault]]:
    """City as it is written and as the mapping makes it, and county, of each row; and the faults of a register whose
    columns can not be read.
    """
    sheet = read_sheet(path, table_spec(mapping, COORDINATES), place)
    if sheet.fault is not None:
        return [], [sheet.fault]
    found, faults = sources(sheet.file, sheet.header, mapping, COORDINATES, sheet.header_row)
    if faults:
        return [], faults
    rows = plain_codes(sheet.rows, found)
    city, county = found["city"], found["county"]
    return [(city.name(cells), city.value(cells), county.value(cells)) for _, cells in rows], []


def _ignored_columns(sheet: SheetTable, found: dict[str, Source]) -> tuple[Fault, ...]:
    """Warnings about ignored columns: a second column for a field, a column without a name, and, as one warning, the
    columns whose headers are unknown.
    """
    read = {index for source in found.values() for index in source.indexes}
    synonyms = {plain_header(theirs): field for field, names in FIELDS.items() for theirs in names}
    warnings: list[Fault] = []
    unknown: list[str] = []
    for index, name in enumerate(sheet.header):
        if index in read or name in ADDED_COLUMNS:
            continue
        field = synonyms.get(plain_header(name))
        if field is not None and field in found:
            expected = wording.other_column(field, found[field].label)
            warnings.append(Fault(sheet.file, name, expected, row=sheet.header_row, column=name))
        elif name:
            unknown.append(name)
        else:
            warnings.append(Fault(sheet.file, "", wording.NO_COLUMN, row=sheet.header_row, column=str(index + 1)))
    if unknown:
        warnings.append(Fault(sheet.file, ", ".join(unknown), wording.NOT_READ, row=sheet.header_row))
    return tuple(warnings)
