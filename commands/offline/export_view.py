"""Writing the offline files, and what `export` shows."""

import contextlib
from pathlib import Path
from shlex import quote
from typing import Any

from commands.common.page import Page
from commands.common.subjects import campaign_subject, city_subject
from commands.common.tables import counted, facts
from commands.offline.rows import case_at, register_row, task_rows
from intake.offline_file import EDITABLE, REGISTER, REGISTER_HEADERS, TASK_HEADERS, TASKS
from reports.offline import OfflineTable, write_offline
from schemas.errors import InvalidInput
from schemas.streams import site_stream
from storage.connections import Pool
from storage.register import read_register


async def exported_page(pool: Pool, campaign: str, city: str | None, out: Path) -> Page:
    """Write the files. InvalidInput for a file that can not be written; NotFound for an unknown campaign or city."""
    subject = await campaign_subject(pool, campaign)
    code = None if city is None else (await city_subject(pool, campaign, city)).city
    register: list[list[Any]] = []
    tasks: list[list[Any]] = []
    async with contextlib.aclosing(read_register(pool, campaign, code, site_stream(campaign, ""))) as sites:
        async for site, opened_at, entries in sites:
            case = case_at(subject.frozen, site, opened_at, entries)
            register.append(register_row(subject.frozen, site, case))
            tasks.extend(task_rows(subject.frozen, site, case))
    try:
        files = write_offline(
            out,
            OfflineTable(REGISTER, REGISTER_HEADERS, EDITABLE, register),
            OfflineTable(TASKS, TASK_HEADERS, EDITABLE, tasks),
        )
    except OSError as error:
        raise InvalidInput(f"{out}: can not be written ({error.strerror})") from error
    names = [str(file) for file in files]
    data = {"campaign_id": campaign, "city": code, "sites": len(register), "tasks": len(tasks), "files": names}
    shown = facts(
        [
            ("written", " and ".join(names)),
            ("register", counted(len(register), "site")),
            ("tasks", counted(len(tasks), "task")),
            ("edit", f"{', '.join(sorted(EDITABLE))}; keep `version`"),
            ("next", f"starter.py import {campaign} {quote(names[0])} --dry-run --as ID:ROLE:UNIT"),
        ]
    )
    return Page(data, shown)
