"""The patrol after closure: see where a city's duties stand, perform one, report a finding, look back."""

from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused, text_or_file
from commands.common.flags import PLAINLY, Flag, Sending
from commands.common.help_groups import CITY as OFFICE
from commands.common.help_groups import examples

patrolling = App()


@patrolling.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py patrol zhangping-2024",
        "starter.py patrol zhangping-2024 350881",
        "starter.py patrol zhangping-2024 350881 --perform joint_meeting --note @minutes.txt --as chen:city:350881",
        "starter.py patrol zhangping-2024 350881 --perform patrol --note '12 sites seen' --finding 'a sign is missing' "
        "--as wu:county:350881",
    ),
)
async def patrol(
    campaign: str,
    city: str | None = None,
    /,
    *,
    perform: Annotated[str | None, Parameter(metavar="DUTY")] = None,
    note: Annotated[str | None, Parameter(metavar="TEXT|@FILE")] = None,
    finding: Annotated[tuple[str, ...], Parameter(negative="", metavar="TEXT")] = (),
    sending: Sending = PLAINLY,
) -> int:
    """Show the patrol after closure of a campaign's cities, or of one; or report a duty that was performed.

    A patrol begins with the first strike-off that is told and runs on after the campaign has ended. Each duty is due
    once in every so many working days; a period that passes without it is told and counted.

    Args:
        campaign: The campaign's id.
        city: The city's code or name; without it all cities.
        perform: Report this duty of the plan's patrol as performed (--at says when).
        note: What its record says, or @ and the file it stands in (with --perform).
        finding: Something that its record notes beside the sites (with --perform; may be repeated).
    """
    if perform is None:
        if note is not None or finding:
            raise Misused("--note and --finding belong to --perform")
        return await _show(campaign, city, as_json=sending.json)
    if city is None:
        raise Misused("--perform needs its city: starter.py patrol CAMPAIGN CITY --perform DUTY")
    if note is None:
        raise Misused("--perform needs --note: what the duty's record says")
    from commands.common.sending import to_city
    from schemas.options.patrol import PerformDuty

    return await to_city(
        campaign, city, PerformDuty, sending, duty=perform, note=text_or_file(note), findings=tuple(finding)
    )


async def _show(campaign: str, city: str | None, *, as_json: bool) -> int:
    from commands.common.connection import connected
    from commands.common.page import show
    from commands.patrol.view import patrol_page
    from services.common.subjects import area_subject
    from services.patrol.patrols import read_patrols

    async with connected() as servers:
        pool = await servers.pool()
        subject = await area_subject(pool, campaign, city)
        show(patrol_page(await read_patrols(pool, subject)), as_json)
    return 0


@patrolling.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py finding zhangping-2024 350881 'a track to the pit' --as wu:county:350881",
        "starter.py finding zhangping-2024 350881 'the seal is broken' --site 350881-003 --relapse "
        "--requirement seal_adit --as wu:county:350881",
    ),
)
async def finding(
    campaign: str,
    city: str,
    what: str,
    /,
    *,
    site: str | None = None,
    relapse: Flag = False,
    suspected: Flag = False,
    requirement: Annotated[tuple[str, ...], Parameter(negative="", metavar="ID")] = (),
    sending: Sending = PLAINLY,
) -> int:
    """Report what a patrol found; a relapse opens the struck-off site again.

    It keeps its history, begins another round with a deadline of its own, passes every level of acceptance again, and
    counts against its county.

    Args:
        campaign: The campaign's id.
        city: The city's code or name.
        what: What was found, or @ and the file it stands in.
        site: The site's id, where it was at one.
        relapse: What was struck off has come back.
        suspected: It is a suspected offence, which the joint group hands over (refer-case).
        requirement: A requirement of the plan's catalogue to do again (with --relapse; may be repeated). Without it
            all of them.
    """
    if relapse and site is None:
        raise Misused("--relapse needs --site: a relapse is that of a site")
    if requirement and not relapse:
        raise Misused("--requirement belongs to --relapse")
    from commands.common.answers import tell
    from commands.common.connection import connected
    from services.patrol.patrols import report_finding

    said = text_or_file(what)
    async with connected() as servers:
        sent = await report_finding(
            servers,
            campaign,
            city,
            said,
            sending,
            site=site,
            relapse=relapse,
            suspected=suspected,
            requirements=requirement,
        )
        return tell(sent, sending)


@patrolling.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py look-back 350881-003 seal_adit --held --as wu:county:350881",
        "starter.py look-back zhangping-2024/350881-003 seal_adit --fail 'the wall has cracked' --as wu:county:350881",
    ),
)
async def look_back(
    site: str,
    requirement: str,
    /,
    *,
    held: Flag = False,
    fail: Annotated[str | None, Parameter(metavar="OPINION|@FILE")] = None,
    sending: Sending = PLAINLY,
) -> int:
    """Report that a requirement of a struck-off site was inspected again (回头看).

    The plan's catalogue says what is looked at again, and how long after the strike-off. What did not hold opens the
    site again, for that requirement.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        requirement: The requirement's id in the plan's catalogue.
        held: It is as it was accepted.
        fail: It is not, with this opinion (or @ and the file it stands in).
    """
    if held == (fail is not None):
        raise Misused("say one of --held, --fail OPINION")
    from commands.common.answers import tell
    from commands.common.connection import connected
    from services.patrol import patrols

    opinion = text_or_file(fail) if fail is not None else None
    async with connected() as servers:
        sent = await patrols.look_back(servers, site, requirement, sending, held=held, opinion=opinion)
        return tell(sent, sending)
