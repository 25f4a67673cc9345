"""The expectations in messages about registers. Each completes the words "expected ..."."""

from collections.abc import Collection, Sequence

_WORDS = 12
"""Words of the catalogue that a message names at most."""
WITH_VALUES = "`values` in --map translates the words of a register"

# --- columns ----------------------------------------------------------------------------------------------------------

NO_COLUMN = "a column name: this column has none, it is not read"
NOT_READ = "known columns only: these are not read"


def column_for(field: str, names: tuple[str, ...]) -> str:
    return f"a column for {field}, headed {' or '.join(names[:4])}; --map names others"


def column_once(field: str) -> str:
    return f"one column for {field}: this header stands twice"


def other_column(field: str, used: str) -> str:
    return f"one column for {field}: {used} is read, this one is not"


def mapped_column(register: str, near: list[str]) -> str:
    return f"a column of {register}" + (f", perhaps {' or '.join(near)}" if near else "")


def cells_at_most(count: int) -> str:
    return f"at most {count} cells, as many as the header"


# --- cells ------------------------------------------------------------------------------------------------------------

ROWS_OF_ONE_SITE = "if the rows are one site with several problems: `rows: {merge: problems}` in --map"
REQUIRED_CELL = "a value: this column is required"
CONTROL = "text without control characters or line breaks"
NUMBER = "a number such as 3.25 or 1,200"
AREA = "an area in hectares, or with its unit, such as 0.43, 6.5亩 or 1200m²"
MONEY = "an amount of yuan, such as 12000 or 1.2万元"
DEGREES = "degrees such as 33.7501 or 33°45′0.4″"
SIXTIETHS = "minutes and seconds below 60"
SIGN_AND_HEMISPHERE = "a sign or a hemisphere, not both"
LATITUDE = "a latitude, north or south: latitude and longitude are probably swapped"
LONGITUDE = "a longitude, east or west: latitude and longitude are probably swapped"
PAIR = "a pair of coordinates: latitude and longitude, in degrees"
PLANE_METRES = (
    "degrees: this looks like plane metres (Gauss-Krüger without a zone, or UTM), "
    "convert them to degrees (CGCS2000 geographic) first"
)

DATUM = "a datum: wgs84 (CGCS2000 is the same), gcj02 or bd09"
PROBLEMS = "problems such as `adit_open*2; shed`"
PROBLEM_ONCE = "each problem once, with its count, such as `adit_open*2`"
LENGTH = "a number of metres, or with its unit, such as 12, 12.5m or 0.3km"
HAZARD = "high, medium or low (高, 中, 低)"
YES_OR_NO = "yes or no (是, 否)"
ROUNDED_ID = "an id as text: a spreadsheet has rounded this number, format the column as text"
SITE_FIELDS = {
    "id": "an id of 1 to 64 characters without space, slash or colon",
    "name": "a name of 1 to 200 characters",
    "city": "a city code: letters, digits, dot, dash or underscore, at most 64",
    "county": "a county of 1 to 100 characters",
    "township": "a township of 1 to 100 characters",
    "responsible_person": "an opaque id of 1 to 64 ASCII letters, digits and . _ @ - (never a name)",
    "latitude": "a latitude from -90 to 90",
    "longitude": "a longitude from -180 to 180",
    "type": "a site type as in the catalogue: letters, digits, dot, dash or underscore, at most 64",
    "mineral": "a mineral of at most 100 characters",
    "area_ha": "an area from 0 to 1000000 hectares",
    "depth_m": "a depth from 0 to 999999999 metres, with at most 6 decimals",
    "distance_m": "a distance from 0 to 999999999 metres, with at most 6 decimals",
    "problems": PROBLEMS + ": each of letters, digits, dot, dash or underscore, its count above 0 with at most "
    "6 decimals",
    "hazard": HAZARD,
    "responsible": "names, separated by semicolons",
    "lead_government": "a government of 1 to 128 characters",
    "departments": "at most 20 departments of 1 to 128 characters, separated by semicolons",
    "enterprise": "an enterprise of 1 to 128 characters",
    "newly_found": YES_OR_NO,
    "missed": YES_OR_NO,
    "restoration_mode": "a restoration mode",
    "funding_mode": "a funding mode",
    "planned_cny": "an amount of yuan from 0, with at most 2 decimals",
    "planned_ha": "an area from 0 hectares, with at most 4 decimals",
    "planned_mu": "an area from 0 mu, with at most 4 decimals",
}


def graded_otherwise(rule: str, hazard: str, rows: int) -> str:
    """A cell of the register and a rule of the plan give different hazards."""
    more = f" (the same in {rows - 1} more rows)" if rows > 1 else ""
    return f"{hazard}, as {rule} grades the site: the rule holds, and the cell is not used{more}"


def maybe_merged(expected: str, row: int) -> str:
    return f"{expected}; row {row} has one: if these cells were merged, fill each of them"


def decimal_comma(expected: str) -> str:
    return f"{expected}: a comma separates thousands, in groups of three; decimals have a point"


def unit_of(expected: str, units: tuple[str, ...]) -> str:
    return expected + (f": the units are {', '.join(units)}" if units else "")


def gauss_krueger(zone: int, meridian: int) -> str:
    return (
        f"degrees: this looks like Gauss-Krüger plane metres (zone {zone}, central meridian {meridian}°), "
        "convert them to degrees (CGCS2000 geographic) first"
    )


