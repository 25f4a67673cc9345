"""The status of campaigns and cities as of campaign time now, and the report of a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from runtime.real_time import real_now
from schemas.actor import Actor
from schemas.documents.delivery import DeadLetter
from schemas.status import CampaignStatus, CityStatus
from services.common.connection import Servers
from services.common.subjects import Subject, campaign_subject
from storage.campaigns import list_campaigns
from storage.connections import Pool
from storage.deliveries import dead_letters, tried_so_far
from storage.document_file import DocumentFileEntry, read_document_file
from storage.status import ListedSite, OverdueSite, campaign_status, city_status, listed_sites, overdue_sites

LETTERS_SHOWN = 3
"""Maximum of dead letters and of pending deliveries in a status."""


@dataclass(frozen=True)
class ListedCampaign:
    """A campaign in the list of all; not `started` is one whose start failed half-way."""

    status: CampaignStatus
    started: bool


@dataclass(frozen=True)
class CampaignState:
    """A campaign with the first of its deliveries that are retried, and of its dead letters."""

    subject: Subject
    status: CampaignStatus
    waiting: Sequence[DeadLetter]
    dead: Sequence[DeadLetter]


@dataclass(frozen=True)
class CityState:
    """A city with its open documents."""

    subject: Subject
    status: CityStatus
    open_documents: Sequence[DocumentFileEntry]
    as_of: datetime


@dataclass(frozen=True)
class Overdue:
    """The sites past their due date, longest overdue first, at most `limit`."""

    subject: Subject
    sites: Sequence[OverdueSite]
    limit: int


@dataclass(frozen=True)
class Listed:
    """Sites by city and id, at most `limit`."""

    subject: Subject
    sites: Sequence[ListedSite]
    limit: int


async def read_campaigns(pool: Pool) -> list[ListedCampaign]:
    """All campaigns."""
    return [
        ListedCampaign(
            await campaign_status(pool, record.campaign_id, record.clock.campaign_time(real_now())), record.started
        )
        for record in await list_campaigns(pool)
    ]


async def read_campaign(pool: Pool, subject: Subject) -> CampaignState:
    """One campaign and its cities."""
    status = await campaign_status(pool, subject.campaign_id, subject.now)
    waiting: list[DeadLetter] = []
    dead: list[DeadLetter] = []
    if status.deliveries["waiting"]:
        waiting = await tried_so_far(pool, subject.campaign_id, LETTERS_SHOWN)
    if status.deliveries["failed"]:
        dead = (await dead_letters(pool, subject.campaign_id))[:LETTERS_SHOWN]
    return CampaignState(subject, status, waiting, dead)


async def read_city(pool: Pool, subject: Subject) -> CityState:
    """One city of a campaign."""
    assert subject.city is not None
    now = subject.now
    status = await city_status(pool, subject.campaign_id, subject.city, now)
    entries = await read_document_file(pool, subject.campaign_id, city=subject.city)
    return CityState(subject, status, [entry for entry in entries if entry.is_open], now)


async def read_overdue(
    pool: Pool, subject: Subject, limit: int, mine: Actor | None = None, hazard: str | None = None
) -> Overdue:
    """The overdue sites of a campaign or of one of its cities; `mine`: of this person or its unit.

    With `hazard` those of that grade.
    """
    found = await overdue_sites(pool, subject.campaign_id, subject.now, subject.city, limit, mine, hazard)
    return Overdue(subject, found, limit)


async def read_sites(pool: Pool, subject: Subject, limit: int, mine: Actor | None = None) -> Listed:
    """The sites of a campaign or of one of its cities, likewise."""
    found = await listed_sites(pool, subject.campaign_id, subject.now, subject.city, limit, mine)
    return Listed(subject, found, limit)


async def report_campaign(servers: Servers, campaign: str, out: Path) -> list[Path]:
    """Write the report of a campaign into the folder `out`; its files."""
    from reports.writing import write_report

    pool = await servers.pool()
    subject = await campaign_subject(pool, campaign)
    return await write_report(pool, campaign, out, subject.now, servers.settings.outbox_dir)
