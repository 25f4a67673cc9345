"""Sends the command of a command line: finds its subject, sends it, and prints the result."""

from commands.common.answers import tell
from commands.common.connection import connected
from commands.common.flags import Sending
from schemas.command import Command
from services.common.sending import send
from services.common.subjects import campaign_subject, city_subject, county_subject, site_subject


async def to_campaign(campaign: str, model: type[Command], sending: Sending, **content: object) -> int:
    """Send a command of this kind and content to a campaign; returns 0, raises as `send` and `tell` do."""
    async with connected() as servers:
        subject = await campaign_subject(await servers.pool(), campaign)
        return tell(await send(servers, subject, model, sending, **content), sending)


async def to_city(campaign: str, city: str, model: type[Command], sending: Sending, **content: object) -> int:
    """Send a command to a city, by its code or name."""
    async with connected() as servers:
        subject = await city_subject(await servers.pool(), campaign, city)
        return tell(await send(servers, subject, model, sending, **content), sending)


async def to_county(campaign: str, county: str, model: type[Command], sending: Sending, **content: object) -> int:
    """Send a command about a county, by its code or name, to its city."""
    async with connected() as servers:
        subject, code = await county_subject(await servers.pool(), campaign, county)
        return tell(await send(servers, subject, model, sending, county=code, **content), sending)


async def to_city_of_county(
    campaign: str, county: str, model: type[Command], sending: Sending, **content: object
) -> int:
    """Send a command to the city of a county, by the county's code or name."""
    async with connected() as servers:
        subject, _ = await county_subject(await servers.pool(), campaign, county)
        return tell(await send(servers, subject, model, sending, **content), sending)


async def to_site(site: str, model: type[Command], sending: Sending, **content: object) -> int:
    """Send a command to a site, by CAMPAIGN/SITE or an id that only one campaign has."""
    async with connected() as servers:
        subject = await site_subject(await servers.pool(), site)
        return tell(await send(servers, subject, model, sending, **content), sending)


async def to_document(
    campaign: str, document: str, model: type[Command], sending: Sending, city: str | None = None, **content: object
) -> int:
    """Send a command to the city of a document, by the document's number or key; `city` restricts the search."""
    from services.documents.sending import send_to_document

    async with connected() as servers:
        sent = await send_to_document(servers, campaign, document, model, sending, city, **content)
        return tell(sent, sending)
