"""A campaign: check, start and stop it, and see where it stands."""

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from commands.common.arguments import Misused
from commands.common.flags import FOUND, PLAINLY, Day, Flag, MapFile, RegisterTable, Sending, Starter
from commands.common.help_groups import PROVINCE, SUPERVISION, examples
from schemas.errors import InvalidInput, Refused

campaigns = App()


@campaigns.command(
    group=PROVINCE,
    help_epilogue=examples(
        "starter.py check plan.yaml --register sites.xlsx",
        "starter.py check plan.yaml --register foreign.csv --map map.yaml --json",
        "starter.py check plan.yaml --register sites.xlsx --sheet 台账 --header-row 3",
        "starter.py check plan.yaml --starts-on 2027-03-01",
        "starter.py check plan.yaml --register sites.csv --suggest-cities",
    ),
)
async def check(
    plan: Path,
    /,
    *,
    register: Path | None = None,
    map_: MapFile = None,
    table: RegisterTable = FOUND,
    starts_on: Day = None,
    suggest_cities: Flag = False,
    json: Flag = False,
) -> int:
    """Check a plan and its register; nothing is written.

    Every fault is listed with file, row, column, value and what was expected, those that are the same in many rows as
    one line; then the campaign's days, the clauses that rest on days not yet published, and the totals of the
    register. Ends with 1 when there are faults.

    Titles above the header, totals and notes below it, and merged cells are found, and it is said what was skipped or
    filled (docs/spreadsheets.md).

    Args:
        plan: The work plan (YAML).
        register: The site register (CSV or XLSX).
        map_: For foreign registers (YAML): our field, their column or a constant.
        starts_on: Begin on this day (a date, today or yesterday); end and phases move with it.
        suggest_cities: Only print the `cities` of the register that the plan does not have, to be pasted into it.
        json: Print one JSON object.
    """
    from commands.campaign.check_view import check_json, show_check
    from commands.common.page import progress
    from commands.common.tables import console, print_json
    from services.campaign.checking import checked
    from services.campaign.elsewhere import compared
    from services.common.text import counted

    if register is None and table != FOUND:
        raise Misused("--sheet and --header-row belong to --register")
    if suggest_cities:
        from commands.campaign.suggestion_view import tell_cities
        from commands.common.faults import faults_shown
        from services.campaign.suggesting import cities_of_register

        if register is None:
            raise Misused("--suggest-cities reads the --register")
        with faults_shown(json):
            tell_cities(cities_of_register(plan, register, map_, table), json)
        return 0
    report = await compared(checked(plan, register, map_, starts_on, progress, table))
    if json:
        print_json(check_json(report))
    else:
        show_check(console(), report)
    if report.faults:
        raise InvalidInput(f"{counted(len(report.faults), 'fault')}; correct what is listed and check again").printed(
            json
        )
    if report.is_empty:
        raise InvalidInput("there is nothing to start: the register has no row below its header").printed(json)
    return 0


@campaigns.command(
    group=PROVINCE,
    help_epilogue=examples(
        "starter.py start plan.yaml --register sites.xlsx --as wang:province:河南省自然资源厅",
        "starter.py start plan.yaml --register sites.csv --skip-bad --bad-rows to-correct.csv "
        "--as wang:province:河南省自然资源厅",
    ),
)
async def start(
    plan: Path,
    /,
    *,
    register: Path,
    map_: MapFile = None,
    table: RegisterTable = FOUND,
    skip_bad: Flag = False,
    bad_rows: Path | None = None,
    starts_on: Day = None,
    as_: Starter = None,
    json: Flag = False,
) -> int:
    """Start a campaign: keep its plan and register, and issue the plan to the cities.

    A plan with several issuing agencies is issued when each has signed it (sign-plan); the start by a person of one
    of them is its signature.

    The plan's document number is the campaign's identity: starting the same again changes nothing and says so, and
    completes a start that died half-way; another plan under the same number is refused.

    Args:
        plan: The work plan (YAML).
        register: The site register (CSV or XLSX).
        map_: For foreign registers (YAML): our field, their column or a constant.
        skip_bad: Start with the good rows; the bad ones go to a file and are kept with the campaign.
        bad_rows: That file; by default the register's name with .bad.csv, in the working directory.
        starts_on: Begin on this day (a date, today or yesterday); end and phases move with it.
        as_: Who starts it, for the province or one of its offices; without it HUNDRED_DAYS_ACTOR says so.
        json: Print one JSON object.
    """
    from commands.campaign.start_view import launched_json, startable_or_shown, tell_launched
    from commands.common.connection import connected
    from commands.common.page import progress
    from commands.common.tables import print_json
    from services.campaign.checking import checked, with_bad_rows_kept
    from services.campaign.elsewhere import compared
    from services.campaign.launching import launch
    from services.common.send_options import SendOptions

    found = await compared(checked(plan, register, map_, starts_on, progress, table))
    sound = with_bad_rows_kept(startable_or_shown(found, skip_bad, json), found, register, bad_rows)
    async with connected() as servers:
        launched = await launch(servers, sound, SendOptions(as_=as_))
    if json:
        print_json(launched_json(launched))
    else:
        tell_launched(launched, plan)
    return 0


