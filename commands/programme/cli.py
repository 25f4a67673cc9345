"""Programmes over years: check, foresee and start them, and see how much of the stock is treated."""

from pathlib import Path

from cyclopts import App

from commands.common.flags import FOUND, PLAINLY, Flag, MapFile, RegisterTable, Sending
from commands.common.help_groups import PROVINCE as OFFICE
from commands.common.help_groups import examples
from simulation.behaviour.temperament import Temperament

programme = App(
    name="programme",
    group=OFFICE,
    help="A programme over years: a campaign each year from one stock of sites, until all of it is treated.",
    help_epilogue=examples(
        "starter.py programme check programme.yaml --register stock.csv",
        "starter.py programme start programme.yaml --register stock.csv",
        "starter.py programme status shanxi-yellow-river",
    ),
)


@programme.command(help_epilogue=examples("starter.py programme check programme.yaml --register stock.csv"))
def check(
    file: Path, /, *, register: Path, map_: MapFile = None, table: RegisterTable = FOUND, json: Flag = False
) -> int:
    """Check a programme, its plan and its stock; nothing is written. Ends with 1 when there are faults.

    Args:
        file: The programme (YAML); its `plan` is the path of the plan that every year follows.
        register: The stock of sites (CSV or XLSX).
        map_: For foreign registers (YAML): our field, their column or a constant.
        json: Print one JSON object.
    """
    from commands.common.faults import faults_shown
    from commands.common.page import progress, show
    from commands.common.reading import tell_warnings, with_reading
    from commands.programme.view import checked_page
    from runtime.real_time import real_now
    from services.programme.launching import sound_programme

    with faults_shown(json):
        frozen, stock, _ = sound_programme(file, register, map_, progress, table)
    tell_warnings(stock, json)
    show(with_reading(checked_page(frozen, stock.sites, real_now()), stock), json)
    return 0


@programme.command(
    help_epilogue=examples("starter.py programme forecast programme.yaml --register stock.csv --people slack --seed 7")
)
def forecast(
    file: Path,
    /,
    *,
    register: Path,
    map_: MapFile = None,
    table: RegisterTable = FOUND,
    people: Temperament = Temperament.TYPICAL,
    seed: int = 1,
    json: Flag = False,
) -> int:
    """Foresee the whole programme, year by year, with simulated people and without any server.

    The cities hand in their survey of each year, some of them late; what it finds is in the survey files beside the
    programme's file.

    Args:
        file: The programme (YAML).
        register: The stock of sites (CSV or XLSX).
        map_: For foreign registers (YAML): our field, their column or a constant.
        people: What kind of people.
        seed: What they do follows from it.
        json: Print one JSON object.
    """
    from commands.common.faults import faults_shown
    from commands.common.page import progress, show
    from commands.common.reading import tell_warnings, with_reading
    from commands.programme.years_view import programme_page
    from services.programme.launching import sound_programme
    from simulation.forecast.programme import foresee

    with faults_shown(json):
        frozen, stock, surveys = sound_programme(file, register, map_, progress, table)
    tell_warnings(stock, json)
    foreseen = foresee(frozen, stock.sites, people, seed, surveys)
    page = programme_page(frozen, foreseen.entries, len(foreseen.documents))
    show(with_reading(page, stock), json)
    return 0


@programme.command(help_epilogue=examples("starter.py programme start programme.yaml --register stock.csv"))
async def start(
    file: Path, /, *, register: Path, map_: MapFile = None, table: RegisterTable = FOUND, json: Flag = False
) -> int:
    """Start a programme: keep it and its stock; each year's campaign then starts by itself on its first day.

    The document number is the identity: starting the same again changes nothing and says so; if its workflow was lost
    it goes on from its ledger. A programme whose first year is over already is refused.

    Args:
        file: The programme (YAML).
        register: The stock of sites (CSV or XLSX).
        map_: For foreign registers (YAML): our field, their column or a constant.
        json: Print one JSON object.
    """
    from commands.common.connection import connected
    from commands.common.faults import faults_shown
    from commands.common.page import progress, show
    from commands.common.reading import tell_warnings, with_reading
    from commands.programme.view import launched_page
    from services.programme.launching import launch_programme, sound_programme

    with faults_shown(json):
        frozen, stock, _ = sound_programme(file, register, map_, progress, table)
    tell_warnings(stock, json)
    async with connected() as servers:
        outcome = await launch_programme(servers, frozen, stock.sites)
    show(with_reading(launched_page(frozen, len(stock.sites), outcome), stock), json)
    return 0


