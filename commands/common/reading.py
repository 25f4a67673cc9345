"""How a register was read: the row of its header, and what was skipped, filled or not read."""

from typing import Any

from rich.console import Console
from rich.text import Text

from commands.common.faults import fault_json, show_faults
from commands.common.page import Page
from commands.common.tables import console
from intake.register.register_file import RegisterResult


def header_said(register: RegisterResult) -> str | None:
    """`row 3 of sheet 台账 (rows 1 to 2 not read)`; None if there is no header."""
    if register.header_place is None or register.header_row is None:
        return None
    above = register.header_row - 1
    unread = f" ({'rows 1 to ' if above > 1 else 'row '}{above} not read)" if above else ""
    return register.header_place + unread


def show_header(out: Console, register: RegisterResult) -> None:
    """Print the place of the header, if there is one."""
    if (said := header_said(register)) is not None:
        out.print(Text(f"header: {said}"))


def tell_warnings(register: RegisterResult | None, as_json: bool) -> None:
    """Print the warnings for people, if there are any."""
    if register is not None and not as_json:
        show_faults(console(), register.warnings, "warning")


def with_reading(page: Page, register: RegisterResult | None) -> Page:
    """The page, with how the register was read in its JSON."""
    return page if register is None else Page({**page.data, "register": reading_json(register)}, page.shown)


def reading_json(register: RegisterResult) -> dict[str, Any]:
    """The sheet (null for CSV), the row of its header, and the warnings."""
    warnings = [fault_json(fault) for fault in register.warnings]
    return {"file": register.file, "sheet": register.sheet, "header_row": register.header_row, "warnings": warnings}
