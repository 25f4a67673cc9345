"""Progress by area and by count: lines of cities, each followed by its counties; for the page and for the workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reports.spreadsheets.workbook import Workbook
from reports.tables.sheet import MAX_ROWS, Column, Kind, Styles, Table
from reports.words.catalogue import Words
from schemas.progress import Achieved
from schemas.quantity import grouped
from schemas.status import CampaignStatus

COLUMNS = (
    "target_ha", "registered_ha", "closed_ha", "share_of_target", "sites", "closed_sites", "share_of_sites",
    "newly_found", "missed",
)  # fmt: skip
"""The words of the number columns, in their order."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `city` is empty for the total, `county` for a city."""

    city: str
    county: str
    code: str
    made: Achieved

    @property
    def numbers(self) -> tuple[Decimal | int | None, ...]:
        """The numbers in the order of `COLUMNS`."""
        m = self.made
        area = (m.target_ha, m.registered_ha, m.closed_ha, m.share_of_target)
        return (*area, m.sites, m.closed, m.share_of_sites, m.newly_found, m.missed)

    @property
    def shown(self) -> tuple[str, ...]:
        """The texts of the page; a share is rounded down, so that 100% means all of it."""
        return tuple(
            "—"
            if value is None
            else f"{int(value * 1000) / 10:.1f}%"
            if name.startswith("share")
            else grouped(round(value, 4))
            if isinstance(value, Decimal)
            else f"{value:,}"
            for name, value in zip(COLUMNS, self.numbers, strict=True)
        )


def lines(status: CampaignStatus) -> Iterator[Line]:
    """The lines of each city and its counties, then the total; empty if the plan has neither targets nor surveys."""
    if status.progress is None:
        return
    for city in status.cities:
        if city.progress is not None:
            yield Line(city.name, "", city.code, city.progress)
            for county in city.progress.counties:
                yield Line(city.name, county.name or county.code, county.code, county)
    yield Line("", "", "", status.progress)


def write_progress(book: Workbook, styles: Styles, status: CampaignStatus, words: Words) -> None:
    """Writes a worksheet, if there are lines."""
    listed = list(lines(status))
    if not listed:
        return
    columns = [
        Column(words("city"), Kind.TEXT, 12),
        Column(words("county"), Kind.TEXT, 14),
        Column(words("division_code"), Kind.ID, 10),
        *(
            Column(words(f"progress.{name}"), Kind.SHARE if name.startswith("share") else Kind.NUMBER, 11)
            for name in COLUMNS
        ),
    ]
    table = Table(book, styles, words("sheet.progress"), columns, MAX_ROWS)
    table.add((one.city or words("sum"), one.county or None, one.code or None, *one.numbers) for one in listed)
    table.finish()
