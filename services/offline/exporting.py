"""Exports the register with all states and tasks to files for offline editing."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.offline_file import EDITABLE, REGISTER, REGISTER_HEADERS, TASK_HEADERS, TASKS
from reports.offline import OfflineTable, write_offline
from schemas.errors import InvalidInput
from schemas.streams import site_stream
from services.common.subjects import campaign_subject, city_subject
from services.offline.rows import register_row, site_at, task_rows
from storage.connections import Pool
from storage.register import read_register


@dataclass(frozen=True)
class ExportedRegister:
    """The written files, and their numbers of sites and tasks."""

    campaign_id: str
    city: str | None
    sites: int
    tasks: int
    files: Sequence[Path]


async def export_register(pool: Pool, campaign: str, city: str | None, out: Path) -> ExportedRegister:
    """Write the files. InvalidInput for a file that can not be written; NotFound for an unknown campaign or city."""
    subject = await campaign_subject(pool, campaign)
    code = None if city is None else (await city_subject(pool, campaign, city)).city
    register: list[list[Any]] = []
    tasks: list[list[Any]] = []
    async with contextlib.aclosing(read_register(pool, campaign, code, site_stream(campaign, ""))) as sites:
        async for site, opened_at, entries in sites:
            aggregate = site_at(subject.frozen, site, opened_at, entries)
            register.append(register_row(subject.frozen, site, aggregate))
            tasks.extend(task_rows(subject.frozen, site, aggregate))
    try:
        files = write_offline(
            out,
            OfflineTable(REGISTER, REGISTER_HEADERS, EDITABLE, register),
            OfflineTable(TASKS, TASK_HEADERS, EDITABLE, tasks),
        )
    except OSError as error:
        raise InvalidInput(f"{out}: can not be written ({error.strerror})") from error
    return ExportedRegister(campaign, code, len(register), len(tasks), files)
