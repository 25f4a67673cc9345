"""What a command is about: a campaign, a city, a site or a spot check as people name it, with its stream."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from commands.common.document_names import called, find_document
from commands.common.tables import local
from rules.campaign.options.spot_checks import spot_check_terms
from rules.effects import StartSpotCheck
from rules.spot_check.aggregate import SpotCheckAggregate
from rules.terms.plan import campaign_terms
from runtime.real_time import real_now
from schemas.errors import NotFound
from schemas.offices import City
from schemas.options.spot_checks import SpotCheckOrdered
from schemas.plan import FrozenPlan
from schemas.streams import campaign_stream, city_stream, delivery_stream, site_stream, spot_check_stream
from storage.campaigns import CampaignRecord, find_campaign, list_campaigns, read_plan
from storage.connections import Pool
from storage.document_file import DocumentFileEntry
from storage.ledger import read_stream
from storage.register import find_site

_STREAMS = {"campaign": 2, "city": 3, "site": 3, "spot-check": 3}
"""How many parts a full stream name has, by its first."""


@dataclass(frozen=True)
class Subject:
    """`label` is what people call it. Without a site it is a city, without both the campaign.

    A document is kept by its city's desk; with `is_delivery` its way out is meant, which runs for itself.
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
        """Why nobody is there to take a command, where the subject itself knows."""
        return None

    @property
    def zone(self) -> ZoneInfo:
        """The campaign's time zone: people read their own times."""
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


async def site_subject(pool: Pool, site: str) -> Subject:
    """A site by `CAMPAIGN/SITE` or by an id that only one campaign has; NotFound and InvalidInput say what there is."""
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


async def any_subject(pool: Pool, text: str) -> Subject:
    """CAMPAIGN, CAMPAIGN/CITY, CAMPAIGN/SITE, a bare site id, or a full stream (`site/CAMPAIGN/SITE`).

    NotFound if it names none of them.
    """
    first, *rest = text.split("/")
    if _STREAMS.get(first) == 1 + len(rest):
        match first:
            case "campaign":
                return await campaign_subject(pool, rest[0])
            case "city":
                return await city_subject(pool, *rest)
            case "spot-check":
                pass

                return await spot_check_subject(pool, *rest)
            case _:
                return await site_subject(pool, "/".join(rest))
    known = {record.campaign_id for record in await list_campaigns(pool)}
    if not rest:
        if text in known:
            return await campaign_subject(pool, text)
        try:
            return await site_subject(pool, text)
        except NotFound:
            campaigns = ", ".join(sorted(known)) or "none"
            raise NotFound(f"{text}: neither a campaign nor a site of one. Known campaigns: {campaigns}") from None
    if first in known:
        cities = (await read_plan(pool, first)).plan.cities
        if any(rest[0] in (city.code, city.name) for city in cities):
            return await city_subject(pool, first, rest[0])
    return await site_subject(pool, text)


def _listed(cities: tuple[City, ...]) -> str:
    return ", ".join(f"{city.code} {city.name}" for city in cities)


@dataclass(frozen=True)
class SpotCheckSubject(Subject):
    """A check that was ordered; `case` is folded from its ledger, as far as that goes."""

    case: SpotCheckAggregate | None = None

    @property
    def check(self) -> SpotCheckAggregate:
        """The folded case."""
        assert self.case is not None
        return self.case

    @property
    def why_gone(self) -> str | None:
        closed_at = self.check.state.settled_at
        if closed_at is not None:
            return f"the spot check was closed on {local(closed_at, self.zone)}: every site of its sample is decided"
        return "its workflow does not run on this Temporal server; is it the server it was started on?"

    @property
    def stream(self) -> str:
        return spot_check_stream(self.campaign_id, self.check.terms.check)


@dataclass(frozen=True)
class Ordered:
    """A check as the campaign's ledger has its order: `by` is who ordered it, the engine where the plan did."""

    effect: StartSpotCheck
    by: str


async def ordered_checks(pool: Pool, subject: Subject) -> list[Ordered]:
    """Every check of a campaign that was ordered, oldest first."""
    found = []
    for entry in await read_stream(pool, subject.stream):
        if entry.kind == "spot_check_ordered":
            event = SpotCheckOrdered.model_validate_json(entry.data)
            found.append(Ordered(StartSpotCheck(entry.at, event.check, event.city, event.seed), entry.actor))
    return found


async def spot_check_subject(pool: Pool, campaign_id: str, check: str) -> SpotCheckSubject:
    """A spot check by its id; NotFound lists those that were ordered."""
    subject = await campaign_subject(pool, campaign_id)
    ordered = await ordered_checks(pool, subject)
    return await _of(pool, subject, ordered, check)


async def spot_check_subjects(pool: Pool, campaign_id: str) -> list[SpotCheckSubject]:
    """All spot checks of a campaign that were ordered, oldest first."""
    subject = await campaign_subject(pool, campaign_id)
    ordered = await ordered_checks(pool, subject)
    return [await _of(pool, subject, ordered, one.effect.check) for one in ordered]


async def _of(pool: Pool, subject: Subject, ordered: list[Ordered], check: str) -> SpotCheckSubject:
    effect = next((one.effect for one in ordered if one.effect.check == check), None)
    if effect is None:
        known = ", ".join(one.effect.check for one in ordered) or "none"
        raise NotFound(f"spot check {check}: not ordered in campaign {subject.campaign_id}. Ordered: {known}")
    terms = campaign_terms(subject.frozen, effect.at, subject.campaign.clock)
    case = SpotCheckAggregate(spot_check_terms(terms, effect))
    case.restore(await read_stream(pool, case.stream))
    return SpotCheckSubject(subject.campaign, subject.frozen, case.stream, effect.city, case=case)