@campaigns.command(
    name="sign-plan",
    group=PROVINCE,
    help_epilogue=examples(
        "starter.py sign-plan henan-2021 --as zhao:province:河南省公安厅",
        "starter.py sign-plan henan-2021 --amendment 1 --as zhao:province:河南省公安厅",
    ),
)
async def sign_plan(
    campaign: str,
    /,
    *,
    amendment: int | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Sign a joint plan, or an amendment of it, for an agency that issues it.

    The unit of --as must be that agency. The plan is issued, and an amendment counts, when every agency has signed;
    a second signature of the same agency changes nothing.

    Args:
        campaign: The campaign's id.
        amendment: Sign the amendment of this number in the campaign instead (amend --status lists them).
    """
    from commands.common.sending import to_campaign
    from schemas import commands as cmd

    return await to_campaign(campaign, cmd.SignPlan, sending, amendment=amendment)


@campaigns.command(
    group=PROVINCE,
    help_epilogue=examples(
        "starter.py stop henan-2021 --reason 'merged into the autumn campaign' --as wang:province:河南省"
    ),
)
async def stop(
    campaign: str,
    /,
    *,
    reason: str,
    yes: Flag = False,
    sending: Sending = PLAINLY,
) -> int:
    """Stop a campaign: what is open is carried over. This can not be undone.

    Args:
        campaign: The campaign's id.
        reason: Why.
        yes: Do not ask (on a terminal it asks first).
    """
    from commands.common.sending import to_campaign
    from schemas import commands as cmd

    if sys.stdin.isatty() and not yes and not _confirmed(campaign):
        raise Refused(f"campaign {campaign} was not stopped")
    return await to_campaign(campaign, cmd.Stop, sending, reason=reason)


def _confirmed(campaign: str) -> bool:
    print(f"This stops {campaign} for good; its open sites are carried over.", file=sys.stderr)
    print("Stop it? Type the campaign's id: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == campaign


@campaigns.command(
    group=SUPERVISION,
    help_epilogue=examples(
        "starter.py status",
        "starter.py status henan-2021 --watch",
        "starter.py status henan-2021 --city 410400 --json",
        "starter.py status hukou-2024 --county 360429",
        "starter.py status --site 410400-002",
        "starter.py status henan-2021 --sites --mine --as P-0417:county:410402",
    ),
)
async def status(
    campaign: str | None = None,
    /,
    *,
    city: str | None = None,
    county: str | None = None,
    site: str | None = None,
    sites: Flag = False,
    mine: Flag = False,
    as_: Annotated[str | None, Parameter(name="--as", metavar="ID:ROLE:UNIT")] = None,
    limit: int = 1000,
    watch: Flag = False,
    json: Flag = False,
) -> int:
    """Show where campaigns, a campaign, a city or a site stand, as of campaign time now.

    Args:
        campaign: The campaign's id; without it all campaigns.
        city: One city of it, by code or name.
        county: One county of it that deploys, by code or name.
        site: One site, by its id or CAMPAIGN/SITE.
        sites: List the sites, with who is responsible for each.
        mine: With --sites: those for which, or for a requirement of which, you or your unit answer.
        as_: Who you are, for --mine; without it HUNDRED_DAYS_ACTOR says so.
        limit: With --sites: at most so many.
        watch: Show it anew every two seconds until Ctrl-C.
        json: Print JSON; with --watch one object a line.
    """
    from commands.campaign.status_view import campaign_page, campaigns_page, city_page, sites_page
    from commands.city.counties_view import county_page
    from commands.common.connection import connected
    from commands.common.page import Page, show, watched
    from services.campaign.status import read_campaign, read_campaigns, read_city, read_sites
    from services.common.send_options import SendOptions
    from services.common.subjects import area_subject, campaign_subject, city_subject, county_subject, site_subject

    if city is not None and site is not None:
        raise Misused("say --city or --site, not both")
    if mine and not sites:
        raise Misused("--mine goes with --sites, and with the command overdue")
    if sites and (campaign is None or site is not None):
        raise Misused("--sites lists those of a campaign: starter.py status CAMPAIGN --sites [--city CITY] [--mine]")
    if city is not None and campaign is None:
        raise Misused("--city needs its campaign: starter.py status CAMPAIGN --city CITY")
    if county is not None and (campaign is None or city is not None or site is not None):
        raise Misused("--county stands with its campaign alone: starter.py status CAMPAIGN --county COUNTY")
    if site is not None and campaign is not None and "/" not in site:
        site = f"{campaign}/{site}"
    async with connected() as servers:
        pool = await servers.pool()

        async def page() -> Page:
            if site is not None:
                # The rules that read a site's ledger take longer to load than any other status takes to read.
                from commands.site.view import site_page
                from services.site.tasks import read_site

                return site_page(await read_site(pool, await site_subject(pool, site)))
            if campaign is None:
                return campaigns_page(await read_campaigns(pool))
            if county is not None:
                subject, code = await county_subject(pool, campaign, county)
                return county_page(await read_city(pool, subject), code)
            if sites:
                me = SendOptions(as_).actor(servers.settings.actor) if mine else None
                return sites_page(await read_sites(pool, await area_subject(pool, campaign, city), limit, me))
            if city is not None:
                return city_page(await read_city(pool, await city_subject(pool, campaign, city)))
            return campaign_page(await read_campaign(pool, await campaign_subject(pool, campaign)))

        if watch:
            await watched(page, json)
        else:
            show(await page(), json)
    return 0


@campaigns.command(
    group=SUPERVISION,
    help_epilogue=examples(
        "starter.py overdue henan-2021",
        "starter.py overdue henan-2021 --city 410400 --json",
        "starter.py overdue henan-2021 --hazard high",
    ),
)
async def overdue(
    campaign: str,
    /,
    *,
    city: str | None = None,
    mine: Flag = False,
    as_: Annotated[str | None, Parameter(name="--as", metavar="ID:ROLE:UNIT")] = None,
    hazard: Literal["high", "medium", "low"] | None = None,
    limit: int = 1000,
    json: Flag = False,
) -> int:
    """List the sites past their due date, longest overdue first.

    Args:
        campaign: The campaign's id.
        city: One city of it, by code or name.
        mine: Only those for which, or for a requirement of which, you or your unit answer.
        as_: Who you are, for --mine; without it HUNDRED_DAYS_ACTOR says so.
        hazard: Only sites of this hazard, as they are graded now.
        limit: At most so many.
        json: Print a JSON array.
    """
    from commands.campaign.status_view import overdue_page
    from commands.common.connection import connected
    from commands.common.page import show
    from services.campaign.status import read_overdue
    from services.common.send_options import SendOptions
    from services.common.subjects import area_subject

    async with connected() as servers:
        pool = await servers.pool()
        subject = await area_subject(pool, campaign, city)
        me = SendOptions(as_).actor(servers.settings.actor) if mine else None
        show(overdue_page(await read_overdue(pool, subject, limit, me, hazard)), json)
    return 0


@campaigns.command(group=SUPERVISION, help_epilogue=examples("starter.py report henan-2021 --out reports/august"))
async def report(campaign: str, /, *, out: Path, json: Flag = False) -> int:
    """Write the campaign's report: a page with charts, the file of documents, and a workbook.

    The pages need nothing else and can be printed. The workbook has register, documents and ledger; the file of
    documents links to the files of the outbox.

    Args:
        campaign: The campaign's id.
        out: The folder for report.html, documents.html and report.xlsx; it is made when missing.
        json: Print a JSON array of the files.
    """
    from commands.common.connection import connected
    from commands.common.tables import print_json
    from services.campaign.status import report_campaign

    async with connected() as servers:
        written = await report_campaign(servers, campaign, out)
    if json:
        print_json([str(path) for path in written])
    else:
        for path in written:
            print(f"written: {path}")
    return 0