def restoration_mode(known: str) -> str:
    return f"a restoration mode: {known}"


def funding_mode(known: str) -> str:
    return f"a funding mode: {known}"


def within(south: float, north: float, west: float, east: float) -> str:
    return f"a place inside the plan's extent, latitude {south:g} to {north:g}, longitude {west:g} to {east:g}"


def swapped(place: str) -> str:
    return f"{place}: latitude and longitude are probably swapped"


# --- a site -----------------------------------------------------------------------------------------------------------

FOUND_ONE_WAY = "a site that is newly found or missed, not both"
FOUND_SOMEHOW = "yes in newly_found or in missed (or --found says it for all rows that do not)"
DEPARTMENT_ONCE = "each department once, separated by semicolons"
NOT_ITS_OWN_SIGNATORY = "an enterprise that is none of the site's departments: who builds a site does not sign it off"


def same_amount(first: object, other: object) -> str:
    return f"the same in both columns: in one unit they are {first} and {other}"


def code_once(code: str, row: int, name: str) -> str:
    return f"a name with a code of its own: row {row} has {name}, which is {code} too; `values` tells them apart"


def same_in_rows(row: int, written: str) -> str:
    return f"what row {row} of the same site has: {written or 'nothing'}"


def rows_of_site(row: int) -> str:
    return f"a site whose rows are all good: row {row} is not"


def asked_at_most(entry: str, quantity: str, most: str) -> str:
    return f"counts with which {entry}, {quantity} for each problem, asks for at most {most}"


def id_new(where: str) -> str:
    return f"an id of its own: {where} has this one already"


MODES_WITHOUT_WORK = "modes under which the site has work: no entry of the catalogue is asked for under these"


def modes_allowed(pairs: str) -> str:
    return f"modes that go together by the plan: {pairs}"


def same_area(ha: object, mu: object) -> str:
    return f"the same area in both columns: {ha} ha are {mu:f} mu (1 ha = 15 mu)"


def id_once(row: int, first: str) -> str:
    """`first` is how that row spells it."""
    return f"an id of its own: row {row} has it already, as {first}; {ROWS_OF_ONE_SITE}"


def area_in(most: str, unit: str) -> str:
    """`most` is the largest area, in the unit of the column."""
    return f"an area from 0 to {most} {unit}, of at most 15 digits in hectares"


def city_of_plan(names: list[str]) -> str:
    return "a city of the plan: " + ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")


def county_of(city: str, name: str) -> str:
    return f"a county code of GB/T 2260 under {city} {name}"


def catalogue_applies(types: list[str]) -> str:
    known = f" (the catalogue knows the types {', '.join(types[:8])})" if types else ""
    return f"a type and problems to which an entry of the catalogue applies{known}: the site could never be closed"


# --- all rows ---------------------------------------------------------------------------------------------------------


def perhaps_twice(first: str, metres: float | None) -> str:
    apart = "no place to tell them apart by" if metres is None else f"{metres:,.0f} m away"
    return f"a site of its own: {first} has the same name or place ({apart}); correct it or leave one out if it is one"


def open_elsewhere(where: str) -> str:
    return f"a site that no other running campaign works on: {where} is open"


MORE_ELSEWHERE = "sites that no other running campaign works on: these too are open in one"
MORE_TWICE = "sites of their own: these too have the name or place of another one"
MORE_FAR = "places near the other sites of their county: these too are far away"


def far_from_others(area: str, metres: float) -> str:
    return f"a place near the other sites of {area}: it is {metres / 1000:,.0f} km from their middle"


def spelt_before(first: str) -> str:
    return f"one spelling of an office: it is read as {first}, as it was spelt before"


def departments_named(rows: int) -> str:
    return f"a department that signs ({rows} rows without one, this is the first): they close after the last level"


def departments_asked(rows: int) -> str:
    return f"the plan's option sign_off: without it the departments of {rows} rows are asked for nothing"


def areas_rounded(rows: int) -> str:
    finer = f"{rows} rows are finer, this is the first; they are" if rows > 1 else "this row is finer, it is"
    return f"hectares with at most 6 decimals: {finer} rounded"


def type_known(rows: Sequence[int], types: Collection[str]) -> str:
    return f"a type of the catalogue ({listed(types)}): no entry names this one ({_counted(rows)}); {WITH_VALUES}"


def problem_known(rows: Sequence[int], problems: Collection[str]) -> str:
    return f"a problem of the catalogue ({listed(problems)}): no entry names this one ({_counted(rows)}); {WITH_VALUES}"


def problem_works(kind: str, rows: Sequence[int]) -> str:
    return f"a problem that asks for work at a site of type {kind}: no entry asks for any ({_counted(rows)})"


def _counted(rows: Sequence[int]) -> str:
    return f"{len(rows):,} rows, the first is row {rows[0]}" if len(rows) > 1 else f"row {rows[0]}"


def listed(words: Collection[str]) -> str:
    """The first words of the catalogue."""
    return ", ".join([*list(words)[:_WORDS], *(["..."] if len(words) > _WORDS else [])])


ROUND_FILE = "the path of a readable register beside this file"
ROUND_ROWS = "at least one row: a survey that found nothing is none"
