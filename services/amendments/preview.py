"""The preview of an amendment: applied to a copy of every open site from the ledger; nothing is written."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rules.amendments.plan import SiteChanges, amend_site_command, in_force_at
from rules.city.aggregate import CityAggregate
from rules.city.amendment import amend_city_command
from rules.previews.amendment import CityImpact, SiteImpact, impact_on_city, impact_on_site
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import campaign_terms, city_terms, site_terms
from schemas.city import CityTerms, PlanReceived
from schemas.clock import Clock
from schemas.ledger import LedgerEntry
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.streams import city_stream, site_stream
from services.amendments.files import Proposed
from storage.amendments import read_streams
from storage.campaigns import read_clock
from storage.connections import Pool
from storage.ledger import read_stream
from storage.register import page_open_sites

_PAGE = 500
"""Sites whose entries are in memory at a time."""


@dataclass
class CityPreview:
    """The impact in one city; `waiting` are sites that are not open yet and will open under the amended plan."""

    code: str
    name: str
    impact: CityImpact
    open: int = 0
    waiting: int = 0
    sites: list[SiteImpact] = field(default_factory=list)
    """Its open sites with a change."""


async def previewed(
    pool: Pool, proposed: Proposed, at: datetime, advanced: Callable[[int], None] = lambda _: None
) -> AsyncIterator[CityPreview]:
    """The preview by city, in the order of the plan in force; `advanced` is called with the number of further sites."""
    campaign_id, versions = proposed.subject.campaign_id, proposed.versions
    clock, changes = await read_clock(pool, campaign_id), SiteChanges(versions)
    document = proposed.said.amendment.document_number
    for city in versions[-2].plan.cities:
        found = CityPreview(city.code, city.name, await _of_the_city(pool, proposed, city.code, at))
        after = ""
        while page := await page_open_sites(pool, campaign_id, city.code, after, _PAGE):
            streams = await read_streams(pool, [site_stream(campaign_id, site.id) for site, _ in page])
            for site, _ in page:
                stream = site_stream(campaign_id, site.id)
                if stream not in streams:
                    found.waiting += 1
                    continue
                aggregate = site_as_amended(versions[:-1], site, clock, streams[stream])
                command = amend_site_command(versions[-1].amendment, document, at, stream, changes.of(site))
                impact = impact_on_site(aggregate, command, at)
                if impact is not None:
                    found.open += 1
                    found.sites += [impact] if impact.touched else []
            after = page[-1][0].id
            advanced(len(page))
        yield found


def site_as_amended(
    versions: Sequence[FrozenPlan], site: Site, clock: Clock, entries: Sequence[LedgerEntry]
) -> SiteAggregate:
    """The site from its ledger, under the newest plan that it has applied."""
    aggregate = SiteAggregate(site_terms(in_force_at(versions, amendments_known(entries)), site, entries[0].at, clock))
    aggregate.restore(entries)
    return aggregate


def amendments_known(entries: Sequence[LedgerEntry]) -> int:
    """The newest amendment in a site's entries."""
    said = [json.loads(e.data).get("amendment", 0) for e in entries if e.kind in ("opened", "amended")]
    return max(said, default=0)


async def _of_the_city(pool: Pool, proposed: Proposed, code: str, at: datetime) -> CityImpact:
    """The city's own deadlines; nothing moves in a city that has not received the plan yet."""
    campaign_id, versions = proposed.subject.campaign_id, proposed.versions
    entries = await read_stream(pool, city_stream(campaign_id, code))
    if not entries:
        return CityImpact(city=code)
    began = PlanReceived.model_validate_json(entries[0].data).amendment
    aggregate = CityAggregate(_city_terms(in_force_at(versions[:-1], began), code, entries[0].at))
    aggregate.restore(entries)
    said, amended = proposed.said.amendment, _city_terms(versions[-1], code, entries[0].at)
    return impact_on_city(
        aggregate, amend_city_command(amended, versions[-1].amendment, said.document_number, said.title, at), at
    )


def _city_terms(frozen: FrozenPlan, code: str, issued_at: datetime) -> CityTerms:
    campaign = campaign_terms(frozen, issued_at, Clock())
    return city_terms(campaign, next(city for city in campaign.cities if city.code == code), issued_at)
