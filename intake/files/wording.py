"""The expectations in fault messages: all messages of intake/. Each completes the words "expected ..."."""

from collections.abc import Sequence
from datetime import date
from typing import Any

# --- files --------------------------------------------------------------------------------------------------------

UTF8 = "UTF-8 text: save the file as UTF-8"
TABLE_TEXT = "text in UTF-8, UTF-16 or GB18030, or an XLSX workbook"
WORKBOOK = "a readable workbook: open it, save it as XLSX, try again"
PASSWORD = "a workbook without a password"
QUOTES = "a CSV row whose quotes are closed"
NO_COLUMN = "a column name: this column has none, it is not read"
READ_AS_GB18030 = "UTF-8: the file is not UTF-8 and was read as GB18030"
YAML_FIELDS = "fields, each as `name: value`"
YAML_ALIAS = "a value: anchors and aliases (&, *) are not used here"
YAML_TAG = "a plain value: tags (!) are not used here"
YAML_DEPTH = "a file that is nested less deeply"
NOT_READ = "known columns only: these are not read"


def readable_yaml(problem: str) -> str:
    return f"readable YAML: {problem}"


def key_once(first_line: int) -> str:
    return f"each field once: line {first_line} has it already"


# --- a day --------------------------------------------------------------------------------------------------------

DAY = "a day such as 2026-12-02, 2026/12/2 or 2026年12月2日"
DAY_ORDER = "the year first, such as 2026-12-01: the order of day and month is not clear here"
DAY_OF_CALENDAR = "a day of the calendar: there is none with this month and day"
DAY_WITH_YEAR = "a day with its year, such as 2026-12-01"


def weekday_of(day: date) -> str:
    return f"a weekday that agrees: {day} is 星期{'一二三四五六日'[day.weekday()]}"


def day_within(first: date, last: date, years: int) -> str:
    why = f"it falls between {first} and {last} {'more than once' if years else 'in no year'}"
    return f"a day with its year, such as {first}: {why}"


# --- a sheet ------------------------------------------------------------------------------------------------------

SHEET_OF_CSV = "a workbook: a CSV file has no sheets"
HEADER_OF_EXPORT = "the header that `starter.py export` writes"
ERROR_CELL = "a value: the spreadsheet shows an error here, correct its formula or type the value"
NO_RESULT = "a saved result: a program wrote this formula; open the file in a spreadsheet, save it, give it again"
LOST_DIGITS = "text: digits of a number above 15 are lost, format the column as text and type it again"
ERRORS_READ_AS_EMPTY = "an XLSX workbook: in this format an error (#N/A) or a formula without a result reads as empty"
MERGED_FILLED = "a value in each cell: these merged cells were filled with the value that they show"
NOTE_ROW = "a site: this is a note, not read as a site"


def one_sheet_only(name: str) -> str:
    return f"one sheet: only {name} is read; --sheet names another"


def sheet_there(name: str) -> str:
    return f"a sheet named {name}, or as many sheets"


def header_there(rows: int) -> str:
    return f"a header row of column names here: the sheet has {rows} rows"


def header_found(rows: int, sheet: str | None, others: Sequence[str]) -> str:
    where = f"rows 1 to {rows}" if rows > 1 else "row 1"
    of = f" of sheet {sheet}" if sheet is not None else ""
    more = f" or --sheet (the others: {', '.join(others)})" if others else ""
    return (
        f"a header row in {where}{of}: no column name is known there; --map names columns, --header-row the row{more}"
    )


def total_row(wrong: Sequence[str]) -> str:
    return "; ".join(("a site: this is a total row, not read as a site", *wrong))


def total_of_rows(said: int, rows: int) -> str:
    return f"its count {said} is not that of the {rows} row{'s' if rows != 1 else ''} before it"


def total_of_areas(said: str, area: str) -> str:
    return f"its area {said} is not {area}, the sum of the rows before it"


def repeated_header(rows: Sequence[int]) -> str:
    listed = ", ".join(str(row) for row in rows[:6]) + (", ..." if len(rows) > 6 else "")
    return f"one header: it stands again in {'rows' if len(rows) > 1 else 'row'} {listed}, not read as a site"


def maybe_merged(expected: str, row: int) -> str:
    return f"{expected}; row {row} has one: if these cells were merged, fill each of them"


