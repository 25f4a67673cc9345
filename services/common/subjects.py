"""The subject of a command: a campaign, a city, a site or a document, found by its name, with its stream."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from runtime.real_time import real_now
from schemas.errors import NotFound
from schemas.offices import City
from schemas.plan import FrozenPlan
from schemas.streams import campaign_stream, city_stream, delivery_stream, site_stream
from services.common.document_names import called, find_document
from storage.campaigns import CampaignRecord, find_campaign, read_plan
from storage.connections import Pool
from storage.document_file import DocumentFileEntry
from storage.register import find_site


@dataclass(frozen=True)
class Subject:
    """`label` is its name for people. Without a site it is a city, without both the campaign.

    A document is a subject of its city's workflow; with `is_delivery` it is one of its own delivery workflow.
    """

    campaign: CampaignRecord
    frozen: FrozenPlan
    label: str
    city: str | None = None
    site: str | None = None
    document: DocumentFileEntry | None = None
    is_delivery: bool = False

    @property
    def campaign_id(self) -> str:
        return self.campaign.campaign_id

    @property
    def stream(self) -> str:
        """Its workflow id and ledger stream."""
        if self.document is not None and self.is_delivery:
            return delivery_stream(self.document.key)
        if self.site is not None:
            return site_stream(self.campaign_id, self.site)
        if self.city is not None:
            return city_stream(self.campaign_id, self.city)
        return campaign_stream(self.campaign_id)

    @property
    def why_gone(self) -> str | None:
        """Why its workflow does not run, if the subject itself has the reason."""
        return None

    @property
    def zone(self) -> ZoneInfo:
        """The campaign's time zone, for times in texts."""
        return self.frozen.plan.zone

    @property
    def now(self) -> datetime:
        """Campaign time now."""
        return self.campaign.clock.campaign_time(real_now())


async def campaign_subject(pool: Pool, campaign_id: str) -> Subject:
    """A campaign; NotFound lists the known ones."""
    record, frozen = await find_campaign(pool, campaign_id), await read_plan(pool, campaign_id)
    return Subject(record, frozen, campaign_id)


async def city_subject(pool: Pool, campaign_id: str, city: str) -> Subject:
    """A city of a campaign by its code or its name; NotFound lists the cities."""
    record, frozen = await find_campaign(pool, campaign_id), await read_plan(pool, campaign_id)
    cities = frozen.plan.cities
    found = next((c for c in cities if city in (c.code, c.name)), None)
    if found is None:
        raise NotFound(f"city {city}: not in campaign {campaign_id}. Its cities: {_listed(cities)}")
    return Subject(record, frozen, f"{campaign_id}/{found.code}", city=found.code)


async def county_subject(pool: Pool, campaign_id: str, county: str) -> tuple[Subject, str]:
    """The city of a county and the county's code, by its code or name; NotFound lists the counties that deploy."""
    record, frozen = await find_campaign(pool, campaign_id), await read_plan(pool, campaign_id)
    for city in frozen.plan.cities:
        if (found := city.county(county)) is not None:
            return Subject(record, frozen, f"{campaign_id}/{city.code}", city=city.code), found.code
    known = ", ".join(f"{one.code} {one.name}" for city in frozen.plan.cities for one in city.counties) or "none"
    raise NotFound(f"county {county}: not in campaign {campaign_id}. The counties that its plan names: {known}")


async def area_subject(pool: Pool, campaign_id: str, city: str | None) -> Subject:
    """A city of a campaign, or the campaign if `city` is None."""
    return await (campaign_subject(pool, campaign_id) if city is None else city_subject(pool, campaign_id, city))


async def site_subject(pool: Pool, site: str) -> Subject:
    """A site by `CAMPAIGN/SITE` or by an id that only one campaign has; NotFound and InvalidInput list candidates."""
    found = await find_site(pool, site)
    return Subject(
        await find_campaign(pool, found.campaign_id),
        await read_plan(pool, found.campaign_id),
        f"{found.campaign_id}/{found.site_id}",
        city=found.city,
        site=found.site_id,
    )


async def document_subject(pool: Pool, campaign_id: str, name: str, city: str | None = None) -> Subject:
    """A document of a campaign by its number or key, of this city (code) where several share the number.

    NotFound lists the nearest, InvalidInput those that share the number.
    """
    record, frozen = await find_campaign(pool, campaign_id), await read_plan(pool, campaign_id)
    found = await find_document(pool, campaign_id, name, city)
    label = f"{campaign_id} {called(found)}"
    return Subject(record, frozen, label, city=found.city or None, document=found)


def _listed(cities: tuple[City, ...]) -> str:
    return ", ".join(f"{city.code} {city.name}" for city in cities)
