"""Extensions on request, and the case of a site on its police track."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from commands.common.arguments import Misused, text_or_file
from commands.common.flags import PLAINLY, Day, Flag, Sending
from commands.common.help_groups import CASES as OFFICE
from commands.common.help_groups import examples

deferring = App()


@deferring.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py extension 410400-002 --request 2021-09-10 --reason 'rain' --as li:city:410400",
        "starter.py extension 410400-002 --grant --until 2021-09-05 --as zhou:province:专项行动办公室（示例）",
        "starter.py extension 410400-002 --refuse 'begin in time' --as zhou:province:专项行动办公室（示例）",
    ),
)
async def extension(
    site: str,
    /,
    *,
    request: Day = None,
    grant: Flag = False,
    refuse: Annotated[str | None, Parameter(metavar="REASON|@FILE")] = None,
    until: Day = None,
    reason: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Ask for an extension of a site, or decide on the request that is pending.

    City, county or enterprise ask, in good time before the expiry; the plan's decider (or its superior) decides. While
    a request is undecided the site does not climb. The province extends by itself with `extend`.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        request: Ask that the site be due at the end of this day.
        grant: Grant what was asked for.
        refuse: Refuse it, with this reason (or @ and the file it stands in).
        until: Grant another day than the one that was asked for (with --grant).
        reason: Why it is asked for (with --request), or granted (with --grant).
    """
    from commands.common.sending import to_site
    from schemas.options.extensions import DecideExtension, RequestExtension

    if [request is not None, grant, refuse is not None].count(True) != 1:
        raise Misused("say one of --request DAY, --grant, --refuse REASON")
    if until is not None and not grant:
        raise Misused("--until belongs to --grant")
    if request is not None:
        if not reason:
            raise Misused("--request needs its --reason")
        return await to_site(site, RequestExtension, sending, until=request, reason=reason)
    if refuse is not None and reason is not None:
        raise Misused("--reason belongs to --request or --grant; --refuse has its own")
    said = text_or_file(refuse) if refuse is not None else reason
    return await to_site(site, DecideExtension, sending, granted=grant, until=until, reason=said)


@deferring.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py case 410400-001 --transfer '移〔2021〕3号' --as li:city:410400",
        "starter.py case 410400-001 --accept --as he:police:平顶山市公安局（示例）",
        "starter.py case 410400-001 --not-filed 'no offence found' --as he:police:平顶山市公安局（示例）",
    ),
)
async def case(
    site: str,
    /,
    *,
    transfer: Annotated[str | None, Parameter(metavar="REFERENCE")] = None,
    accept: Flag = False,
    filed: Flag = False,
    not_filed: Annotated[str | None, Parameter(metavar="REASON|@FILE")] = None,
    concluded: Flag = False,
    number: str | None = None,
    note: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Take a step in the case of a site: transfer it to the police, or accept and decide it as the police.

    The city or the works' agency transfers; the city's police bureau or the agency of the police accepts, files or
    does not file, and concludes. The works go on meanwhile; `status --site` shows both tracks.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        transfer: Transfer the case, under this reference number of the letter.
        accept: Accept what was transferred.
        filed: File the case (立案).
        not_filed: Do not file it (不予立案), with this reason (or @ and the file it stands in).
        concluded: A case that was filed is concluded (办结).
        number: The police's own number of the case (with a decision).
        note: A word with the transfer (with --transfer).
    """
    from commands.common.sending import to_site
    from schemas.options.police import AcceptCase, DecideCase, Decision, TransferCase

    if [transfer is not None, accept, filed, not_filed is not None, concluded].count(True) != 1:
        raise Misused("say one of --transfer REFERENCE, --accept, --filed, --not-filed REASON, --concluded")
    if note is not None and transfer is None:
        raise Misused("--note belongs to --transfer")
    if number is not None and (transfer is not None or accept):
        raise Misused("--number belongs to --filed, --not-filed and --concluded")
    if transfer is not None:
        return await to_site(site, TransferCase, sending, reference=transfer, note=note)
    if accept:
        return await to_site(site, AcceptCase, sending)
    content: dict[str, Any] = {"decision": Decision.FILED if filed else Decision.CONCLUDED, "reference": number}
    if not_filed is not None:
        content |= {"decision": Decision.NOT_FILED, "reason": text_or_file(not_filed)}
    return await to_site(site, DecideCase, sending, **content)
