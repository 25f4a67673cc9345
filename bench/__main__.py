"""`python -m bench`: measure everything and print a table and, as the last line, one JSON object."""

import asyncio
import json
import tempfile
from collections import defaultdict
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, TypeVar

from cyclopts import App, Parameter
from rich.console import Console

from bench.figures import Others, figures_of, figures_of_options
from bench.machine import Machine, running_machine
from bench.one_site import commands_per_second, megabytes_per_thousand_sites
from bench.opening import opening_rates
from bench.options import OPTIONS, Option
from bench.tables import print_goals, print_lives, print_options, print_profile
from bench.variants import VARIANTS, WARM_UP_SITES, Run, measure
from runtime.exit import run_to_exit
from schemas.errors import HundredDaysError

_PROJECT = Path(__file__).resolve().parent.parent
_PHASE_SECONDS = 120.0
_SECONDS_A_SITE = 0.5
"""Time-out of a phase; the slowest variant on the slowest known machine takes less."""

T = TypeVar("T")

app = App(name="bench", help=__doc__)


@app.default
def main(
    *,
    sites: int = 500,
    rounds: int = 2,
    profile: Annotated[bool, Parameter(negative="")] = False,
    options: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Compare the engine with a bare skeleton, a naive design and DBOS.

    Args:
        sites: Sites in each run.
        rounds: How often each variant runs; the variants take turns.
        profile: Show instead where the time goes: CPU by process, and a profile of the worker's Python code.
        options: Show instead what a site costs under each option of a plan that it meets, beside a plan without any.
    """
    console = Console(width=None if Console().is_terminal else 150)
    if options:
        return asyncio.run(_options(console, sites, rounds))
    return asyncio.run(_profile(console, sites) if profile else _measure(console, sites, rounds))


async def _measure(console: Console, sites: int, rounds: int) -> int:
    runs: defaultdict[str, list[Run]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="hundred-days-bench-", ignore_cleanup_errors=True) as folder:
        async with running_machine(Path(folder)) as machine:
            for turn in range(rounds):
                for variant in VARIANTS:
                    name = f"{variant.name.replace('_', '-')}-{turn}"
                    run = await _bounded(name, sites, measure(machine, variant, name, sites))
                    runs[variant.name].append(run)
                    console.print(f"round {turn + 1}: {variant.name} {run.sites_per_second:.1f} sites/s")
            others = await _others(machine, sites, rounds)
    figures = figures_of(runs, others)
    print_lives(console, runs)
    print_goals(console, figures)
    print(json.dumps(figures), flush=True)
    return 0


async def _options(console: Console, sites: int, rounds: int) -> int:
    (engine,) = (variant for variant in VARIANTS if variant.name == "engine_signals")
    runs: defaultdict[Option, list[Run]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="hundred-days-bench-", ignore_cleanup_errors=True) as folder:
        async with running_machine(Path(folder)) as machine:
            for turn in range(rounds):
                for number, option in enumerate(OPTIONS):
                    name = f"option-{number}-{turn}"
                    run = await _bounded(name, 2 * sites, measure(machine, engine, name, sites, option=option))
                    runs[option].append(run)
                    console.print(f"round {turn + 1}: {option.name} {run.sites_per_second:.1f} sites/s")
    figures = figures_of_options(runs)
    print_options(console, figures)
    print(json.dumps({"options": figures}), flush=True)
    return 0


async def _others(machine: Machine, sites: int, rounds: int) -> Others:
    opened, raw = await _bounded("opening", 4 * rounds * sites, opening_rates(machine, sites, rounds))
    commands = await _bounded("one site", 0, commands_per_second(machine))
    memory = await _bounded("memory", 0, megabytes_per_thousand_sites(machine))
    return Others(opened, raw, commands, memory)


async def _profile(console: Console, sites: int) -> int:
    with tempfile.TemporaryDirectory(prefix="hundred-days-bench-", ignore_cleanup_errors=True) as folder:
        async with running_machine(Path(folder)) as machine:
            chosen = [variant for variant in VARIANTS if variant.process in ("skeleton", "engine")]
            plain = {v.name: [await _bounded(v.name, sites, measure(machine, v, v.name, sites))] for v in chosen}
            print_lives(console, plain)
            for variant in chosen:
                statistics = Path(folder) / f"{variant.name}.profile"
                await _bounded(
                    variant.name, 2 * sites, measure(machine, variant, f"{variant.name}-profiled", sites, statistics)
                )
                print_profile(console, variant.name, statistics, sites + WARM_UP_SITES, _PROJECT)
    return 0


async def _bounded(phase: str, sites: int, work: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(_PHASE_SECONDS + _SECONDS_A_SITE * sites):
            return await work
    except TimeoutError:
        raise HundredDaysError(f"bench: {phase} did not end in time; is the machine busy? Try fewer --sites") from None


if __name__ == "__main__":
    run_to_exit(lambda: app(result_action="return_value") or 0)
