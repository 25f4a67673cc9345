"""Corrects the record of a site; coordinates outside the plan's extent are not sent."""

from typing import Any

from intake.register.place_check import outside_extent
from schemas.errors import Refused
from schemas.site.correction import Correct
from services.common.connection import Servers
from services.common.send_options import SendOptions
from services.common.sending import Sent, send
from services.common.subjects import site_subject
from storage.status import site_status


async def correct_record(
    servers: Servers, site: str, record: dict[str, Any], reason: str | None, options: SendOptions
) -> Sent:
    """Send the corrected fields. Refused for coordinates outside the extent of the plan."""
    pool = await servers.pool()
    subject = await site_subject(pool, site)
    if record.keys() & {"latitude", "longitude"}:
        assert subject.site is not None  # it is a site
        status = await site_status(pool, subject.campaign_id, subject.site, subject.now)
        stands = {**status.site, **status.facts.get("corrections", {}), **record}
        expected = outside_extent(subject.frozen.plan.extent, stands["latitude"], stands["longitude"])
        if expected is not None:
            there = f"latitude {stands['latitude']:g}, longitude {stands['longitude']:g}"
            raise Refused(f"{subject.label} at {there}: expected {expected}; nothing was sent")
    return await send(servers, subject, Correct, options, record=record, reason=reason)
