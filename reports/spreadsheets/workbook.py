"""Opens workbooks for writing; a text is never made a formula or a link, whichever way it is written."""

from pathlib import Path

from xlsxwriter import Workbook as Workbook
from xlsxwriter.exceptions import FileCreateError as FileCreateError

_AS_WRITTEN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def open_workbook(path: Path) -> Workbook:
    """A workbook whose rows are written in order and not kept in memory. Closing raises FileCreateError."""
    return Workbook(str(path), {"constant_memory": True, **_AS_WRITTEN})
