"""The two-way sweep by city, for the workbook."""

from reports.spreadsheets.workbook import Workbook
from reports.tables.sheet import MAX_ROWS, Column, Kind, Styles, Table
from reports.words.catalogue import Words
from schemas.options.sweep import SweepFacts
from schemas.status import CampaignStatus


def write_sweep(book: Workbook, styles: Styles, status: CampaignStatus, words: Words) -> None:
    """Writes a worksheet with the counts of each city that has a patch or a clue, if there is one."""
    counts = [(city.name, city.sweep) for city in status.cities if city.sweep is not None]
    if not counts:
        return
    names = tuple(SweepFacts.model_fields)
    numbers = [Column(words(f"sweep.{one}"), Kind.NUMBER, 14) for one in names]
    columns = [Column(words("city"), Kind.TEXT, 12), *numbers]
    table = Table(book, styles, words("sheet.sweep"), columns, MAX_ROWS)
    table.add((name, *(getattr(facts, one) for one in names)) for name, facts in counts)
    table.finish()
