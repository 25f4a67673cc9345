"""How a register was read: the row of its header, and what was skipped, filled or not read."""

from typing import Any

from rich.console import Console
from rich.text import Text

from commands.common.faults import fault_json, show_faults
from commands.common.tables import console
from intake.register.register_file import RegisterResult


def show_header(out: Console, register: RegisterResult) -> None:
    """Print the place of the header: `header: row 3 of sheet 台账`; nothing if there is none."""
    if register.header_place is None or register.header_row is None:
        return
    above = register.header_row - 1
    unread = f" ({'rows' if above > 1 else 'row'} 1{f' to {above}' if above > 1 else ''} not read)" if above else ""
    out.print(Text(f"header: {register.header_place}{unread}"))


def tell_reading(register: RegisterResult | None, as_json: bool) -> None:
    """Print the warnings and the header's place; beside a JSON object only the warnings, on standard error."""
    if register is None:
        return
    out = Console(stderr=True, markup=False, highlight=False, emoji=False) if as_json else console()
    show_faults(out, register.warnings, "warning")
    if not as_json:
        show_header(out, register)


def reading_json(register: RegisterResult) -> dict[str, Any]:
    """The sheet (null for CSV), the row of its header, and the warnings."""
    warnings = [fault_json(fault) for fault in register.warnings]
    return {"file": register.file, "sheet": register.sheet, "header_row": register.header_row, "warnings": warnings}
