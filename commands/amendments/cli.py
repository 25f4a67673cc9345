"""The province's amendment of a running campaign: looked at first, then applied, then followed."""

from pathlib import Path

from cyclopts import App

from commands.common.arguments import Misused
from commands.common.flags import FOUND, PLAINLY, Flag, RegisterTable, Sending
from commands.common.help_groups import PROVINCE as OFFICE
from commands.common.help_groups import examples

amending = App()


@amending.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py amend henan-2021 examples/henan-2021/amendment.yaml --preview",
        "starter.py amend henan-2021 examples/henan-2021/amendment.yaml --preview --csv moved.csv",
        "starter.py amend henan-2021 examples/henan-2021/amendment.yaml --apply --as wang:province:河南省",
        "starter.py amend henan-2021 --status",
    ),
)
async def amend(
    campaign: str,
    file: Path | None = None,
    /,
    *,
    preview: Flag = False,
    apply: Flag = False,
    status: Flag = False,
    register: Path | None = None,
    table: RegisterTable = FOUND,
    csv: Path | None = None,
    sites: int = 20,
    sending: Sending = PLAINLY,
) -> int:
    """Amend a running campaign by a supplementary document: its clauses, catalogue, cities, end, ladder or holidays.

    --preview shows which sites and deadlines move, and writes nothing; it is the default. --apply lets the amendment
    count from now on: every city and every open site is told, struck-off sites keep their old clauses. The amendment's
    document number is its identity: the same again changes nothing, and completes what died half-way.

    Of a plan with several issuing agencies it counts when each has signed it: --apply proposes it, and is the signature
    of the agency of --as; the others sign with sign-plan --amendment.

    Args:
        campaign: The campaign's id.
        file: The amendment (YAML).
        preview: Show what would move.
        apply: Let it count.
        status: Show the campaign's amendments, and how many of their sites have been told.
        register: The site register of the cities that it adds (CSV or XLSX).
        csv: With --preview: write every touched site to this file.
        sites: With --preview: how many sites are listed for people.
    """
    from commands.amendments.view import preview_page, status_page, tell_unchanged, what_follows, write_csv
    from commands.common.answers import tell
    from commands.common.connection import connected
    from commands.common.faults import faults_shown
    from commands.common.page import progress, show
    from commands.common.reading import tell_warnings, with_reading
    from commands.common.tables import console
    from services.amendments.apply import apply_amendment, preview_amendment, read_amendments

    if preview + apply + status > 1:
        raise Misused("one of --preview, --apply and --status")
    if file is None and not status:
        raise Misused("which amendment? Name its file, or ask --status")
    if register is None and table != FOUND:
        raise Misused("--sheet and --header-row belong to --register")
    async with connected() as servers:
        with faults_shown(sending.json):
            if file is None or status:
                found = await read_amendments(await servers.pool(), campaign)
                page = status_page(found.records, found.subject.zone, found.subject.campaign.signing)
            elif apply:
                proposed, sent = await apply_amendment(servers, campaign, file, register, sending, progress, table)
                tell_warnings(proposed.register, sending.json)
                if sent is None:
                    tell_unchanged(proposed, sending.json)
                    return 0
                tell(sent, sending)
                if not sending.json:
                    console().print(what_follows(campaign, sent))
                return 0
            else:
                seen = await preview_amendment(await servers.pool(), campaign, file, register, progress, table)
                tell_warnings(seen.proposed.register, sending.json)
                if csv is not None:
                    write_csv(csv, seen.cities, seen.proposed.subject.zone)
                page = with_reading(preview_page(seen, sites), seen.proposed.register)
    show(page, sending.json)
    return 0
