"""The departments' command: sign a site off, or say in writing why not."""

from typing import Annotated

from cyclopts import App, Parameter

from commands.common.flags import PLAINLY, Sending
from commands.common.help_groups import SUPERVISION as OFFICE
from commands.common.help_groups import examples
from commands.common.verdicts import Again, Opinion, ruled

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
    refuse: Opinion = None,
    opinion: Opinion = None,
    requirement: Again = (),
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
    from commands.common.sending import to_site
    from schemas.options.sign_off import SignOff

    verdict = ruled(agree, refuse, requirement, opinion, flag="--agree", other="--refuse")
    return await to_site(site, SignOff, sending, **verdict)
