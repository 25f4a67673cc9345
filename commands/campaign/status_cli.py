"""The supervisor's commands: judge sites, and see where everything stands. All but `verify` read Postgres only."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused
from commands.common.flags import PLAINLY, Sending
from commands.common.help_groups import SUPERVISION as OFFICE
from commands.common.help_groups import examples
from commands.common.verdicts import Again, Opinion, Passed, ruled

supervisor = App()

Json = Annotated[bool, Parameter(negative="", show_default=False)]


@supervisor.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py verify 410400-002 county --pass --as qian:county:410402",
        "starter.py verify 410400-002 city --fail 'two signs are missing' --requirement warning_signs "
        "--as sun:city:410400",
    ),
)
async def verify(
    site: str,
    level: str,
    /,
    *,
    passed: Passed = False,
    fail: Opinion = None,
    requirement: Again = (),
    sending: Sending = PLAINLY,
) -> int:
    """Give a level's verdict on a site.

    The one who reported work never verifies it, and each level is a different person. The last level's pass closes
    the site; a failure gives the written rectification opinion and begins a new round.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        level: The level's id in the plan.
        passed: The site passes this level.
        fail: The site fails, with this rectification opinion (or @ and the file it stands in).
        requirement: A requirement that must be done again (with --fail; may be repeated). Without it all of them.
    """
    from commands.common.sending import to_site
    from schemas import commands as cmd

    return await to_site(site, cmd.Verify, sending, level=level, **ruled(passed, fail, requirement))


@supervisor.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py status",
        "starter.py status henan-2021 --watch",
        "starter.py status henan-2021 --city 410400 --json",
        "starter.py status --site 410400-002",
    ),
)
async def status(
    campaign: str | None = None,
    /,
    *,
    city: str | None = None,
    site: str | None = None,
    watch: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    json: Json = False,
) -> int:
    """Show where campaigns, a campaign, a city or a site stand, as of campaign time now.

    Args:
        campaign: The campaign's id; without it all campaigns.
        city: One city of it, by code or name.
        site: One site, by its id or CAMPAIGN/SITE.
        watch: Show it anew every two seconds until Ctrl-C.
        json: Print JSON; with --watch one object a line.
    """
    from commands.campaign.status_view import campaign_page, campaigns_page, city_page, site_page
    from commands.common.connection import connected
    from commands.common.page import Page, show, watched
    from services.common.subjects import campaign_subject, city_subject, site_subject

    if city is not None and site is not None:
        raise Misused("say --city or --site, not both")
    if city is not None and campaign is None:
        raise Misused("--city needs its campaign: starter.py status CAMPAIGN --city CITY")
    if site is not None and campaign is not None and "/" not in site:
        site = f"{campaign}/{site}"
    async with connected() as servers:
        pool = await servers.pool()

        async def page() -> Page:
            if site is not None:
                return await site_page(pool, await site_subject(pool, site))
            if campaign is None:
                return await campaigns_page(pool)
            if city is not None:
                return await city_page(pool, await city_subject(pool, campaign, city))
            return await campaign_page(pool, await campaign_subject(pool, campaign))

        if watch:
            await watched(page, json)
        else:
            show(await page(), json)
    return 0


@supervisor.command(
    group=OFFICE,
    help_epilogue=examples("starter.py overdue henan-2021", "starter.py overdue henan-2021 --city 410400 --json"),
)
async def overdue(campaign: str, /, *, city: str | None = None, limit: int = 1000, json: Json = False) -> int:
    """List the sites past their due date, longest overdue first.

    Args:
        campaign: The campaign's id.
        city: One city of it, by code or name.
        limit: At most so many.
        json: Print a JSON array.
    """
    from commands.campaign.status_view import overdue_page
    from commands.common.connection import connected
    from commands.common.page import show
    from services.common.subjects import campaign_subject, city_subject

    async with connected() as servers:
        pool = await servers.pool()
        subject = await (campaign_subject(pool, campaign) if city is None else city_subject(pool, campaign, city))
        show(await overdue_page(pool, subject, limit), json)
    return 0


@supervisor.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py ledger 410400-002",
        "starter.py ledger henan-2021/410400",
        "starter.py ledger henan-2021 --export ledger.jsonl",
    ),
)
async def ledger(subject: str, /, *, export: Path | None = None, json: Json = False) -> int:
    """Print what happened to a campaign, a city or a site, entry by entry.

    Args:
        subject: CAMPAIGN, CAMPAIGN/CITY, CAMPAIGN/SITE, a site's id, or a full stream such as site/CAMPAIGN/SITE.
        export: Write the entries to this file instead, one JSON object a line, so that a stranger can verify the
            hashes. Of a campaign: all its streams.
        json: Print a JSON array.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.common.progress import progress
    from commands.ledger.view import exported_page, ledger_page
    from services.ledger.entries import any_subject, export_entries
    from storage.ledger import read_stream

    async with connected() as servers:
        pool = await servers.pool()
        found = await any_subject(pool, subject)
        if export is not None:
            show(exported_page(export, await export_entries(pool, found, export, progress)), json)
        else:
            show(ledger_page(found, await read_stream(pool, found.stream)), json)
    return 0


@supervisor.command(group=OFFICE, help_epilogue=examples("starter.py verify-ledger henan-2021"))
async def verify_ledger(campaign: str, /, *, json: Json = False) -> int:
    """Prove every hash chain and anchor of a campaign's ledger; ends with 1 and names the first broken entry.

    Args:
        campaign: The campaign's id.
        json: Print one JSON object.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.common.progress import progress
    from commands.ledger.view import proof_page
    from services.ledger.entries import prove

    async with connected() as servers:
        show(proof_page(campaign, await prove(await servers.pool(), campaign, progress)), json)
    return 0


@supervisor.command(group=OFFICE, help_epilogue=examples("starter.py report henan-2021 --out reports/august"))
async def report(campaign: str, /, *, out: Path, json: Json = False) -> int:
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
    from reports.writing import write_report
    from services.common.subjects import campaign_subject

    async with connected() as servers:
        pool = await servers.pool()
        subject = await campaign_subject(pool, campaign)
        written = await write_report(pool, campaign, out, subject.now, servers.settings.outbox_dir)
    if json:
        print_json([str(path) for path in written])
    else:
        for path in written:
            print(f"written: {path}")
    return 0
