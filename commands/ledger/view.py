"""The ledger for people, and the result of its verification."""

import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import table
from schemas.actor import Role
from schemas.ledger import LedgerEntry
from schemas.status import RefusedCommand
from services.common.subjects import Subject
from services.common.text import counted, deadline, local
from services.ledger.entries import exported
from services.ledger.refusals import Refusals

if TYPE_CHECKING:
    from storage.ledger import VerifyReport

_BOOKKEEPING = ("command_id", "fingerprint")
"""Fields of an entry's data that are not shown to people."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_LONG = 120


def ledger_page(subject: Subject, entries: Sequence[LedgerEntry]) -> Page:
    """The entries of one stream, in order."""
    zone = subject.zone
    rows = ((e.seq, local(e.at, zone), e.kind.replace("_", " "), _who(e), what_of(e, zone)) for e in entries)
    shown = Group(
        Text(f"{subject.stream}: {counted(len(entries), 'entry', 'entries')}", style="bold"),
        table(("seq", "at", "what", "who", "particulars"), rows, right=["seq"]),
    )
    data = [exported(entry) for entry in entries]
    return Page(data, shown if entries else Text(f"{subject.stream}: nothing has happened there yet"))


def exported_page(target: Path, written: int) -> Page:
    """The file and the number of exported entries."""
    text = f"written: {target}, {counted(written, 'entry', 'entries')}"
    return Page({"file": str(target), "entries": written}, Text(text))


def proof_page(campaign_id: str, proved: "VerifyReport") -> Page:
    """That every chain and anchor of a campaign holds."""
    text = (
        f"{campaign_id}: the ledger holds; {counted(proved.entries, 'entry', 'entries')} in "
        f"{counted(proved.streams, 'chain')}, {counted(proved.anchors, 'anchor')}"
    )
    return Page({"campaign_id": campaign_id, "holds": True, **proved._asdict()}, Text(text))


def refused_page(found: Refusals) -> Page:
    """The refused commands of a campaign or a part of it, in the order of receipt."""
    zone = found.subject.zone
    rows = (
        (local(one.received_at, zone), _sender(one.sender, one.role, one.unit), one.command, _subject(one), one.reason)
        for one in found.commands
    )
    shown = Group(
        Text(f"{found.subject.label}: {counted(len(found.commands), 'command')} refused", style="bold"),
        *([table(("received", "who", "command", "subject", "reason"), rows)] if found.commands else []),
    )
    return Page([one.model_dump(mode="json") for one in found.commands], shown)


def _subject(one: RefusedCommand) -> str:
    """`site ZZ-1` of the stream `site/henan-2021/ZZ-1`; the campaign has no name but its own."""
    kind, _, rest = one.stream.partition("/")
    return f"{kind} {rest.partition('/')[2] or rest}"


def _who(entry: LedgerEntry) -> str:
    actor = json.loads(entry.actor)
    return _sender(actor["id"], actor["role"], actor["unit"])


def _sender(who: str, role: str, unit: str) -> str:
    return {Role.SYSTEM.value: "engine", Role.UNKNOWN.value: "unknown sender"}.get(role, f"{who} ({role} {unit})")


def what_of(entry: LedgerEntry, zone: ZoneInfo) -> str:
    """The data of an entry in words, and below it the warnings that its sender got."""
    data: dict[str, Any] = json.loads(entry.data)
    warnings = "".join(f"\nwarning: {warning}" for warning in data.pop("warnings", ()))
    return particulars({name: value for name, value in data.items() if name not in _BOOKKEEPING}, zone) + warnings


def particulars(data: Mapping[str, Any], zone: ZoneInfo) -> str:
    """`due: 2021-08-31, units: [公安局; 自然资源局]`: an entry's data in words; days and hours are the campaign's."""
    return ", ".join(_named(name, _short(_said(name, value, zone))) for name, value in data.items())


def _named(name: str, said: str) -> str:
    return f"{name.replace('_', ' ')}: {said}"


def is_deadline(name: str) -> bool:
    """Whether a field of this name has the midnight that ends its last day; other instants are moments."""
    return name in ("due", "until", "ended", "ends_at") or name.endswith(("_due", "_dues"))


def _said(name: str, value: object, zone: ZoneInfo) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case str() if _INSTANT.fullmatch(value):
            with contextlib.suppress(ValueError):  # a text that only looks like an instant
                return (deadline if is_deadline(name) else local)(datetime.fromisoformat(value), zone)
        case dict() if is_deadline(name):  # several deadlines, by what is due
            return f"({', '.join(_named(key, _said(name, one, zone)) for key, one in value.items())})"
        case dict():
            return f"({particulars(value, zone)})"
        case list():
            return f"[{'; '.join(_said(name, one, zone) for one in value)}]"
    return str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
