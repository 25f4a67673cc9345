"""Who is responsible for a site, and who builds it."""

from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused, text_or_file
from commands.common.flags import PLAINLY, Flag, Sending
from commands.common.help_groups import CITY as OFFICE
from commands.common.help_groups import examples
from schemas.options.builders import ReplacementReason

responsible_app = App()

Words = Annotated[str | None, Parameter(metavar="WORDS|@FILE")]


@responsible_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py assign 410400-002 410402 P-0417 --as li:city:410400",
        "starter.py assign 410400-002 示例乡 P-0552 --requirement warning_signs --as zhao:county:410402",
    ),
)
async def assign(
    site: str, unit: str, person: str, /, *, requirement: str | None = None, sending: Sending = PLAINLY
) -> int:
    """Make a unit and a person responsible for a site, or for one requirement of it.

    It holds at once. Who is silent is named in reminders, instruments and notices of delay.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        unit: The responsible unit, by the name that its people give as theirs.
        person: The person, by an opaque id and never a name: letters, digits and . _ @ -
        requirement: One requirement, by its id; without it the site.
    """
    from commands.common.sending import to_site
    from schemas.options.responsible import Assign

    return await to_site(site, Assign, sending, unit=unit, person=person, requirement=requirement)


@responsible_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py hand-over 410400-002 示例乡 P-0552 --reason 岗位调整 --as P-0417:county:410402",
    ),
)
async def hand_over(
    site: str,
    unit: str,
    person: str,
    /,
    *,
    reason: Annotated[str, Parameter(metavar="REASON|@FILE")],
    requirement: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Hand a site or a requirement over, as its responsible unit or the county or city above it.

    Until the other person receipts it (`take-over`) the present one stays responsible; a missing receipt is told
    upward.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        unit: The unit that takes over.
        person: Its person, by an opaque id.
        reason: Why (or @ and the file it stands in).
        requirement: One requirement, by its id; without it the site.
    """
    from commands.common.sending import to_site
    from schemas.options.responsible import HandOver

    content = {"unit": unit, "person": person, "reason": text_or_file(reason), "requirement": requirement}
    return await to_site(site, HandOver, sending, **content)


@responsible_app.command(
    group=OFFICE,
    help_epilogue=examples("starter.py take-over 410400-002 --as P-0552:township:示例乡"),
)
async def take_over(site: str, /, *, requirement: str | None = None, sending: Sending = PLAINLY) -> int:
    """Receipt what was handed over to you: from now on you are responsible.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        requirement: One requirement, by its id; without it the site.
    """
    from commands.common.sending import to_site
    from schemas.options.responsible import TakeOver

    return await to_site(site, TakeOver, sending, requirement=requirement)


@responsible_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py replace-enterprise HK-003 '示例矿业二公司' --reason bankrupt --words '法院受理破产' "
        "--as zhao:county:360429",
        "starter.py replace-enterprise HK-003 --county-takes-over --reason withdrawn --words @notice.txt "
        "--as zhao:county:360429",
        "starter.py replace-enterprise HK-003 --approve --as wang:province:江西省",
        "starter.py replace-enterprise HK-003 --refuse '尚在履约' --as wang:province:江西省",
    ),
)
async def replace_enterprise(
    site: str,
    new: str | None = None,
    /,
    *,
    reason: ReplacementReason | None = None,
    words: Words = None,
    county_takes_over: Flag = False,
    approve: Flag = False,
    refuse: Words = None,
    sending: Sending = PLAINLY,
) -> int:
    """Replace a site's building enterprise, or have the county take the work over.

    City or county ask for it and the province approves; until then the present enterprise builds. From then on only
    the new one reports, and the old one what it did before. Work that the county takes over is reported by its people
    and townships, and its cost is charged to the enterprise (`book --against`); that needs no approval.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        new: The new enterprise; without it any enterprise may build from then on.
        reason: Why the present one builds no longer.
        words: The same in writing (or @ and the file it stands in).
        county_takes_over: The county works in the enterprise's place.
        approve: Approve what was asked for, as the province.
        refuse: Refuse it, for this reason.
    """
    from commands.common.sending import to_site
    from schemas.options.builders import DecideReplacement, ReplaceEnterprise, TakeOverWorks

    if approve or refuse is not None:
        if (approve and refuse is not None) or new is not None or reason is not None or county_takes_over:
            raise Misused("say --approve or --refuse REASON alone, or what is asked for")
        remark = words if approve else refuse
        said = None if remark is None else text_or_file(remark)
        return await to_site(site, DecideReplacement, sending, approved=approve, words=said)
    if reason is None or words is None:
        raise Misused("say --reason REASON and --words WORDS")
    content: dict[str, object] = {"reason": reason, "words": text_or_file(words)}
    if county_takes_over:
        if new is not None:
            raise Misused("--county-takes-over names no new enterprise")
        return await to_site(site, TakeOverWorks, sending, **content)
    return await to_site(site, ReplaceEnterprise, sending, new=new, **content)
