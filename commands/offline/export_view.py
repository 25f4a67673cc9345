"""What `export` has written, and what to do with it."""

from shlex import quote

from commands.common.page import Page
from commands.common.tables import facts
from intake.offline_file import EDITABLE
from services.common.text import counted
from services.offline.exporting import ExportedRegister


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
