"""The ledger: what happened to a subject, and the proof that nothing of it was changed."""

from pathlib import Path

from cyclopts import App

from commands.common.flags import Day, Flag
from commands.common.help_groups import SUPERVISION, examples

ledgers = App()


@ledgers.command(
    group=SUPERVISION,
    help_epilogue=examples(
        "starter.py ledger 410400-002",
        "starter.py ledger henan-2021/410400",
        "starter.py ledger shanxi-yellow-river",
        "starter.py ledger henan-2021 --export ledger.jsonl",
    ),
)
async def ledger(subject: str, /, *, export: Path | None = None, json: Flag = False) -> int:
    """Print what happened to a campaign, a programme, a city or a site, entry by entry.

    Args:
        subject: CAMPAIGN, PROGRAMME, CAMPAIGN/CITY, CAMPAIGN/SITE, a site's id, or a full stream such as
            site/CAMPAIGN/SITE.
        export: Write the entries to this file instead, one JSON object a line, so that a stranger can verify the
            hashes. Of a campaign: all its streams.
        json: Print a JSON array.
    """
    from commands.common.connection import connected
    from commands.common.page import progress, show
    from commands.ledger.view import exported_page, ledger_page
    from services.ledger.entries import any_subject, export_entries, read_entries

    async with connected() as servers:
        pool = await servers.pool()
        found = await any_subject(pool, subject)
        if export is not None:
            show(exported_page(export, await export_entries(pool, found, export, progress)), json)
        else:
            show(ledger_page(found, await read_entries(pool, found)), json)
    return 0


@ledgers.command(
    group=SUPERVISION,
    help_epilogue=examples(
        "starter.py refused henan-2021",
        "starter.py refused henan-2021 --city 410400 --since 2021-09-01",
        "starter.py refused henan-2021 --site 410400-002 --json",
    ),
)
async def refused(
    campaign: str, /, *, city: str | None = None, site: str | None = None, since: Day = None, json: Flag = False
) -> int:
    """List the commands that the ledger keeps as refused: when, who, what command, for what, and why.

    A message that could not be read is one of them. What was answered with a refusal at once is not: it
    changed nothing, and its sender was told. Status and report count the same commands.

    Args:
        campaign: The campaign's id.
        city: One city of it, by code or name, with its sites and spot checks.
        site: One site of it.
        since: Only what was received from this day on, in the plan's zone.
        json: Print a JSON array.
    """
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.ledger.view import refused_page
    from services.ledger.refusals import read_refused

    async with connected() as servers:
        show(refused_page(await read_refused(await servers.pool(), campaign, city, site, since)), json)
    return 0


@ledgers.command(
    group=SUPERVISION,
    help_epilogue=examples("starter.py verify-ledger henan-2021", "starter.py verify-ledger shanxi-yellow-river"),
)
async def verify_ledger(campaign: str, /, *, json: Flag = False) -> int:
    """Prove every hash chain and anchor of a campaign's ledger; ends with 1 and names the first broken entry.

    Of a programme: its own chain, and the ledgers of its years' campaigns.

    Args:
        campaign: The id of a campaign, or of a programme.
        json: Print one JSON object.
    """
    from commands.common.connection import connected
    from commands.common.page import progress, show
    from commands.ledger.view import proof_page
    from services.ledger.entries import prove

    async with connected() as servers:
        show(proof_page(campaign, await prove(await servers.pool(), campaign, progress)), json)
    return 0
