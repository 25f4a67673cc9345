"""The edits of an offline file as commands, as conflicts with their actors, and as edits without a command."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from intake.offline_cells import KnownIds, saved_same, shows_same
from intake.offline_file import EDITABLE, REGISTER_HEADERS, TASK_HEADERS, OfflineRow
from intake.register.place_check import outside_extent
from reports.spreadsheets.text import cell_text
from rules.previews.offline_merge import DONE, Conflict, fields_of, last_to_touch, merged
from rules.site.aggregate import SiteAggregate
from rules.site.work import in_force
from schemas.actor import Actor
from schemas.command import Command
from schemas.given_time import given_instant
from schemas.ledger import LedgerEntry
from schemas.plan import FrozenPlan
from schemas.quantity import written
from schemas.register import Site
from schemas.site.commands import CompleteTask
from schemas.site.correction import Correct
from schemas.stages import SETTLED
from services.offline.rows import register_row, site_at, task_rows

_ID = "offline-"
"""The prefix of these command ids."""

_COORDINATES = ("latitude", "longitude")
_KEYS = ("id", "requirement", "version")


@dataclass(frozen=True)
class Wanted:
    """A command of a row: its kind and content, its own id, and its event time (None: now).

    `edit` is its text for people, `aggregate` is the site as it is now.
    """

    row: OfflineRow
    edit: str
    model: type[Command]
    content: Mapping[str, Any]
    command_id: str
    aggregate: SiteAggregate = field(compare=False, repr=False)
    at: datetime | None = None


@dataclass(frozen=True)
class Clash:
    """A field that both the file and another actor changed; `entry` is the newest that changed it."""

    row: OfflineRow
    conflict: Conflict
    entry: LedgerEntry | None

    @property
    def who(self) -> Actor | None:
        """The actor of the newest change."""
        return None if self.entry is None else Actor.model_validate_json(self.entry.actor)


@dataclass(frozen=True)
class Unwanted:
    """An edit without a command, with the reason."""

    row: OfflineRow
    column: str
    reason: str


Outcome = Wanted | Clash | Unwanted


@dataclass(frozen=True)
class Exported:
    """A site at the time of the export, and at the campaign time `now`."""

    frozen: FrozenPlan
    site: Site
    opened_at: datetime | None
    entries: list[LedgerEntry]
    now: datetime

    def judge(self, row: OfflineRow) -> Iterator[Outcome]:
        """The outcomes of one row."""
        if row.version > len(self.entries):
            known = f"the site's ledger ends with {len(self.entries)}; export the register again"
            yield Unwanted(row, "version", f"is newer than what is known here: {known}")
            return
        was, now = (site_at(self.frozen, self.site, self.opened_at, self.entries, v) for v in (row.version, None))
        if row.requirement is None:
            yield from self._of_register(row, was, now)
        else:
            yield from self._of_task(row, row.requirement, was, now)

    def _of_register(self, row: OfflineRow, was: SiteAggregate, now: SiteAggregate) -> Iterator[Outcome]:
        exported = dict(zip(REGISTER_HEADERS, register_row(self.frozen, self.site, was), strict=True))
        yield from _shown_only(row, exported)
        taken, fields = self._taken(row), fields_of(self.site, was)
        yours = {
            field: fields.get(field) if _is_as_exported(row, field, exported) else value
            for field, value in row.fields.items()
            if field not in taken or taken[field] != value
        }
        found = merged(fields, yours, fields_of(self.site, now))
        yield from (self._clash(row, conflict) for conflict in found.conflicts)
        edits = [edit for edit in found.edits if edit.yours is not None]
        for edit in found.edits:
            if edit.yours is None:
                yield Unwanted(row, edit.field, f"an empty cell takes nothing back; it was {edit.exported!r}")
        outside_extent = self._misplaced({edit.field: edit.yours for edit in edits}, now)
        if outside_extent is not None:
            yield from (Unwanted(row, edit.field, outside_extent) for edit in edits if edit.field in _COORDINATES)
            edits = [edit for edit in edits if edit.field not in _COORDINATES]
        if edits:
            record = {edit.field: edit.yours for edit in edits}
            text = ", ".join(f"{e.field}: {cell_text(e.exported)} → {cell_text(e.yours)}" for e in edits)
            wanted = Wanted(row, text, Correct, {"record": record}, self._id(row, text, record), now)
            yield self._if_open(wanted, ", ".join(record))

    def _misplaced(self, edited: Mapping[str, Any], now: SiteAggregate) -> str | None:
        """Why these edits' coordinates are invalid; `check` refuses the same in a register."""
        if not edited.keys() & set(_COORDINATES):
            return None
        stands = fields_of(self.site, now)
        expected = outside_extent(self.frozen.plan.extent, *(edited.get(name, stands[name]) for name in _COORDINATES))
        return None if expected is None else f"expected {expected}"

    def _of_task(self, row: OfflineRow, requirement: str, was: SiteAggregate, now: SiteAggregate) -> Iterator[Outcome]:
        known = [r.id for r in in_force(now.terms, now.state)]
        requirement = KnownIds(known).restored(requirement)
        if requirement not in known:
            yield Unwanted(
                row, "requirement", f"the site has no such requirement; it has: {', '.join(known) or 'none'}"
            )
            return
        # The id is of the row alone: the quantity still to be reported shrinks once the row was accepted. However the
        # number is written, 3 or 3.00, the id is the same.
        command_id = self._id(row, requirement, (float(row.fields["done"]), row.evidence, row.note))
        if command_id in now.state.processed:
            return  # accepted already, independent of later changes
        rows = (dict(zip(TASK_HEADERS, cells, strict=True)) for cells in task_rows(self.frozen, self.site, was))
        exported = next((cells for cells in rows if cells["requirement"] == requirement), {})
        if self.frozen.amendment:
            exported.pop("title", None)  # an amendment may have changed it since the export
        yield from _shown_only(row, exported)
        fields, done = fields_of(self.site, was), DONE + requirement
        as_exported = done in fields and _is_as_exported(row, "done", exported)
        mine = {done: fields[done] if as_exported else row.fields["done"]}
        found = merged(fields, mine, fields_of(self.site, now))
        if found.conflicts:
            yield self._clash(row, found.conflicts[0])
            return
        more = Decimal()
        if found.edits:
            more = found.edits[0].yours - (found.edits[0].exported or Decimal())
            if more < 0:
                reported = written(found.edits[0].exported)
                reason = f"work that was reported ({reported}) is taken back by a verdict, not by a file"
                yield Unwanted(row, "done", reason)
                return
        if more or row.evidence:
            content = {"requirement": requirement, "quantity": more, "evidence": row.evidence, "note": row.note}
            at = None if row.done_on is None else given_instant(row.done_on, self.now, self.frozen.plan.zone)
            photos = f", {len(row.evidence)} evidence" if row.evidence else ""
            edit = f"{requirement}: {written(more)} more done{photos}"
            yield self._if_open(Wanted(row, edit, CompleteTask, content, command_id, now, at), "done")
        elif row.note:
            yield Unwanted(row, "note", "a note goes with a quantity or with evidence; there is neither")

    def _clash(self, row: OfflineRow, conflict: Conflict) -> Clash:
        return Clash(row, conflict, last_to_touch(conflict.field, self.entries[row.version :]))

    def _if_open(self, wanted: Wanted, column: str) -> Outcome:
        state = wanted.aggregate.state
        if state.stage in SETTLED:
            return Unwanted(wanted.row, column, f"the site is {state.stage} by now")
        if state.opened_at is None:
            return Unwanted(wanted.row, column, "the site is not open yet: its city's deployment is not approved")
        return wanted

    def _id(self, row: OfflineRow, edit: str, content: object) -> str:
        shown = f"{self.frozen.plan.id}/{row.site_id}/{row.version}/{edit}/{content}"
        return f"{_ID}{hashlib.sha256(shown.encode()).hexdigest()[:32]}"

    def _taken(self, row: OfflineRow) -> dict[str, Any]:
        """Corrections by offline files since the export: the same values again are no edit."""
        corrected: dict[str, Any] = {}
        for entry in self.entries[row.version :]:
            if entry.kind == "record_corrected":
                data = json.loads(entry.data)
                if data.get("command_id", "").startswith(_ID):
                    corrected |= data["record"]
        return corrected


def _shown_only(row: OfflineRow, exported: Mapping[str, Any]) -> Iterator[Unwanted]:
    """The edits of columns that are only shown; ids and versions say which row it is."""
    for column, text in row.cells.items():
        if column in exported and column not in EDITABLE and column not in _KEYS:
            was = cell_text(exported[column])
            if not shows_same(was, text):
                yield Unwanted(row, column, f"is not edited here: it was exported as {was!r}")


def _is_as_exported(row: OfflineRow, column: str, exported: Mapping[str, Any]) -> bool:
    return column in exported and saved_same(cell_text(exported[column]), row.cells.get(column, ""))
