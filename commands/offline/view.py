"""The results of `export` and `import`: files, edits, conflicts and refusals."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from rich.text import Text

from commands.common.faults import fault_json, show_faults
from commands.common.page import Page
from commands.common.tables import console, facts, print_json, table
from intake.offline_file import EDITABLE
from reports.spreadsheets.csv_file import write_csv
from reports.spreadsheets.text import cell_text
from schemas.errors import InvalidInput, Refused
from schemas.plan import FrozenPlan
from services.common.text import counted, local
from services.offline.edits import Clash, Outcome, Unwanted
from services.offline.exporting import ExportedRegister
from services.offline.importing import Imported, SentEdit

_HEADERS = ("file", "row", "site", "column", "exported", "yours", "now", "who", "when", "what")


def exported_page(exported: ExportedRegister) -> Page:
    """The files with their counts, and the command that reads them back."""
    campaign, names = exported.campaign_id, [str(file) for file in exported.files]
    counts = {"sites": exported.sites, "tasks": exported.tasks}
    shown = facts(
        [
            ("written", " and ".join(names)),
            ("register", counted(exported.sites, "site")),
            ("tasks", counted(exported.tasks, "task")),
            ("edit", f"{', '.join(sorted(EDITABLE))}; keep `version`"),
            ("next", f"starter.py import {campaign} {quote(names[0])} --dry-run --as ID:ROLE:UNIT"),
        ]
    )
    return Page({"campaign_id": campaign, "city": exported.city, **counts, "files": names}, shown)


def tell_imported(imported: Imported, conflicts: Path | None, dry_run: bool, as_json: bool) -> None:
    """Print all results, and write conflicts and refusals to the file `conflicts`.

    Raises:
        Refused: there were conflicts or refusals; everything else was accepted.
        HundredDaysError: the error that stopped the sending.
    """
    trouble = [_trouble(one, imported.frozen) for one in imported.rest]
    trouble += [_refused(edit) for edit in imported.edits if edit.is_refused]
    if conflicts is not None:
        _write(conflicts, trouble)
    _print(imported, trouble, as_json)
    went = sum(edit.went for edit in imported.edits)
    if imported.broken is not None:
        if not as_json:
            sent = f"{went} of {counted(len(imported.edits), 'edit')} sent"
            console().print(f"broken off: {sent}; the same file again sends the rest")
        raise imported.broken.printed(as_json)
    if trouble:
        sent = "nothing was sent" if dry_run else f"{counted(went, 'edit')} sent"
        raise Refused(f"{counted(len(trouble), 'edit')} in conflict or refused, listed above; {sent}").printed(as_json)


def _edit(edit: SentEdit) -> dict[str, Any]:
    one = edit.wanted
    place = {"file": one.row.file, "row": one.row.row, "site": one.row.site_id, "edit": one.edit}
    told = {"verdict": edit.verdict, "reason": edit.reason, "warnings": list(edit.warnings)}
    return {**place, **told, "command_id": one.command_id}


def _trouble(one: Outcome, frozen: FrozenPlan) -> dict[str, Any]:
    line = dict.fromkeys(_HEADERS, "") | {"file": one.row.file, "row": one.row.row, "site": one.row.site_id}
    if isinstance(one, Unwanted):
        return line | {"column": one.column, "yours": one.row.cells.get(one.column, ""), "what": one.reason}
    assert isinstance(one, Clash)
    c, who = one.conflict, one.who
    line |= {"column": c.field, "exported": cell_text(c.exported), "yours": cell_text(c.yours)}
    line |= {"now": cell_text(c.theirs), "what": "changed meanwhile"}
    if one.entry is not None and who is not None:
        line |= {"who": f"{who.id} ({who.role}, {who.unit})", "when": local(one.entry.at, frozen.plan.zone)}
        line["what"] = f"changed meanwhile: {one.entry.kind}"
    return line


def _refused(edit: SentEdit) -> dict[str, Any]:
    told = _edit(edit)
    line = dict.fromkeys(_HEADERS, "") | {name: told[name] for name in ("file", "row", "site")}
    return line | {"column": told["edit"], "what": f"{told['verdict']}: {told['reason']}"}


def _write(target: Path, trouble: Sequence[dict[str, Any]]) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_csv(target, _HEADERS, _cells(trouble, _HEADERS))
    except OSError as error:
        raise InvalidInput(f"{target}: can not be written ({error.strerror})") from error


def _print(imported: Imported, trouble: Sequence[dict[str, Any]], as_json: bool) -> None:
    """Print each edit once: refused edits are in `trouble`."""
    files, told = imported.files, [_edit(edit) for edit in imported.edits]
    if as_json:
        warnings = [fault_json(fault) for fault in imported.warnings]
        print_json({"files": files, "edits": told, "conflicts": trouble, "warnings": warnings})
        return
    out = console()
    out.print(f"read: {' and '.join(files)}")
    show_faults(out, imported.warnings, "warning")
    named = ("file",) if len(files) > 1 else ()
    shown = [_edit(edit) for edit in imported.edits if not edit.is_refused]
    if shown:
        headers = (*named, "row", "site", "edit", "verdict", "reason")
        out.print(table(headers, _cells(shown, headers)))
    for one in shown:
        for warning in one["warnings"]:
            out.print(Text(f"warning: {one['file']}, row {one['row']}, {one['site']}: {warning}", style="yellow"))
    if trouble:
        headers = (*named, *_HEADERS[1:])
        out.print(table(headers, _cells(trouble, headers)))
    if not told and not trouble:
        out.print("no edits: every field is as it was exported, or as others left it meanwhile")


def _cells(lines: Iterable[dict[str, Any]], headers: Sequence[str]) -> list[list[Any]]:
    return [[line[header] for header in headers] for line in lines]