@programme.command(help_epilogue=examples("starter.py programme status shanxi-yellow-river --json"))
async def status(programme_id: str | None = None, /, *, json: Flag = False) -> int:
    """Show a programme year by year: what was taken from the stock, treated, carried over, and whether it is enough.

    Args:
        programme_id: The programme's id; without it the programmes are listed.
        json: Print one JSON object.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.programme.view import list_page
    from commands.programme.years_view import programme_page
    from services.programme.launching import all_programmes, read_years

    async with connected() as servers:
        pool = await servers.pool()
        if programme_id is None:
            page = list_page(await all_programmes(pool))
        else:
            page = programme_page(*await read_years(pool, programme_id))
    show(page, json)
    return 0


@programme.command(
    help_epilogue=examples(
        "starter.py programme survey shanxi-yellow-river --city 140900 --register survey-2023.csv --as li:city:140900",
        "starter.py programme survey shanxi-yellow-river --city 140100 --reason 'nothing new was found' "
        "--as wang:city:140100",
    )
)
async def survey(
    programme_id: str,
    /,
    *,
    city: str,
    register: Path | None = None,
    reason: str | None = None,
    map_: MapFile = None,
    table: RegisterTable = FOUND,
    sending: Sending = PLAINLY,
) -> int:
    """Hand in a city's survey of the stock for the year that runs or comes next.

    The rows are checked as any register's. A new id joins the stock; a site that waits is measured anew; what is
    treated or in a campaign must be as it is known. Handed in before the year begins it counts for that year, later
    for the next one. A survey that found nothing is handed in without a file, with its reason.

    Args:
        programme_id: The programme's id.
        city: The city that surveyed, by its code or name.
        register: What the survey found (CSV or XLSX), all of this city.
        reason: Why there is no file.
        map_: For foreign registers (YAML): our field, their column or a constant.
    """
    from commands.common.answers import tell
    from commands.common.arguments import Misused
    from commands.common.connection import connected
    from commands.common.faults import faults_shown
    from commands.common.reading import tell_warnings
    from commands.common.tables import console
    from commands.programme.view import survey_lines
    from services.programme.surveys import hand_in_survey

    if (register is None) == (reason is None):
        raise Misused("say --register with what was found, or --reason why nothing was")
    with faults_shown(sending.json):
        async with connected() as servers:
            handed = await hand_in_survey(servers, programme_id, city, register, reason, map_, sending, table)
            if handed.read is not None:
                tell_warnings(handed.read, sending.json)
            if not sending.json:
                for line in survey_lines(handed):
                    console().print(line)
            return tell(handed.sent, sending)


@programme.command(help_epilogue=examples("starter.py programme report shanxi-yellow-river --out out/programme"))
async def report(programme_id: str, /, *, out: Path, json: Flag = False) -> int:
    """Write the programme's report: its years and targets against what is done, and the file of its documents.

    The file of documents links to the files of the outbox. Each year's campaign has a report of its own.

    Args:
        programme_id: The programme's id.
        out: The folder for programme.html and documents.html; it is made when missing.
        json: Print one JSON object.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.programme.view import written_page
    from services.programme.report import write_programme_report

    async with connected() as servers:
        files = await write_programme_report(await servers.pool(), programme_id, out, servers.settings.outbox_dir)
    show(written_page(files), json)
    return 0


@programme.command(
    help_epilogue=examples("starter.py programme stop shanxi-yellow-river --reason 'merged' --as wang:province:山西省")
)
async def stop(programme_id: str, /, *, reason: str, sending: Sending = PLAINLY) -> int:
    """Stop a programme: no further year begins; the campaign that runs goes on to its own end.

    It is kept at once and judged by the programme's workflow; `programme status` says what became of it.

    Args:
        programme_id: The programme's id.
        reason: Why.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.programme.view import stopped_page
    from services.programme.launching import stop_programme

    async with connected() as servers:
        stop = await stop_programme(servers, programme_id, reason, sending)
    show(stopped_page(programme_id, stop.command_id), sending.json)
    return 0
