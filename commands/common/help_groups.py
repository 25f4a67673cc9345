"""The groups of the program's help, by whose work a command is, and the examples below a command's help."""

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
"""What fits a terminal of 80 columns; the help would break a longer line anywhere."""


def examples(*lines: str) -> str:
    """Command lines as a user would type them; a long one goes on after a backslash, before an option.

    Widths are those on a terminal, where a Chinese character is two columns wide.
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