# --- a register ---------------------------------------------------------------------------------------------------

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
HAZARD = "high, medium or low (高, 中, 低)"
YES_OR_NO = "yes or no (是, 否)"
FOUND_ONE_WAY = "a site that is newly found or missed, not both"
FOUND_SOMEHOW = "yes in newly_found or in missed (or --found says it for all rows that do not)"
ROUNDED_ID = "an id as text: a spreadsheet has rounded this number, format the column as text"

DEPARTMENT_ONCE = "each department once, separated by semicolons"
NOT_ITS_OWN_SIGNATORY = "an enterprise that is none of the site's departments: who builds a site does not sign it off"

SITE_FIELDS = {
    "id": "an id of 1 to 64 characters without space, slash or colon",
    "name": "a name of 1 to 200 characters",
    "city": "a city code: letters, digits, dot, dash or underscore, at most 64",
    "county": "a county of 1 to 100 characters",
    "latitude": "a latitude from -90 to 90",
    "longitude": "a longitude from -180 to 180",
    "type": "a site type as in the catalogue: letters, digits, dot, dash or underscore, at most 64",
    "mineral": "a mineral of at most 100 characters",
    "area_ha": "an area from 0 to 1000000 hectares",
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


def decimal_comma(expected: str) -> str:
    return f"{expected}: a comma separates thousands, in groups of three; decimals have a point"


def unit_of(expected: str, units: tuple[str, ...]) -> str:
    return expected + (f": the units are {', '.join(units)}" if units else "")


def gauss_krueger(zone: int, meridian: int) -> str:
    return (
        f"degrees: this looks like Gauss-Krüger plane metres (zone {zone}, central meridian {meridian}°), "
        "convert them to degrees (CGCS2000 geographic) first"
    )


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


MODES_WITHOUT_WORK = "modes under which the site has work: no entry of the catalogue is asked for under these"


def restoration_mode(known: str) -> str:
    return f"a restoration mode: {known}"


def funding_mode(known: str) -> str:
    return f"a funding mode: {known}"


def modes_allowed(pairs: str) -> str:
    return f"modes that go together by the plan: {pairs}"


def same_area(ha: object, mu: object) -> str:
    return f"the same area in both columns: {ha} ha are {mu:f} mu (1 ha = 15 mu)"


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


def id_once(row: int, first: str) -> str:
    """`first` is how that row spells it."""
    return f"an id of its own: row {row} has it already, as {first}"


def city_of_plan(names: list[str]) -> str:
    return "a city of the plan: " + ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")


def county_of(city: str, name: str) -> str:
    return f"a county code of GB/T 2260 under {city} {name}"


def within(south: float, north: float, west: float, east: float) -> str:
    return f"a place inside the plan's extent, latitude {south:g} to {north:g}, longitude {west:g} to {east:g}"


def swapped(place: str) -> str:
    return f"{place}: latitude and longitude are probably swapped"


def catalogue_applies(types: list[str]) -> str:
    known = f" (the catalogue knows the types {', '.join(types[:8])})" if types else ""
    return f"a type and problems to which an entry of the catalogue applies{known}: the site could never be closed"


def departments_named(rows: int) -> str:
    return f"a department that signs ({rows} rows without one, this is the first): they close after the last level"


def departments_asked(rows: int) -> str:
    return f"the plan's option sign_off: without it the departments of {rows} rows are asked for nothing"


def areas_rounded(rows: int) -> str:
    finer = f"{rows} rows are finer, this is the first; they are" if rows > 1 else "this row is finer, it is"
    return f"hectares with at most 6 decimals: {finer} rounded"


def problem_known(rows: int, first: int) -> str:
    return f"a problem of the catalogue: no entry names it ({rows} rows, the first is row {first})"


# --- a plan -------------------------------------------------------------------------------------------------------

BOTH_OFF_AND_ON = "a day in off_days or in work_days, not in both"
DIVISION = "a division code of GB/T 2260 (or `division_codes: free`)"
GRACE = "at least 1 day: a site never climbs two rungs on one day"
DATE = "a date such as 2021-07-17"


def known_holidays(year: int) -> str:
    return f"a day from {year}-01-01 on: holidays before are not known (calendar.source: weekdays needs none)"


def within_years(years: int, latest: object) -> str:
    return f"a day up to {latest}: a campaign lasts {years} years at most; a programme has a campaign for each year"


TIME = "a time such as 09:00"

_CODE = "letters, digits, dot, dash or underscore, beginning with a letter or digit, at most 64 characters"
_NAMES = ("an id without space, slash or colon, at most 64 characters", "one line of text, without control characters")
_EMAIL = "an e-mail address such as office@example.org"

_BY_TYPE = {
    "missing": "this field: it is required",
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "finite_number": "a number",
    "decimal_max_digits": "a number of at most {max_digits} digits",
    "decimal_max_places": "a number with at most {decimal_places} decimals",
    "decimal_whole_digits": "a number of at most {whole_digits} digits before the point",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "enum": "{expected}",
    "literal_error": "{expected}",
    "string_too_short": "text of at least {min_length} character",
    "string_too_long": "text of at most {max_length} characters",
    "too_short": "at least {min_length} entry",
    "too_long": "at most {max_length} entries, there are {actual_length}",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": YAML_FIELDS,
    "model_type": YAML_FIELDS,
    "model_attributes_type": YAML_FIELDS,
}


def validator_said(sentence: str) -> str:
    """The expectation from a validator's message: some messages name what was expected, others a contradiction."""
    stripped = sentence.removeprefix("expected ")
    return stripped if stripped != sentence else f"no contradiction: {sentence}"


def document_kind(known: list[str], near: list[str]) -> str:
    return f"a kind of document{_perhaps(near) or ', one of ' + ', '.join(known)}"


def opens_after(minutes: int) -> str:
    end = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"a time after {end}: until then the sites of a night are woken (wake_spread_minutes: {minutes})"


def no_such_field(known: list[str], near: list[str]) -> str:
    if near:
        return f"a known field, perhaps {near[0]}"
    return f"one of the fields {', '.join(known)}"


def from_pydantic(kind: str, message: str, context: dict[str, Any]) -> str:
    """The expectation for a kind of pydantic error, in plain words; pydantic's own message for the other kinds."""
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        if pattern == r"\S":
            return "text that is not blank"
        if "@" in pattern:
            return _EMAIL
        return _NAMES[0 if "/" in pattern else 1] if pattern.startswith("^[^") else _CODE
    if kind.startswith("date"):
        return DATE
    if kind.startswith("time"):
        return TIME
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    template = _BY_TYPE.get(kind)
    return template.format(**context) if template else message


# --- templates of a plan ------------------------------------------------------------------------------------------

TEMPLATE_FOLDER = "the path of a folder beside this file, with wording.yaml, document.html.j2 or document.txt.j2 in it"
TEMPLATE_FILES = "wording.yaml, document.html.j2 or document.txt.j2: nothing else is read"
SENTENCES = "sentences by kind of document, each as `name: text`"
SENTENCE = "text"
SENTENCE_LIST = "a list of sentences"
NO_SENTENCE = "at least one sentence"


def sentence_key(known: list[str], near: list[str]) -> str:
    return f"a kind of document, `words` or `requests`{_perhaps(near) or ': ' + ', '.join(known)}"


def sentence_name(kind: str, known: list[str], near: list[str]) -> str:
    return f"a sentence of {kind}{_perhaps(near) or ': ' + ', '.join(known)}"


def sentences_exactly(count: int) -> str:
    return f"{count} entries, as many as the table has columns"


def at_most_bytes(count: int) -> str:
    return f"at most {count} bytes"


def _perhaps(near: list[str]) -> str:
    return f", perhaps {near[0]}" if near else ""


OWN_NUMBER = "a document number of its own: this is the plan's"
CHANGED_OR_REMOVED = "an entry that is changed or removed: this one is in both `change` and `remove`"
CITY_KEEPS_NAME = "a city's name as it was: documents and ledger bear it"


def one_of_the_plan(known: Sequence[str]) -> str:
    return f"one of the plan's: {', '.join(known)}"


def sheet_named(name: str) -> str:
    """The expectation for a workbook that lacks the sheet."""
    return f"a sheet named {name}, as `starter.py export` writes it"


# --- targets and surveys ------------------------------------------------------------------------------------------

ROUND_FILE = "the path of a readable register beside this file"
ROUND_ROWS = "at least one row: a survey that found nothing is none"


def area_reaches(target: str, area: str, unmeasured: int) -> str:
    more = f", {unmeasured} without an area" if unmeasured else ""
    return f"sites of at least {target} ha together to reach the county's target: the register has {area} ha{more}"
