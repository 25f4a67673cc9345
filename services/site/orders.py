"""Orders for many sites: the cities that they are for, and which sites they would suspend now."""

from dataclasses import dataclass

from rules.site.orders import fits
from schemas.command import Command
from schemas.options.standstill import SiteScope
from schemas.register import Site
from services.common.connection import Servers
from services.common.send_options import SendOptions
from services.common.sending import Sent, send
from services.common.subjects import Subject, area_subject, city_subject
from storage.connections import Pool
from storage.standstill import page_running

_PAGE = 1000
_NO_ORDER = 0
"""No order has this number, so that no site knows it."""


@dataclass(frozen=True)
class FoundSites:
    """The sites of a city that an order would suspend now."""

    code: str
    name: str
    sites: tuple[Site, ...]


async def cities_of(pool: Pool, campaign: str, city: str | None) -> list[Subject]:
    """The named city of a campaign, or all of them."""
    subject = await area_subject(pool, campaign, city)
    if subject.city is not None:
        return [subject]
    return [await city_subject(pool, campaign, one.code) for one in subject.frozen.plan.cities]


async def sites_in(pool: Pool, campaign: str, city: str | None, scope: SiteScope) -> list[FoundSites]:
    """The open sites that are not suspended and fit, by city; cities without any are left out."""
    found = []
    for subject in await cities_of(pool, campaign, city):
        assert subject.city is not None
        plan, after, sites = subject.frozen.plan, "", list[Site]()
        while page := await page_running(pool, subject.campaign_id, subject.city, after, _PAGE, _NO_ORDER):
            sites += [site for site, _ in page if fits(plan, scope, site)]
            after = page[-1][0].id
        if sites:
            found.append(FoundSites(subject.city, plan.city(subject.city).name, tuple(sites)))
    return found


async def order_cities(
    servers: Servers, campaign: str, city: str | None, model: type[Command], options: SendOptions, **content: object
) -> list[Sent]:
    """Give an order to one city, or to each of them; a city refuses by itself."""
    subjects = await cities_of(await servers.pool(), campaign, city)
    return [await send(servers, subject, model, options, **content) for subject in subjects]
