"""The register taken along and brought back: exported with its states, edited without a network, read back."""

from pathlib import Path

from cyclopts import App

from commands.common.arguments import Misused
from commands.common.flags import PLAINLY, Flag, Sending
from commands.common.help_groups import OFFLINE as OFFICE
from commands.common.help_groups import examples

offline = App()


@offline.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py export henan-2021 --out out/register.xlsx",
        "starter.py export henan-2021 --city 410400 --out out/pingdingshan.csv",
    ),
)
async def export(campaign: str, /, *, out: Path, city: str | None = None, json: Flag = False) -> int:
    """Write the register with all states and tasks to a file that can be edited without a network.

    A workbook has two sheets, register and tasks, with the cells that may be edited in yellow; for a CSV the tasks
    go to a second file, NAME.tasks.csv. Keep the column `version`: by it `import` knows what was exported.

    Args:
        campaign: The campaign's id.
        out: The file (.xlsx or .csv).
        city: Only this city's sites (its code or name).
        json: Print one JSON object.
    """
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise Misused(f"--out: expected a file that ends with .xlsx or .csv, not {out.name!r}")
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.offline.view import exported_page
    from services.offline.exporting import export_register

    async with connected() as servers:
        exported = await export_register(await servers.pool(), campaign, city, out)
    show(exported_page(exported), json)
    return 0


@offline.command(
    name="import",
    group=OFFICE,
    help_epilogue=examples(
        "starter.py import henan-2021 out/register.xlsx --dry-run --as zhao:county:410404",
        "starter.py import henan-2021 out/register.tasks.csv --conflicts out/conflicts.csv --as zhao:county:410404",
    ),
)
async def import_(
    campaign: str,
    file: Path,
    /,
    *,
    dry_run: Flag = False,
    conflicts: Path | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Read an edited export back: edits become commands, and what somebody else changed meanwhile is reported.

    Of each field three versions are compared: as exported, as edited, as it is now. What only the file changed is
    sent; what both changed differently is a conflict and is left as it is, with who changed it and when. The same file
    again changes nothing. With NAME.csv the tasks of NAME.tasks.csv are read too, where that file is there. Ends with 1
    when there were conflicts or refusals.

    Args:
        campaign: The campaign's id.
        file: A file that `export` wrote, edited: the workbook, or either CSV.
        dry_run: Only show what would be done, and what would be refused.
        conflicts: Write conflicts and refusals to this CSV file.
    """
    from commands.common.connection import connected
    from commands.common.faults import faults_shown
    from commands.offline.view import tell_imported
    from services.offline.importing import bring_back

    async with connected() as servers:
        with faults_shown(sending.json):
            imported = await bring_back(servers, campaign, file, dry_run, sending)
    tell_imported(imported, conflicts, dry_run, sending.json)
    return 0
