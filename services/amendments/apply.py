"""Previewing and applying an amendment.

Applying writes the amendment first and then sends it to the campaign; after a failure in between, applying the same
file again completes it.
"""

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from rules.amendments.plan import added_cities, campaign_changes
from rules.authority import require_authority
from rules.campaign.amendment import require_time
from rules.terms.plan import campaign_terms
from rules.terms.units import units_of_plan
from schemas.amendments import Amend, AmendmentRecord
from schemas.errors import Refused
from schemas.stages import CampaignStage
from services.amendments.files import Proposed, proposed
from services.amendments.preview import CityPreview, previewed
from services.common.connection import Servers
from services.common.feedback import Progress, unwatched
from services.common.send_options import SendOptions
from services.common.sending import Sent, send
from services.common.subjects import Subject, campaign_subject
from services.common.text import local
from storage.amendments import AmendmentProgress, amendment_progress, list_amendments, write_amendment
from storage.connections import Pool

_FEW_COLLECTIONS = 5_000_000
"""A preview makes millions of objects and few cycles: garbage collection would take a third of its time."""


@dataclass(frozen=True)
class Preview:
    """The impact of an amendment by city, if it took effect at `at`."""

    proposed: Proposed
    cities: Sequence[CityPreview]
    at: datetime


async def preview_amendment(
    pool: Pool,
    campaign: str,
    file: Path,
    register: Path | None,
    progress: Progress = unwatched,
    place: TablePlace = ANYWHERE,
) -> Preview:
    """The impact of an amendment; nothing is written. Raises as `proposed`, and Refused if it can not be applied."""
    found = await proposed(pool, campaign, file, register, progress, place)
    _require_running(found)
    _require_new(found)
    at = found.counts_from(found.subject.now)
    require_time(campaign_terms(found.frozen, at, found.subject.campaign.clock), at)
    with progress("looking at the open sites") as advanced:
        seen = 0

        def more(count: int) -> None:
            nonlocal seen
            seen += count
            if advanced is not None:
                advanced(seen, None)

        gc.set_threshold(_FEW_COLLECTIONS)
        cities = [city async for city in previewed(pool, found, at, more)]
    return Preview(found, cities, at)


async def apply_amendment(
    servers: Servers,
    campaign: str,
    file: Path,
    register: Path | None,
    options: SendOptions,
    progress: Progress = unwatched,
    place: TablePlace = ANYWHERE,
) -> tuple[Proposed, Sent | None]:
    """Write the amendment and send it to the campaign; None if it is in effect already.

    Raises:
        FaultsFound: the file or the register is invalid.
        Refused: the actor may not send it, the campaign is over, or it is before `effective_on`.
    """
    pool = await servers.pool()
    found = await proposed(pool, campaign, file, register, progress, place)
    if found.record is not None and found.record.heard:
        return found, None
    _require_running(found)
    actor = options.actor(servers.settings.actor)
    require_authority(actor, "amend", units_of_plan(found.versions[-2].plan))
    now, said = found.subject.now, found.said.amendment
    if found.counts_from(now) > now:
        raise Refused(f"amendment {said.document_number} counts from {said.effective_on}; apply it then")
    require_time(campaign_terms(found.frozen, now, found.subject.campaign.clock), now)
    written = await write_amendment(pool, said, found.said.digest, found.frozen, now, found.added, found.sites)
    sent = await send(
        servers,
        found.subject,
        Amend,
        options,
        amendment=written.amendment,
        document=said.document_number,
        title=said.title,
        digest=found.frozen.digest,
        terms=campaign_changes(found.versions),
        added=added_cities(found.versions),
        removed=said.cities.remove,
    )
    return found, sent


@dataclass(frozen=True)
class Amendments:
    """The amendments of a campaign, each with the cities and sites that have applied it."""

    subject: Subject
    records: Sequence[tuple[AmendmentRecord, Sequence[AmendmentProgress]]]


async def read_amendments(pool: Pool, campaign: str) -> Amendments:
    """Every amendment of a campaign, oldest first."""
    subject = await campaign_subject(pool, campaign)
    records = await list_amendments(pool, campaign)
    progress = [(one, await amendment_progress(pool, campaign, one.amendment) if one.heard else ()) for one in records]
    return Amendments(subject, progress)


def _require_running(found: Proposed) -> None:
    state = found.subject.campaign.state
    if state not in (CampaignStage.ISSUING, CampaignStage.RUNNING):
        raise Refused(f"campaign {found.subject.campaign_id} is {state}; it can not be amended any more")


def _require_new(found: Proposed) -> None:
    record = found.record
    if record is not None and record.heard:
        since = local(record.heard_at, found.subject.zone)
        raise Refused(f"amendment {record.document_number} counts since {since}; there is nothing left to preview")
