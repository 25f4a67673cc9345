"""The departments' command: sign a site off, or say in writing why not."""

from typing import Annotated

from cyclopts import App, Parameter

from commands.arguments import Misused, text_or_file
from commands.examples import examples
from commands.flags import PLAINLY, Sending
from commands.offices import SUPERVISION as OFFICE

signing = App()


@signing.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py sign-off hukou-2024/HK-003 --agree --as zhou:department:湖口县自然资源局（示例）",
        "starter.py sign-off HK-003 --refuse '排水沟未接通' --requirement drainage "
        "--as wu:department:湖口县水利局（示例）",
    ),
)
async def sign_off(
    site: str,
    /,
    *,
    agree: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    refuse: Annotated[str | None, Parameter(metavar="OPINION|@FILE")] = None,
    opinion: Annotated[str | None, Parameter(metavar="OPINION|@FILE")] = None,
    requirement: Annotated[tuple[str, ...], Parameter(negative="", metavar="ID")] = (),
    sending: Sending = PLAINLY,
) -> int:
    """Sign a site off for a coordinating department, after its last level.

    In plans with the option sign_off every department that the register names
    must agree before the site is struck off. One that refuses sends it back, as a
    failed level does. The department is the unit of whoever gives the command; it
    signs by a person who neither worked at the site nor judged it.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        agree: The department agrees that the site is struck off.
        refuse: It does not, for this reason (or @ and the file it stands in).
        opinion: What it remarks (with --agree).
        requirement: A requirement that must be done again (with --refuse; may be repeated). Without it all of them.
    """
    from commands.sending import to_site
    from schemas.sign_off import SignOff

    if agree == (refuse is not None):
        raise Misused("say one of --agree, --refuse OPINION")
    if agree and requirement:
        raise Misused("--requirement belongs to --refuse")
    if refuse is not None and opinion is not None:
        raise Misused("--opinion belongs to --agree; --refuse has its own")
    said = refuse if refuse is not None else opinion
    return await to_site(
        site,
        SignOff,
        sending,
        passed=agree,
        opinion=text_or_file(said) if said is not None else None,
        failed_requirements=requirement,
    )
