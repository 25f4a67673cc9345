"""The groups of the program's help, by the role that uses a command, and the examples below a command's help."""

from cyclopts import Group
from rich.cells import cell_len

PROVINCE = Group("Province", sort_key=1)


CITY = Group("City and county", sort_key=2)


CASES = Group("Extension and case", sort_key=3)


RESTORATION = Group("Restoration modes", sort_key=4)


SUPERVISION = Group("Supervision", sort_key=5)


DOCUMENTS = Group("Documents, receipts, escalation", sort_key=6)


OFFLINE = Group("Without a network", sort_key=7)


REHEARSAL = Group("Rehearsal", sort_key=8)


_WIDTH = 78
"""The maximum width for a terminal of 80 columns; the help would break a longer line anywhere."""


def examples(*lines: str) -> str:
    """Command lines as typed; a long one is continued after a backslash, before an option.

    Widths are terminal columns: a Chinese character has two.
    """
    return "\n".join(["Examples:", *(part for line in lines for part in _broken(line)), ""])


def _broken(line: str) -> list[str]:
    first, *options = line.split(" --")
    parts = [f"  {first}"]
    for option in options:
        if cell_len(parts[-1]) + cell_len(option) + len(" -- \\") > _WIDTH:
            parts[-1] += " \\"
            parts.append(f"      --{option}")
        else:
            parts[-1] += f" --{option}"
    return parts
