"""The workbook's first two worksheets: the totals of the campaign, and the counts of each day with their chart."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reports.city_bars import DRAWN
from reports.facts import Facts
from reports.page import open_sites, phase_title, progress, rungs
from reports.spreadsheets.workbook import Workbook
from reports.tables.sheet import Column, Kind, Styles, Table, write_cell
from reports.tables.signatures import signatures
from reports.words.catalogue import Words
from schemas.deferrals import SuspensionSums
from schemas.status import SiteCounts


def write_summary(book: Workbook, styles: Styles, facts: Facts, words: Words, as_of: datetime) -> None:
    """The totals, and the table of cities, whose counts add up to the register."""
    plan, status = facts.plan, facts.status
    sheet = book.add_worksheet(words("sheet.summary"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 16, 14)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, plan.title, styles.title)
    agencies = words.listed(agency.name for agency in plan.issuing_agencies)
    head: list[tuple[str, Any, Kind]] = [
        (words("document_number"), plan.document_number, Kind.TEXT),
        (words("issuing_agencies"), agencies, Kind.TEXT),
        *((label, text, Kind.TEXT) for label, text in signatures(plan, status, words)),
        (words("province"), plan.province, Kind.TEXT),
        (words("window"), words("window_value", start=plan.starts_on, end=plan.ends_on), Kind.TEXT),
        (words("day"), progress(plan, status.day, status.days, as_of, words), Kind.TEXT),
        (words("phase"), phase_title(plan, status.phase, words), Kind.TEXT),
        (words("time_zone"), plan.time_zone, Kind.TEXT),
        (words("as_of"), as_of, Kind.INSTANT),
        (words("total"), status.sites.total, Kind.NUMBER),
        (words("open"), open_sites(status.sites), Kind.NUMBER),
        (words("overdue"), status.sites.overdue, Kind.NUMBER),
        (words("refused"), status.refused, Kind.NUMBER),
        (words("rejected"), facts.rejected_rows, Kind.NUMBER),
        (words("entries"), facts.ledger.entries, Kind.NUMBER),
        (words("streams"), facts.ledger.streams, Kind.NUMBER),
        (words("last_anchor"), facts.ledger.anchored_at, Kind.INSTANT),
        (words("anchor_digest"), facts.ledger.anchor_digest, Kind.ID),
    ]
    titles = {level.id: level.title for level in plan.verification.levels}
    for level, reason in plan.verification.same_unit_reasons.items():
        head.append((words("same_unit"), words("same_unit_value", level=titles[level], reason=reason), Kind.TEXT))
    if facts.stopped:
        head.insert(0, (words("rehearsal"), words("rehearsal_stopped"), Kind.TEXT))
    for row, (label, value, kind) in enumerate(head, start=2):
        sheet.write_string(row, 0, label, styles.label)
        write_cell(sheet, styles, row, 1, value, kind)
    columns = _city_columns(words, plan.time_zone)
    first = len(head) + 3
    for number, column in enumerate(columns):
        sheet.write_string(first, number, column.header, styles.header)
    for row, values in enumerate(_city_rows(facts, words), start=first + 1):
        for number, value in enumerate(values):
            write_cell(sheet, styles, row, number, value, columns[number].kind)


def _city_columns(words: Words, zone: str) -> list[Column]:
    return [
        Column(words("city"), Kind.TEXT),
        Column(words("city_code"), Kind.ID),
        Column(words("deployment"), Kind.TEXT),
        Column(f"{words('deployment_due')} ({zone})", Kind.DEADLINE),
        Column(f"{words('submitted')} ({zone})", Kind.INSTANT),
        Column(f"{words('approved')} ({zone})", Kind.INSTANT),
        *(Column(words(f"stage.{stage}"), Kind.NUMBER) for stage in DRAWN),
        Column(words("sum"), Kind.NUMBER),
        Column(words("closed_share"), Kind.SHARE),
        Column(words("overdue"), Kind.NUMBER),
        Column(words("suspended"), Kind.NUMBER),
        Column(words("rung_column"), Kind.TEXT),
        *(Column(words(name), Kind.NUMBER) for name in SuspensionSums.model_fields),
        Column(words("rounds_failed"), Kind.NUMBER),
    ]


def _city_rows(facts: Facts, words: Words) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = []
    for line in facts.cities:
        city = line.status
        deployment = city.deployment
        head = (
            city.name,
            city.code,
            words.named("deployment", deployment.state),
            deployment.due,
            deployment.submitted_at,
            line.approved_at,
        )
        rows.append((*head, *_counts(city.sites), *_stood_still(city.suspensions), line.rounds_failed))
    total = (words("sum"), None, None, None, None, None)
    whole = facts.status
    failed = sum(line.rounds_failed for line in facts.cities)
    rows.append((*total, *_counts(whole.sites), *_stood_still(whole.suspensions), failed))
    return rows


def _stood_still(sums: SuspensionSums | None) -> tuple[float, ...]:
    return tuple((sums or SuspensionSums()).model_dump().values())


def _counts(sites: SiteCounts) -> tuple[Any, ...]:
    share = sites.by_stage["closed"] / sites.total if sites.total else None
    by_stage = (sites.by_stage[stage] for stage in DRAWN)
    return (*by_stage, sites.total, share, sites.overdue, sites.suspended, rungs(sites.by_rung))


def write_days(book: Workbook, styles: Styles, facts: Facts, words: Words) -> None:
    """The counts of the burn-down, one row a day, and an Excel chart of them."""
    name = words("sheet.daily")
    columns = [
        Column(words("date"), Kind.DAY),
        Column(words("open"), Kind.NUMBER),
        Column(words("overdue"), Kind.NUMBER),
        Column(words("stage.closed"), Kind.NUMBER),
        Column(words("stage.carried_over"), Kind.NUMBER),
    ]
    table = Table(book, styles, name, columns)
    table.add((day.day, day.open, day.overdue, day.closed, day.carried_over) for day in facts.days)
    table.finish()
    if facts.days:
        chart = book.add_chart({"type": "line"})
        last = len(facts.days)
        for column, colour, dash in ((1, "#1D3F63", "solid"), (2, "#A3261B", "solid"), (3, "#2C2C2C", "dash")):
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, last, 0],
                    "values": [name, 1, column, last, column],
                    "line": {"color": colour, "width": 2, "dash_type": dash},
                }
            )
        chart.set_title({"name": words("burndown")})
        chart.set_x_axis({"date_axis": True, "num_format": "mm-dd"})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": 400})
        table.sheet.insert_chart("G2", chart, {"description": words("burndown")})
