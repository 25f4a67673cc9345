"""The ledger for people, for strangers, and proved."""

import contextlib
import json
import os
import re
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.text import Text

from commands.common.page import Page
from commands.common.progress import progress
from commands.common.subjects import Subject
from commands.common.tables import counted, local, table
from schemas.errors import InvalidInput
from schemas.ledger import LedgerEntry
from storage.connections import Pool
from storage.ledger import as_exported, export, export_line, read_stream, verify

_BOOKKEEPING = ("command_id", "fingerprint")
"""Of an entry's data, what people need not read."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_LONG = 120


async def ledger_page(pool: Pool, subject: Subject) -> Page:
    """The entries of one stream, in order."""
    entries = await read_stream(pool, subject.stream)
    zone = subject.zone
    rows = ((e.seq, local(e.at, zone), e.kind.replace("_", " "), _who(e), _what(e, zone)) for e in entries)
    shown = Group(
        Text(f"{subject.stream}: {counted(len(entries), 'entry', 'entries')}", style="bold"),
        table(("seq", "at", "what", "who", "particulars"), rows, right=["seq"]),
    )
    data = [as_exported(entry.model_dump()) for entry in entries]
    return Page(data, shown if entries else Text(f"{subject.stream}: nothing has happened there yet"))


async def export_entries(pool: Pool, subject: Subject, target: Path) -> Page:
    """Write a stream's entries, of a campaign those of all its streams, as JSON lines.

    InvalidInput if the file can not be written; an older file is replaced at once or not at all.
    """
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    written = 0
    try:
        with unfinished.open("w", encoding="utf-8") as file, progress("writing the ledger") as advanced:
            async with contextlib.aclosing(_entries(pool, subject)) as entries:
                async for entry in entries:
                    file.write(export_line(entry) + "\n")
                    written += 1
                    if advanced is not None and written % 1000 == 0:
                        advanced(written, None)
        unfinished.replace(target)
    except (ConnectionError, TimeoutError):
        raise  # the database's, not the file's
    except OSError as error:
        raise InvalidInput(f"{target}: can not be written ({error.strerror})") from error
    finally:
        unfinished.unlink(missing_ok=True)
    said = f"written: {target}, {counted(written, 'entry', 'entries')}"
    return Page({"file": str(target), "entries": written}, Text(said))


async def proof(pool: Pool, campaign_id: str) -> Page:
    """Every chain and anchor of a campaign proved; LedgerBroken names the first broken entry."""
    with progress("proving the ledger") as advanced:
        proved = await verify(pool, campaign_id, (lambda done: advanced(done, None)) if advanced is not None else None)
    said = (
        f"{campaign_id}: the ledger holds; {counted(proved.entries, 'entry', 'entries')} in "
        f"{counted(proved.streams, 'chain')}, {counted(proved.anchors, 'anchor')}"
    )
    return Page({"campaign_id": campaign_id, "holds": True, **proved._asdict()}, Text(said))


def _of_campaign(pool: Pool, campaign_id: str) -> AsyncGenerator[dict[str, Any], None]:
    # A generator by its words too: it holds a connection until it is closed.
    return cast("AsyncGenerator[dict[str, Any], None]", export(pool, campaign_id))


async def _entries(pool: Pool, subject: Subject) -> AsyncGenerator[dict[str, Any], None]:
    if subject.city is None:
        async with contextlib.aclosing(_of_campaign(pool, subject.campaign_id)) as entries:
            async for entry in entries:
                yield entry
    else:
        for kept in await read_stream(pool, subject.stream):
            yield as_exported(kept.model_dump())


def _who(entry: LedgerEntry) -> str:
    actor = json.loads(entry.actor)
    return "engine" if actor["role"] == "system" else f"{actor['id']} ({actor['role']} {actor['unit']})"


def _what(entry: LedgerEntry, zone: ZoneInfo) -> str:
    data: dict[str, Any] = json.loads(entry.data)
    return ", ".join(f"{name} {_short(value, zone)}" for name, value in data.items() if name not in _BOOKKEEPING)


def _short(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        with contextlib.suppress(ValueError):  # somebody's text that only looks like an instant
            return local(datetime.fromisoformat(value), zone)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
