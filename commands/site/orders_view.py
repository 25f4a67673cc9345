"""Orders for many sites: given to their cities, or only shown."""

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.answers import tell
from commands.common.connection import connected
from commands.common.flags import Sending
from commands.common.page import Page, show
from commands.common.tables import table
from schemas.command import Command
from schemas.errors import Refused
from schemas.options.standstill import SiteScope
from services.common.text import counted
from services.site.orders import FoundSites, order_cities, sites_in


async def preview_order(campaign: str, city: str | None, scope: dict[str, str | None], json: bool) -> int:
    """Count and list the sites that the order would suspend now."""
    async with connected() as servers:
        found = await sites_in(await servers.pool(), campaign, city, SiteScope.model_validate(scope))
    show(preview_page(found), json)
    return 0


def preview_page(found: list[FoundSites]) -> Page:
    """The numbers by city, and every site."""
    rows = [(one.code, site.id, site.name, site.county, site.type) for one in found for site in one.sites]
    parts: list[RenderableType] = [
        Text(f"{counted(len(rows), 'site')} would be suspended; nothing was sent"),
        *(Text(f"  {one.code} {one.name}: {counted(len(one.sites), 'site')}, one document") for one in found),
    ]
    if rows:
        parts.append(table(("city", "site", "name", "county", "type"), rows))
    data = [{"city": one.code, "sites": [site.id for site in one.sites]} for one in found]
    return Page({"sites": len(rows), "cities": data}, Group(*parts))


async def give_order(campaign: str, city: str | None, model: type[Command], sending: Sending, **content: object) -> int:
    """Give the order to the city, or to each of the campaign, and print every answer; raises the first refusal."""
    refusals = []
    async with connected() as servers:
        for one in await order_cities(servers, campaign, city, model, sending, **content):
            try:
                tell(one, sending)
            except Refused as refused:
                refusals.append(refused)
    if refusals:
        raise refusals[0]
    return 0
