"""Reads the refused commands of a campaign, of one of its cities, or of one site."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.calendar import start_of
from schemas.errors import InvalidInput
from schemas.given_time import GivenDay, given_day
from schemas.status import RefusedCommand
from services.common.subjects import Subject, area_subject, site_subject
from storage.connections import Pool
from storage.refusals import list_refused


@dataclass(frozen=True)
class Refusals:
    """The refused commands of a subject, in the order of receipt."""

    subject: Subject
    commands: Sequence[RefusedCommand]


async def read_refused(
    pool: Pool, campaign: str, city: str | None = None, site: str | None = None, since: GivenDay | None = None
) -> Refusals:
    """Those of the campaign, narrowed by what is given; `since` is a day in the plan's zone.

    NotFound for an unknown campaign, city or site; InvalidInput for a site of another city.
    """
    subject = area = await area_subject(pool, campaign, city)
    if site is not None:
        subject = await site_subject(pool, f"{area.campaign_id}/{site}")
        if area.city not in (None, subject.city):
            raise InvalidInput(f"site {site} is in city {subject.city}, not in {area.city}: leave out --city")
    day = None if since is None else given_day(since, subject.now, subject.zone)
    moment = None if day is None else start_of(subject.frozen.calendar, day)
    found = await list_refused(pool, subject.campaign_id, city=area.city, site=subject.site, since=moment)
    return Refusals(subject, found)
