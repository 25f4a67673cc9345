"""The ledger: what happened to a subject, and the proof that nothing of it was changed."""

from pathlib import Path

from cyclopts import App

from commands.common.flags import Flag
from commands.common.help_groups import SUPERVISION, examples

ledgers = App()


@ledgers.command(
    group=SUPERVISION,
    help_epilogue=examples(
        "starter.py ledger 410400-002",
        "starter.py ledger henan-2021/410400",
        "starter.py ledger henan-2021 --export ledger.jsonl",
    ),
)
async def ledger(subject: str, /, *, export: Path | None = None, json: Flag = False) -> int:
    """Print what happened to a campaign, a city or a site, entry by entry.

    Args:
        subject: CAMPAIGN, CAMPAIGN/CITY, CAMPAIGN/SITE, a site's id, or a full stream such as site/CAMPAIGN/SITE.
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


@ledgers.command(group=SUPERVISION, help_epilogue=examples("starter.py verify-ledger henan-2021"))
async def verify_ledger(campaign: str, /, *, json: Flag = False) -> int:
    """Prove every hash chain and anchor of a campaign's ledger; ends with 1 and names the first broken entry.

    Args:
        campaign: The campaign's id.
        json: Print one JSON object.
    """
    from commands.common.connection import connected
    from commands.common.page import progress, show
    from commands.ledger.view import proof_page
    from services.ledger.entries import prove

    async with connected() as servers:
        show(proof_page(campaign, await prove(await servers.pool(), campaign, progress)), json)
    return 0
