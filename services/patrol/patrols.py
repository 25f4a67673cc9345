"""The patrol after closure: its state, and reports of findings and look-backs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.errors import Refused
from schemas.options.patrol import LookBack, PatrolFacts, ReportFinding
from services.common.connection import Servers
from services.common.send_options import SendOptions
from services.common.sending import Sent, send
from services.common.subjects import Subject, city_subject, site_subject
from storage import cities
from storage.connections import Pool


@dataclass(frozen=True)
class Patrols:
    """The patrols that have begun, by city, of a campaign or of one city."""

    subject: Subject
    by_city: Mapping[str, PatrolFacts]


async def read_patrols(pool: Pool, subject: Subject) -> Patrols:
    """The state of the patrols of a campaign or of a city."""
    return Patrols(subject, await cities.read_patrols(pool, subject.campaign_id, subject.city))


async def report_finding(
    servers: Servers,
    campaign: str,
    city: str,
    what: str,
    options: SendOptions,
    *,
    site: str | None,
    relapse: bool,
    suspected: bool,
    requirements: Sequence[str],
) -> Sent:
    """Send a finding to the city; Refused if its site is one of another city."""
    pool = await servers.pool()
    if site is not None:
        named, asked = await site_subject(pool, f"{campaign}/{site}"), await city_subject(pool, campaign, city)
        if named.city != asked.city:
            raise Refused(f"{site} is a site of {named.city}, not of {asked.city}")
    content = {"site": site, "what": what, "relapse": relapse, "suspected": suspected}
    failed = tuple(requirements)
    subject = await city_subject(pool, campaign, city)
    return await send(servers, subject, ReportFinding, options, **content, failed_requirements=failed)


async def look_back(
    servers: Servers, site: str, requirement: str, options: SendOptions, *, held: bool, opinion: str | None
) -> Sent:
    """Send the result of a look-back at a struck-off site to its city."""
    pool = await servers.pool()
    named = await site_subject(pool, site)
    assert named.city is not None and named.site is not None  # it is a site
    content = {"site": named.site, "requirement": requirement, "held": held, "opinion": opinion}
    return await send(servers, await city_subject(pool, named.campaign_id, named.city), LookBack, options, **content)
