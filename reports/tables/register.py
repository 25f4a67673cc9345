"""The workbook's tables of the register, the ledger and the rejected rows: columns, and rows from database rows."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

from reports.tables.cells import (
    deferral_cells,
    deferral_columns,
    grade_cells,
    responsible_cells,
    responsible_columns,
    sign_off_cells,
    sign_off_columns,
)
from reports.tables.sheet import Column, Kind
from reports.words.catalogue import Words
from schemas.quantity import exact, written

Row = tuple[Any, ...]


class Read(Protocol):
    """A database row: values by column name."""

    def __getitem__(self, column: str, /) -> Any: ...


_VERDICT_OR_WORK = ("rectifying", "verifying")


def site_columns(words: Words, zone: str) -> list[Column]:
    """The columns of the register and of the sites' states."""
    stages = tuple(
        (words(f"stage.{stage}"), fill)
        for stage, fill in (
            ("closed", "done"),
            ("verifying", "under_way"),
            ("rectifying", "under_way"),
            ("registered", "idle"),
            ("carried_over", "alarm"),
        )
    )
    alarm = ((words("yes"), "alarm"),)
    return [
        Column(words("site_id"), Kind.ID, 14),
        Column(words("site_name"), Kind.TEXT, 26),
        Column(words("city_code"), Kind.ID, 10),
        Column(words("city"), Kind.TEXT, 12),
        Column(words("county"), Kind.TEXT, 14),
        Column(words("stage"), Kind.TEXT, 12, stages),
        Column(words("overdue"), Kind.TEXT, 8, alarm),
        Column(words("suspended"), Kind.TEXT, 8, ((words("yes"), "under_way"),)),
        Column(f"{words('due_at')} ({zone})", Kind.DEADLINE, 19),
        Column(words("rung"), Kind.NUMBER, 7),
        Column(words("round"), Kind.NUMBER, 7),
        Column(words("level"), Kind.TEXT, 12),
        Column(words("requirements"), Kind.NUMBER, 9),
        Column(words("requirements_done"), Kind.NUMBER, 9),
        Column(words("extensions"), Kind.NUMBER, 8),
        Column(words("suspensions"), Kind.NUMBER, 8),
        Column(f"{words('opened_at')} ({zone})", Kind.INSTANT, 19),
        Column(f"{words('settled_at')} ({zone})", Kind.INSTANT, 19),
        Column(words("carry_reason"), Kind.TEXT, 30),
        Column(words("type"), Kind.ID, 14),
        Column(words("mineral"), Kind.TEXT, 10),
        Column(words("area_ha"), Kind.NUMBER, 10),
        Column(words("depth_m"), Kind.NUMBER, 9),
        Column(words("distance_m"), Kind.NUMBER, 9),
        Column(words("problems"), Kind.TEXT, 30),
        Column(words("hazard"), Kind.TEXT, 8, ((words("hazard.high"), "alarm"),)),
        Column(words("graded_by"), Kind.TEXT, 26),
        Column(words("due_clause"), Kind.TEXT, 30),
        Column(words("responsible"), Kind.TEXT, 26),
        Column(words("latitude"), Kind.NUMBER, 11),
        Column(words("longitude"), Kind.NUMBER, 11),
        *deferral_columns(words),
        *sign_off_columns(words),
        *responsible_columns(words),
    ]


def site_rows(rows: Iterable[Read], words: Words, as_of: datetime) -> Iterator[Row]:
    """One row per site, in the order of `site_columns`; overdue as in the status."""
    for row in rows:
        record = json.loads(row["record"])
        due = row["due_at"]
        late = row["stage"] in _VERDICT_OR_WORK and not row["suspended"] and due is not None and due < as_of
        reason = row["carry_reason"]
        yield (
            row["site_id"],
            row["name"],
            row["city"],
            row["city_name"],
            row["county"],
            words.named("stage", row["stage"]),
            words("yes") if late else None,
            words("yes") if row["suspended"] else None,
            due,
            row["rung"],
            row["round"],
            row["level"],
            row["requirements"],
            row["requirements_done"],
            row["extensions"],
            row["suspensions"],
            row["opened_at"],
            row["settled_at"],
            words.named("carried", reason) if reason else None,
            record["type"],
            record.get("mineral"),
            record.get("area_ha"),
            record.get("depth_m"),
            record.get("distance_m"),
            ", ".join(
                f"{problem['kind']} × {written(exact(problem.get('count', 1)))}"
                for problem in record.get("problems", ())
            ),
            *grade_cells(record, row["facts"], words),
            ", ".join(record.get("responsible", ())),
            record.get("latitude"),
            record.get("longitude"),
            *deferral_cells(row["facts"], words, as_of),
            *sign_off_cells(record, row["facts"]),
            *responsible_cells(record, row["facts"], words),
        )


def ledger_columns(words: Words, zone: str) -> list[Column]:
    return [
        Column(words("stream"), Kind.ID, 30),
        Column(words("seq"), Kind.NUMBER, 7),
        Column(words("kind"), Kind.ID, 22, (("refused", "alarm"), ("closed", "done"), ("carried_over", "under_way"))),
        Column(f"{words('at')} ({zone})", Kind.INSTANT, 19),
        Column(f"{words('received_at')} ({zone})", Kind.INSTANT, 19),
        Column(words("actor"), Kind.ID, 40),
        Column(words("data"), Kind.ID, 60),
        Column(words("hash"), Kind.ID, 20),
    ]


def ledger_rows(rows: Iterable[Read]) -> Iterator[Row]:
    """One row per entry, with the texts that were hashed; the previous hash is that of the row before."""
    for row in rows:
        yield (
            row["stream"],
            row["seq"],
            row["kind"],
            row["at"],
            row["received_at"],
            row["actor"],
            row["data"],
            row["hash"],
        )


def rejected_columns(words: Words) -> list[Column]:
    return [
        Column(words("row"), Kind.NUMBER, 8),
        Column(words("faults"), Kind.TEXT, 80),
        Column(words("row_content"), Kind.TEXT, 80),
    ]


def rejected_rows(rows: Iterable[Read]) -> Iterator[Row]:
    """One row per rejected row; its cells are shown as `header: cell`."""
    for row in rows:
        cells = json.loads(row["raw"])
        yield row["row"], "\n".join(row["faults"]), "\n".join(f"{header}: {cell}" for header, cell in cells.items())
