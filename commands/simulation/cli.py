"""Rehearsing and forecasting: the same campaign with simulated people, on the real engine or by the rules alone."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import reads, seconds
from commands.common.flags import FOUND, Day, Flag, MapFile, RegisterTable
from commands.common.help_groups import REHEARSAL as OFFICE
from commands.common.help_groups import examples
from simulation.behaviour.temperament import Temperament

rehearsal = App()


@rehearsal.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py rehearse plan.yaml --register sites.xlsx --day 1s --out out/rehearsal",
        "starter.py rehearse plan.yaml --register sites.csv --skip-bad --people slack --seed 7 --out out/slack",
        "starter.py rehearse plan.yaml --register sites.xlsx --day 30s --out out/practice",
    ),
)
async def rehearse(
    plan: Path,
    /,
    *,
    register: Path,
    out: Path,
    map_: MapFile = None,
    table: RegisterTable = FOUND,
    skip_bad: Flag = False,
    bad_rows: Path | None = None,
    starts_on: Day = None,
    day: Annotated[float, Parameter(converter=reads(seconds), metavar="DURATION", show_default=lambda _: "1s")] = 1.0,
    people: Temperament = Temperament.TYPICAL,
    seed: int = 1,
    json: Flag = False,
) -> int:
    """Rehearse a campaign on the real engine in a few minutes, with simulated people and a live board.

    Servers and a worker of its own are started for it and gone after it; nothing is mailed. It ends with the report.
    Stopped before (Ctrl-C, or SIGTERM), it writes the report as far as the campaign has come, marked as stopped, and
    ends with 130 (143); a second time it ends at once, without a report.

    The clock waits for the engine: on a slow or busy machine the days are longer,
    and nothing is late. To practise, take long days (--day 30s). At the start it prints TEMPORAL_ADDRESS
    and HUNDRED_DAYS_POSTGRES_URL: with these two variables another terminal can
    look and act while it runs.

    Args:
        plan: The work plan (YAML).
        register: The site register (CSV or XLSX).
        out: The folder for report, status.json, ledger.jsonl and the outbox; it is made when missing.
        map_: For foreign registers (YAML): our field, their column or a constant.
        skip_bad: Rehearse with the good rows; the bad ones go to a file.
        bad_rows: That file; by default the register's name with .bad.csv in the folder of --out.
        starts_on: Begin on this day (a date, today or yesterday); end and phases move with it.
        day: How long a campaign day lasts at least (1ms: as fast as the engine goes).
        people: What kind of people.
        seed: What they do follows from it.
        json: Print one JSON object at the end; the board goes to standard error.
    """
    from commands.campaign.start_view import startable_or_shown
    from commands.common.page import progress, show
    from commands.common.reading import with_reading
    from commands.simulation.rehearsal_view import rehearsed
    from services.campaign.checking import checked, with_bad_rows_kept

    found = checked(plan, register, map_, starts_on, progress, table)
    kept = bad_rows or out / f"{register.stem}.bad.csv"
    sound = with_bad_rows_kept(startable_or_shown(found, skip_bad, json), found, register, kept)
    page, code = await rehearsed(sound, people, seed, day, out, as_json=json)
    show(with_reading(page, sound.register), json)
    return code


@rehearsal.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py forecast plan.yaml --register sites.xlsx --people slack",
        "starter.py forecast plan.yaml --register sites.xlsx --seed 7 --sites 20000 --json",
    ),
)
def forecast(
    plan: Path,
    /,
    *,
    register: Path,
    map_: MapFile = None,
    table: RegisterTable = FOUND,
    skip_bad: Flag = False,
    starts_on: Day = None,
    people: Temperament = Temperament.TYPICAL,
    seed: int = 1,
    sites: int | None = None,
    json: Flag = False,
) -> int:
    """Foresee a campaign in seconds: simulated people and the engine's own rules, without any server.

    The same seed gives the same campaign, site by site; `rehearse` plays it on the real engine. It ends with what the
    campaign is for: targets by city, money and land, signatures, and the load of each office with its worst week.

    Args:
        plan: The work plan (YAML).
        register: The site register (CSV or XLSX).
        map_: For foreign registers (YAML): our field, their column or a constant.
        skip_bad: Leave bad rows out.
        starts_on: Begin on this day (a date, today or yesterday); end and phases move with it.
        people: What kind of people.
        seed: What they do follows from it.
        sites: Repeat the register up to so many sites, to see how a large campaign would go.
        json: Print one JSON object, with the count of every day, and the load of every office by day.
    """
    from commands.campaign.start_view import startable_or_shown
    from commands.common.page import progress, show
    from commands.common.reading import with_reading
    from commands.simulation.forecast_view import forecast_page
    from services.campaign.checking import checked
    from services.simulation.repeated_register import repeated
    from simulation.forecast.simulator import forecast as foresee

    sound = startable_or_shown(checked(plan, register, map_, starts_on, progress, table), skip_bad, json)
    everywhere = sound.sites if sites is None else repeated(sound.sites, sites)
    with progress("days") as advanced:
        foreseen = foresee(sound.frozen, everywhere, people, seed, advanced, surveys=sound.surveys)
    show(with_reading(forecast_page(foreseen), sound.register), json)
    return 0
