"""The totals at the end of `check`, to be reconciled with what the office knows of its register."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.text import Text

from commands.common.tables import facts, table
from intake import divisions
from intake.check import CheckReport
from intake.register.totals import RegisterTotals, Totals, register_totals
from schemas.quantity import written
from services.common.text import counted

_COUNTIES_SHOWN = 200
"""Counties on the page at most; a province has some 160."""


def totals_of(report: CheckReport) -> RegisterTotals | None:
    """The totals of the good rows; None without a register that could be read."""
    if report.register is None or report.frozen is None or not report.register.readable:
        return None
    cities = [city.code for city in report.frozen.plan.cities]
    return register_totals(report.register.sites, cities, dict(report.register.areas))


def show_totals(out: Console, report: CheckReport) -> None:
    """Print the sums of each city with its counties, and of the whole register."""
    totals = totals_of(report)
    if totals is None:
        return
    assert report.register is not None
    out.print(Text("totals, to reconcile with the office's own", style="bold"))
    counties = sum(len(city.counties) for city in totals.cities)
    headers = ("city", "county", "name", "sites", "area (ha)")
    rows = _rows(report, totals, counties <= _COUNTIES_SHOWN)
    out.print(table(headers, rows, right=("sites", "area (ha)")))
    if counties > _COUNTIES_SHOWN:
        out.print(Text(f"the sums of {counties:,} counties: --json"))
    whole = totals.whole
    unmeasured = f" ({counted(whole.unmeasured, 'site')} without an area)" if whole.unmeasured else ""
    kinds = ", ".join(f"{kind} {written(count)}" for kind, count in sorted(whole.problems.items()))
    out.print(
        facts(
            [
                ("rows read", f"{report.register.rows:,}"),
                ("bad rows", f"{len(report.register.bad_rows):,}"),
                ("sites", f"{whole.sites:,}"),
                ("area (ha)", f"{written(whole.area_ha)}{unmeasured}"),
                ("problems", kinds),
            ]
        )
    )


def totals_json(report: CheckReport) -> dict[str, Any] | None:
    """The same as an object; amounts are decimal numbers."""
    totals = totals_of(report)
    if totals is None:
        return None
    assert report.register is not None
    return {
        "rows_read": report.register.rows,
        "bad_rows": len(report.register.bad_rows),
        **_sums(totals.whole),
        "cities": {
            city.code: {
                **_sums(city.totals),
                "counties": {county: _sums(found) for county, found in city.counties.items()},
            }
            for city in totals.cities
        },
    }


def _rows(report: CheckReport, totals: RegisterTotals, with_counties: bool) -> Iterator[tuple[str, ...]]:
    assert report.frozen is not None
    plan = report.frozen.plan
    for city in totals.cities:
        yield (city.code, "", plan.city(city.code).name, f"{city.totals.sites:,}", written(city.totals.area_ha))
        for county, found in city.counties.items() if with_counties else ():
            name = divisions.name(county) if plan.division_codes == "gbt2260" else None
            yield ("", county, name or "", f"{found.sites:,}", written(found.area_ha))


def _sums(totals: Totals) -> dict[str, Any]:
    return {
        "sites": totals.sites,
        "area_ha": _number(totals.area_ha),
        "sites_without_area": totals.unmeasured,
        "problems": {kind: _number(count) for kind, count in totals.problems.items()},
    }


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
