"""The expectations in messages about files: their text, their cells, and the fields of their models.

Each completes the words "expected ...".
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

# --- a file -----------------------------------------------------------------------------------------------------------

UTF8 = "UTF-8 text: save the file as UTF-8"
TABLE_TEXT = "text in UTF-8, UTF-16 or GB18030, or an XLSX workbook"
WORKBOOK = "a readable workbook: open it, save it as XLSX, try again"
PASSWORD = "a workbook without a password"
QUOTES = "a CSV row whose quotes are closed"
READ_AS_GB18030 = "UTF-8: the file is not UTF-8 and was read as GB18030"
YAML_FIELDS = "fields, each as `name: value`"
YAML_ALIAS = "a value: anchors and aliases (&, *) are not used here"
YAML_TAG = "a plain value: tags (!) are not used here"
YAML_DEPTH = "a file that is nested less deeply"


def readable_yaml(problem: str) -> str:
    return f"readable YAML: {problem}"


def key_once(first_line: int) -> str:
    return f"each field once: line {first_line} has it already"


# --- a day ------------------------------------------------------------------------------------------------------------

DAY = "a day such as 2026-12-02, 2026/12/2 or 2026年12月2日"
DAY_ORDER = "the year first, such as 2026-12-01: the order of day and month is not clear here"
DAY_OF_CALENDAR = "a day of the calendar: there is none with this month and day"
DAY_WITH_YEAR = "a day with its year, such as 2026-12-01"


def weekday_of(day: date) -> str:
    return f"a weekday that agrees: {day} is 星期{'一二三四五六日'[day.weekday()]}"


def day_within(first: date, last: date, years: int) -> str:
    why = f"it falls between {first} and {last} {'more than once' if years else 'in no year'}"
    return f"a day with its year, such as {first}: {why}"


# --- a sheet ----------------------------------------------------------------------------------------------------------

SHEET_OF_CSV = "a workbook: a CSV file has no sheets"
HEADER_OF_EXPORT = "the header that `starter.py export` writes"
ERROR_CELL = "a value: the spreadsheet shows an error here, correct its formula or type the value"
NO_RESULT = "a saved result: a program wrote this formula; open the file in a spreadsheet, save it, give it again"
LOST_DIGITS = "text: digits of a number above 15 are lost, format the column as text and type it again"
ERRORS_READ_AS_EMPTY = "an XLSX workbook: in this format an error (#N/A) or a formula without a result reads as empty"
MERGED_FILLED = "a value in each cell: these merged cells were filled with the value that they show"
NOTE_ROW = "a site: this is a note, not read as a site"
NOTE_OF_ONE_CELL = "a site: only one cell has text, not read as a site: a note?"


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


def sheet_named(name: str) -> str:
    """The expectation for a workbook that lacks the sheet."""
    return f"a sheet named {name}, as `starter.py export` writes it"


# --- a field ----------------------------------------------------------------------------------------------------------

DATE = "a date such as 2021-07-17"
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
