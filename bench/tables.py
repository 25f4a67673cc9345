"""The figures as tables of text."""

import pstats
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.variants import Run

_PROCESSES = ("worker", "temporal", "postgres", "load")


def print_lives(console: Console, runs: Mapping[str, Sequence[Run]]) -> None:
    """One row a variant: rate of each round, history, actions, and CPU milliseconds a site by process."""
    table = Table("variant", "sites/s", "each round", "events", "actions", "tasks", *(f"{p} ms" for p in _PROCESSES))
    for name, taken in runs.items():
        sites = sum(run.sites for run in taken)
        rate = sites / sum(run.spent.ended for run in taken)
        cost = taken[-1].cost
        cpu = [f"{1000 * sum(run.cpu[process] for run in taken) / sites:.1f}" for process in _PROCESSES]
        table.add_row(
            name,
            f"{rate:.1f}",
            " ".join(f"{run.sites_per_second:.1f}" for run in taken),
            *(("-", "-", "-") if cost is None else (f"{part:.1f}" for part in cost)),
            *cpu,
        )
    console.print(table)


def print_options(console: Console, figures: Mapping[str, Mapping[str, Any]]) -> None:
    """One row an option of the plan: the cost of a site's life, and its message rate relative to the plain life."""
    table = Table("option", *(name.replace("_", " ") for name in next(iter(figures.values()))))
    table.columns[0].no_wrap = True
    for name, found in figures.items():
        table.add_row(name, *(f"{value:g}" for value in found.values()))
    console.print(table)


def print_goals(console: Console, figures: Mapping[str, Any]) -> None:
    """The single figures and the goals."""
    table = Table("goal", "wanted", "measured", "met")
    for name, goal in figures["goals"].items():
        table.add_row(name, goal["goal"], f"{goal['measured']:g}", "yes" if goal["met"] else "no")
    console.print(table)
    commands = figures["commands_per_second_one_site"]
    console.print(
        f"opening: {figures['opened_per_second']:g} sites/s by open_sites, {figures['raw_starts_per_second']:g} raw "
        f"starts/s · one site: {commands['signals']:g} signals/s, {commands['updates']:g} updates/s · memory: "
        f"{figures['worker_mb_per_1000_open_sites']:g} MiB per 1,000 open sites"
    )


def print_profile(console: Console, name: str, statistics: Path, sites: int, project: Path) -> None:
    """CPU time of a worker by function: own time and, for functions of project and SDK, cumulative time."""
    rows = []
    # The import of a module is no cost of a site.
    for (file, line, function), (_, calls, own, below, _) in pstats.Stats(str(statistics)).stats.items():  # type: ignore[attr-defined]
        if function == "<module>":
            continue
        place = file.removeprefix(f"{project}/").rpartition("site-packages/")[2]
        rows.append((own, below, calls, place, line, function))
    total = sum(row[0] for row in rows)
    ours = [row for row in rows if row[3].startswith(("rules/", "workflows/", "schemas/", "storage/", "activities/"))]
    sdk = [row for row in rows if row[3].startswith("temporalio/worker/")]
    for title, chosen, order, top in (
        ("own time, everywhere", rows, 0, 20),
        ("with what it calls, our code", ours, 1, 20),
        ("with what it calls, the SDK's worker", sdk, 1, 15),
    ):
        table = Table("CPU ms a site", "share", "calls a site", "where", title=f"{name}: {title}")
        for row in sorted(chosen, key=lambda row: row[order], reverse=True)[:top]:
            share = f"{100 * row[order] / total:.1f} %"
            where = f"{row[3]}:{row[4]} {row[5]}"
            table.add_row(f"{1000 * row[order] / sites:.2f}", share, f"{row[2] / sites:.1f}", where)
        console.print(table)
