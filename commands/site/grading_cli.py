"""The grade of a site by its hazard."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from commands.common.flags import PLAINLY, Sending
from commands.common.help_groups import CITY as OFFICE
from commands.common.help_groups import examples

grading_app = App()


@grading_app.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py regrade 410400-002 --hazard high --reason 'the pit wall moves' --as he:county:410402",
        "starter.py regrade 410400-002 --hazard low --reason 'fenced, no house near' --as li:city:410400",
    ),
)
async def regrade(
    site: str,
    /,
    *,
    hazard: Annotated[Literal["high", "medium", "low"], Parameter(show_choices=True)],
    reason: str,
    sending: Sending = PLAINLY,
) -> int:
    """Grade a site otherwise than the plan's rules do; what depends on its hazard changes from then on.

    A county only raises the hazard of its sites; the city and the province also lower it. A stricter grade counts its
    clause from now; a milder one takes no time away that was granted.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        hazard: Its hazard from now on.
        reason: Why; it stands in the notice to the city.
    """
    from commands.common.sending import to_site
    from schemas.options.grading import Regrade
    from schemas.register import Hazard

    return await to_site(site, Regrade, sending, hazard=Hazard(hazard), reason=reason)
