"""Progress by area and by count: lines of cities, each with its counties and townships; for page and workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reports.spreadsheets.workbook import Workbook
from reports.tables.sheet import MAX_ROWS, Column, Kind, Styles, Table
from reports.words.catalogue import Words
from schemas.progress import Achieved
from schemas.quantity import grouped
from schemas.status import CampaignStatus
from schemas.targets import TargetUnit

COLUMNS = (
    "target", "asked", "registered_ha", "closed_ha", "share_of_target", "sites", "closed_sites", "share_of_sites",
    "newly_found", "missed",
)  # fmt: skip
"""The words of the number columns, in their order."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `city` is empty for the total, `county` for a city, `township` for a county."""

    city: str
    county: str
    township: str
    code: str
    made: Achieved

    @property
    def numbers(self) -> tuple[Decimal | int | None, ...]:
        """The numbers in the order of `COLUMNS`."""
        m = self.made
        area = (m.target, m.asked, m.registered_ha, m.closed_ha, m.share_of_target)
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
            yield Line(city.name, "", "", city.code, city.progress)
            for county in city.progress.counties:
                name = county.name or county.code
                yield Line(city.name, name, "", county.code, county)
                for one in county.townships:
                    yield Line(city.name, name, one.name or one.code, one.code, one)
    yield Line("", "", "", "", status.progress)


def target_words(unit: TargetUnit | None) -> tuple[str, str]:
    """The words of the heads of `target` and `asked` for a unit."""
    of = unit or TargetUnit.HA
    return f"progress.target.{of}", "progress.asked.sites" if of.counts_sites else "progress.asked.ha"


def column_words(status: CampaignStatus) -> tuple[str, ...]:
    """The words of the heads of `COLUMNS`."""
    unit = status.progress.unit if status.progress is not None else None
    return (*target_words(unit), *(f"progress.{name}" for name in COLUMNS[2:]))


def write_progress(book: Workbook, styles: Styles, status: CampaignStatus, words: Words) -> None:
    """Writes a worksheet, if there are lines."""
    listed = list(lines(status))
    if not listed:
        return
    columns = [
        Column(words("city"), Kind.TEXT, 12),
        Column(words("county"), Kind.TEXT, 14),
        Column(words("township"), Kind.TEXT, 14),
        Column(words("division_code"), Kind.ID, 10),
        *(
            Column(words(head), Kind.SHARE if name.startswith("share") else Kind.NUMBER, 11)
            for name, head in zip(COLUMNS, column_words(status), strict=True)
        ),
    ]
    table = Table(book, styles, words("sheet.progress"), columns, MAX_ROWS)
    names = ((one.city or words("sum"), one.county or None, one.township or None, one.code or None) for one in listed)
    table.add((*name, *one.numbers) for name, one in zip(names, listed, strict=True))
    table.finish()
