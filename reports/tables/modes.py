"""Rows of money and land by mode, for the page and the workbook."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.spreadsheets.workbook import Workbook
from reports.tables.register import Read, Row
from reports.tables.sheet import Column, Kind, Styles, Table
from reports.words.catalogue import Words
from schemas.options.mode_sums import ModeSum, ModeSums
from schemas.status import CampaignStatus

AXES = ("restoration", "funding")


@dataclass(frozen=True, slots=True)
class ModeTable:
    """One table of the page: a line for each mode or city, and the total."""

    heading: str
    lines: tuple[tuple[str, ModeSum], ...]
    total: ModeSum


def mode_tables(status: CampaignStatus, words: Words) -> tuple[ModeTable, ...]:
    """By restoration mode, by funding mode, by city; empty if the plan has no modes."""
    sums = status.modes
    if sums is None:
        return ()
    by_mode = (
        ModeTable(words(f"axis.{axis}"), tuple((_name(one, words), one) for one in getattr(sums, axis)), sums.total)
        for axis in AXES
    )
    cities = tuple((city.name, city.modes.total) for city in status.cities if city.modes is not None)
    return (*by_mode, ModeTable(words("axis.city"), cities, sums.total))


def share(value: Decimal | None) -> str:
    """A share with one decimal, never rounded up; a dash if nothing was planned."""
    return "—" if value is None else f"{value * 1000 // 1 / 10:,.1f}%"


def write_modes(book: Workbook, styles: Styles, status: CampaignStatus, words: Words) -> None:
    """Writes a worksheet with the modes of the campaign and of each city; nothing if the plan has no modes."""
    if status.modes is None:
        return
    columns = [
        Column(words("city_code"), Kind.ID),
        Column(words("city"), Kind.TEXT),
        Column(words("axis"), Kind.TEXT),
        Column(words("mode"), Kind.TEXT, 16),
        Column(words("sites"), Kind.NUMBER, 8),
        Column(words("stage.closed"), Kind.NUMBER, 8),
        Column(words("planned_cny"), Kind.NUMBER, 16),
        Column(words("realised_cny"), Kind.NUMBER, 16),
        Column(words("realised_share"), Kind.SHARE),
        *(Column(words(name), Kind.NUMBER, 14) for name in ("planned_ha", "realised_ha", "planned_mu", "realised_mu")),
        Column(words("realised_share"), Kind.SHARE),
        Column(words("realised_t"), Kind.NUMBER, 14),
    ]
    table = Table(book, styles, words("sheet.modes"), columns)
    table.add(_rows(None, words("sum"), status.modes, words))
    for city in status.cities:
        if city.modes is not None:
            table.add(_rows(city.code, city.name, city.modes, words))
    table.finish()


def _rows(code: str | None, name: str, sums: ModeSums, words: Words) -> Iterator[Row]:
    for axis in AXES:
        for one in getattr(sums, axis):
            yield (code, name, words(f"axis.{axis}"), _name(one, words), *_numbers(one))
    yield (code, name, None, words("sum"), *_numbers(sums.total))


def _numbers(one: ModeSum) -> tuple[Any, ...]:
    money = (one.planned_cny, one.realised_cny, one.cny_share)
    land = (one.planned_ha, one.realised_ha, one.planned_mu, one.realised_mu, one.land_share)
    return (one.sites, one.closed, *money, *land, one.realised_t)


def _name(one: ModeSum, words: Words) -> str:
    return words.named("mode", one.mode or "without")


def booking_columns(words: Words, zone: str) -> list[Column]:
    return [
        Column(words("site_id"), Kind.ID, 14),
        Column(words("site_name"), Kind.TEXT, 26),
        Column(words("city"), Kind.TEXT),
        Column(f"{words('at')} ({zone})", Kind.INSTANT, 19),
        Column(words("axis.funding"), Kind.TEXT, 16),
        Column(words("amount"), Kind.NUMBER, 16),
        Column(words("measure"), Kind.TEXT, 8),
        Column(words("reference"), Kind.TEXT, 24),
        Column(words("problem"), Kind.TEXT, 16),
        Column(words("counterpart"), Kind.TEXT, 24),
        Column(words("certificate"), Kind.TEXT, 24),
        Column(words("price"), Kind.NUMBER, 12),
        Column(words("proceeds"), Kind.NUMBER, 16),
        Column(words("actor"), Kind.ID, 24),
        Column(words("note"), Kind.TEXT, 30),
    ]


def booking_rows(rows: Iterable[Read], words: Words) -> Iterator[Row]:
    """One row per booking, in the order of the ledger; a correction is negative."""
    for row in rows:
        booking = json.loads(row["data"])
        yield (
            row["site_id"],
            row["name"],
            row["city_name"],
            row["at"],
            words.named("mode", mode) if (mode := booking.get("funding_mode")) else None,
            Decimal(booking["amount"]),
            words.named("measure", booking["unit"]),
            booking["reference"],
            booking.get("problem"),
            booking.get("counterpart"),
            booking.get("certificate"),
            _decimal(booking.get("price")),
            _decimal(booking.get("proceeds")),
            json.loads(row["actor"])["id"],
            booking.get("note"),
        )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
