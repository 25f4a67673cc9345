"""The deployments of counties and townships, for the page and for the workbook."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from reports.spreadsheets.workbook import Workbook
from reports.tables.sheet import MAX_ROWS, Column, Kind, Styles, Table
from reports.words.catalogue import Words
from schemas.status import CampaignStatus


class Line(NamedTuple):
    """A county or a township; `unit` is its name, a township's with its county's."""

    city: str
    unit: str
    deployment: str
    due: datetime | None
    submitted_at: datetime | None
    approved_at: datetime | None
    overdue: bool


def lines(status: CampaignStatus) -> Iterator[Line]:
    """The counties of each city in order, each followed by its townships; empty where they do not deploy."""
    for city in status.cities:
        names = {one.county: one.name for one in city.counties if one.township is None}
        for one in city.counties:
            unit = one.name if one.township is None else f"{names.get(one.county, one.county)} / {one.name}"
            yield Line(city.name, unit, one.deployment, one.due, one.submitted_at, one.approved_at, one.overdue)


def write_counties(book: Workbook, styles: Styles, status: CampaignStatus, words: Words) -> None:
    """Writes a worksheet, if there are lines."""
    listed = list(lines(status))
    if not listed:
        return
    columns = [
        Column(words("city"), Kind.TEXT, 12),
        Column(words("county"), Kind.TEXT, 20),
        Column(words("deployment"), Kind.TEXT, 10),
        Column(words("deployment_due"), Kind.DEADLINE, 18),
        Column(words("submitted"), Kind.INSTANT, 18),
        Column(words("approved"), Kind.INSTANT, 18),
        Column(words("overdue"), Kind.TEXT, 8),
    ]
    table = Table(book, styles, words("sheet.counties"), columns, MAX_ROWS)
    table.add(
        (one.city, one.unit, words(f"deployment.{one.deployment}"), *one[3:6], words("yes") if one.overdue else None)
        for one in listed
    )
    table.finish()
