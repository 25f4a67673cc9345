"""Correcting what the register says of a site, one by one; many at once come back in an edited export."""

from typing import Annotated

from cyclopts import App, Parameter

from commands.common.arguments import Misused
from commands.common.flags import PLAINLY, Sending
from commands.common.help_groups import CITY as OFFICE
from commands.common.help_groups import examples

correcting = App()


@correcting.command(
    group=OFFICE,
    help_epilogue=examples(
        "starter.py correct 410400-002 --name '示例点位02（竖井）' --reason 'it is a shaft' --as zhao:county:410402",
        "starter.py correct 410400-002 --latitude 33.7201 --longitude 113.3041 --as li:city:410400",
    ),
)
async def correct(
    site: str,
    /,
    *,
    name: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    mineral: str | None = None,
    responsible: Annotated[tuple[str, ...], Parameter(negative="", metavar="UNIT")] = (),
    reason: str | None = None,
    sending: Sending = PLAINLY,
) -> int:
    """Correct what the register says of a site, as the province, its city or its county.

    The register row stays as it was registered: the correction stands in the ledger, in exports and in
    `status --site`. What decides on deadlines and duties is not corrected here: an amendment changes the plan, a
    survey adds sites, `mode` switches modes.

    Args:
        site: CAMPAIGN/SITE, or a site's id that only one campaign has.
        name: Its name.
        latitude: WGS 84 degrees north.
        longitude: WGS 84 degrees east.
        mineral: What was mined.
        responsible: Who is responsible, in place of all that are registered (may be repeated).
        reason: How it was found out.
    """
    said: dict[str, object] = {"name": name, "latitude": latitude, "longitude": longitude, "mineral": mineral}
    said["responsible"] = responsible or None
    record = {field: value for field, value in said.items() if value is not None}
    if not record:
        raise Misused("say what is right: one or more of --name, --latitude, --longitude, --mineral, --responsible")
    from commands.common.answers import tell
    from commands.common.connection import connected
    from services.site.correction import correct_record

    async with connected() as servers:
        return tell(await correct_record(servers, site, record, reason, sending), sending)
