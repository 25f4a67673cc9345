"""Surveys: adding sites to a running campaign, and which surveys there were."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from commands.common.arguments import Misused
from commands.common.flags import FOUND, PLAINLY, MapFile, RegisterTable, Sending
from commands.common.help_groups import PROVINCE as OFFICE
from commands.common.help_groups import examples

surveys = App()


@surveys.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py survey shanxi-2024 --register found.csv --id S3 --found newly --as wang:province:山西省",
        "starter.py survey shanxi-2024 --register missed.xlsx --id S4 --found missed --as li:city:140900",
        "starter.py survey shanxi-2024",
    ),
)
async def survey(
    campaign: str,
    /,
    *,
    register: Path | None = None,
    id_: Annotated[str | None, Parameter(name="--id", metavar="SURVEY")] = None,
    found: Literal["newly", "missed"] | None = None,
    map_: MapFile = None,
    table: RegisterTable = FOUND,
    sending: Sending = PLAINLY,
) -> int:
    """Add what a survey found to the register of a running campaign; without a register, list its surveys.

    The rows are checked as any register's. Their ids must be new in the campaign,
    and each is newly found or was missed (漏报) when the stock was taken. They are
    kept in one transaction; then each city concerned hears of it, and opens its
    sites with the survey's own deadline. The same survey again changes nothing,
    and tells the cities that had not heard; another content under its id is
    refused.

    Args:
        campaign: The campaign's id.
        register: What the survey found (CSV or XLSX).
        id_: The survey's id, its own in the campaign.
        found: How rows came to light that do not say it themselves.
        map_: For foreign registers (YAML): our field, their column or a constant.
    """
    from commands.common.connection import connected
    from commands.common.faults import faults_shown
    from commands.common.page import show
    from commands.surveys.view import surveys_page, tell_added
    from services.surveys.add import add_survey_of, read_surveys, require_identifier

    if register is None:
        if id_ is not None or found is not None or map_ is not None or table != FOUND:
            raise Misused("--id, --found, --map, --sheet and --header-row belong to --register")
        async with connected() as servers:
            subject, found_before = await read_surveys(await servers.pool(), campaign)
            page = surveys_page(campaign, found_before, subject.zone)
        show(page, sending.json)
        return 0
    if id_ is None:
        raise Misused("say --id: the survey's own id in the campaign, such as S2")
    require_identifier(id_)
    with faults_shown(sending.json):
        async with connected() as servers:
            added = await add_survey_of(servers, campaign, register, id_, found, map_, sending, table)
            tell_added(added, sending.json)
    return 0
