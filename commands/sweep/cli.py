"""The two-way sweep: patches of the province, clues of the police, and what counties found of each."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from commands.common.arguments import Misused, text_or_file
from commands.common.flags import FOUND, PLAINLY, Flag, RegisterTable, Sending
from commands.common.help_groups import CASES, CITY, PROVINCE, examples

sweep = App()


@sweep.command(
    group=PROVINCE,
    help_epilogue=examples(
        "starter.py patches henan-2021 --file patches.csv --id B2 --source 'GF-2 2021-08' --as wang:province:河南省",
        "starter.py patches henan-2021",
    ),
)
async def patches(
    campaign: str,
    /,
    *,
    file: Path | None = None,
    id_: Annotated[str | None, Parameter(name="--id", metavar="BATCH")] = None,
    source: str | None = None,
    table: RegisterTable = FOUND,
    sending: Sending = PLAINLY,
) -> int:
    """Issue suspected patches (疑似图斑) to be checked by their counties; without a file, list them with their outcome.

    The rows have id, name, city, county, place and area as a register has, and may have
    a note; they are checked as any register's. Each city is told once; the same file
    again reaches those that had not heard.

    Args:
        campaign: The campaign's id.
        file: The suspected patches (CSV or XLSX).
        id_: The batch's own id; by default the file's name.
        source: The image on which they were found.
    """
    from commands.common.connection import connected
    from commands.common.faults import faults_shown
    from commands.common.page import show
    from commands.sweep.view import sweep_page, tell_issued
    from services.surveys.add import require_identifier
    from services.sweep.patches import issue_patches, read_sweep

    if file is None:
        if id_ is not None or source is not None or table != FOUND:
            raise Misused("--id, --source, --sheet and --header-row belong to --file")
        async with connected() as servers:
            page = sweep_page(*await read_sweep(await servers.pool(), campaign))
        show(page, sending.json)
        return 0
    if source is None:
        raise Misused("say --source: the image on which the patches were found, such as 'GF-2 2021-07'")
    require_identifier(id_ or file.stem)
    with faults_shown(sending.json):
        async with connected() as servers:
            tell_issued(
                await issue_patches(servers, campaign, file, id_ or file.stem, source, sending, table), sending.json
            )
    return 0


@sweep.command(
    group=CITY,
    help_epilogue=examples(
        "starter.py patch henan-2021 TB-1 --confirm --site LS-9 --name 北坡 --type open_pit --problem pit_unfenced"
        " --latitude 33.7 --longitude 112.9 --as li:county:410423",
        "starter.py patch henan-2021 TB-2 --confirm --as-site 410400-014 --as li:county:410423",
        "starter.py patch henan-2021 TB-3 --refute 农用地 --evidence IMG-7 --as li:county:410423",
    ),
)
async def patch(
    campaign: str,
    patch: str,
    /,
    *,
    confirm: Flag = False,
    refute: str | None = None,
    evidence: str | None = None,
    as_site: Annotated[str | None, Parameter(metavar="SITE")] = None,
    site: str | None = None,
    name: str | None = None,
    type_: Annotated[str | None, Parameter(name="--type", metavar="TYPE")] = None,
    problem: tuple[str, ...] = (),
    hazard: Literal["high", "medium", "low"] | None = None,
    latitude: str | None = None,
    longitude: str | None = None,
    missed: Flag = False,
    sending: Sending = PLAINLY,
) -> int:
    """Say what the county found of a patch or a clue: a new site, a known site, or nothing.

    A new site enters the register as a survey's and is checked as any row; it opens
    with the survey's own deadline.

    Args:
        campaign: The campaign's id.
        patch: The patch or clue.
        confirm: It is one.
        refute: It is none: the reason, or @ and the file it stands in.
        evidence: What shows that it is none.
        as_site: It is this site of the register.
        site: The id of the new site.
        name: The name of the new site.
        type_: The type of the new site.
        problem: A problem of it, `kind` or `kind×count`; may be said several times.
        hazard: Its hazard.
        latitude: Its latitude.
        longitude: Its longitude.
        missed: It should have been reported with the stock (漏报).
    """
    from commands.common.answers import tell
    from commands.common.connection import connected
    from commands.common.faults import faults_shown
    from commands.common.tables import console
    from services.sweep.patches import NewSite, confirm_patch, refute_patch

    new = (site, name, type_)
    if confirm == (refute is not None):
        raise Misused("say either --confirm or --refute REASON")
    if refute is not None and (as_site is not None or any(new)):
        raise Misused("--as-site, --site, --name and --type belong to --confirm")
    if confirm and (as_site is None) != all(new):
        raise Misused("--confirm needs --as-site, or --site, --name and --type of a new site")
    with faults_shown(sending.json):
        async with connected() as servers:
            if refute is not None:
                sent = await refute_patch(servers, campaign, patch, text_or_file(refute), evidence, sending)
                return tell(sent, sending)
            found: NewSite | str = as_site or NewSite(
                site or "", name or "", type_ or "", problem, hazard, latitude, longitude, missed
            )
            sent, warnings = await confirm_patch(servers, campaign, patch, found, sending)
            for one in () if sending.json else warnings:
                console().print(str(one), markup=False)
            return tell(sent, sending)


@sweep.command(
    group=CASES,
    help_epilogue=examples(
        "starter.py clue henan-2021 410400 --id C-7 --county 410423 --text 旧案卷提到一处盗采点"
        " --reference 〔2016〕8号 --as liu:police:平顶山市公安局（示例）",
    ),
)
async def clue(
    campaign: str,
    city: str,
    /,
    *,
    id_: Annotated[str, Parameter(name="--id", metavar="CLUE")],
    county: str,
    text: str,
    reference: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Hand a clue from an old case (旧案线索) to a county, which checks it as it checks a patch.

    Args:
        campaign: The campaign's id.
        city: The city, by code or name.
        id_: The clue's own id in the campaign.
        county: The county, as the register has it.
        text: The clue, or @ and the file it stands in.
        reference: The old case.
    """
    from commands.common.answers import tell
    from commands.common.connection import connected
    from services.sweep.patches import report_clue

    async with connected() as servers:
        sent = await report_clue(servers, campaign, city, id_, county, text_or_file(text), reference, sending)
        return tell(sent, sending)
