"""Previewing and applying an amendment. Applying writes it first and then tells the campaign: what dies between is
completed by applying the same again."""

import gc
from pathlib import Path

from commands.amendments.files import Proposed, proposed
from commands.amendments.preview import previewed
from commands.amendments.view import preview_page, write_csv
from commands.common.actors import acting
from commands.common.connection import Servers
from commands.common.flags import Sending
from commands.common.page import Page
from commands.common.progress import progress
from commands.common.sending import to_subject
from commands.common.tables import console, local, print_json
from rules.amendments.plan import added_cities, campaign_changes
from rules.authority import require_authority
from rules.campaign.amendment import require_time
from rules.terms.plan import campaign_terms
from rules.terms.units import units_of_plan
from schemas.amendments import Amend
from schemas.errors import Refused
from schemas.stages import CampaignStage
from storage.amendments import write_amendment

_FEW_COLLECTIONS = 5_000_000
"""Millions of small objects and hardly a cycle: looking for cycles would take a third of a preview's time."""


async def preview_it(
    servers: Servers, campaign: str, file: Path, register: Path | None, csv: Path | None, shown: int
) -> Page:
    """What would move. Nothing is written but `csv`, if it is named."""
    found = await proposed(servers, campaign, file, register)
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
        cities = [city async for city in previewed(await servers.pool(), found, at, more)]
    if csv is not None:
        write_csv(csv, cities, found.subject.zone)
    return preview_page(found, cities, at, shown)


async def apply_it(servers: Servers, campaign: str, file: Path, register: Path | None, sending: Sending) -> int:
    """Write the amendment and let the campaign hear it; returns 0.

    Raises:
        Refused: who gives it may not, the campaign is over, or its day has not come.
    """
    found = await proposed(servers, campaign, file, register)
    if found.record is not None and found.record.heard:
        _tell_unchanged(found, sending.json)
        return 0
    _require_running(found)
    actor = acting(sending.as_, servers.settings.actor)
    require_authority(actor, "amend", units_of_plan(found.versions[-2].plan))
    now, said = found.subject.now, found.said.amendment
    if found.counts_from(now) > now:
        raise Refused(f"amendment {said.document_number} counts from {said.effective_on}; apply it then")
    require_time(campaign_terms(found.frozen, now, found.subject.campaign.clock), now)
    pool = await servers.pool()
    written = await write_amendment(pool, said, found.said.digest, found.frozen, now, found.added, found.sites)
    await to_subject(
        servers,
        found.subject,
        Amend,
        sending,
        amendment=written.amendment,
        document=said.document_number,
        title=said.title,
        digest=found.frozen.digest,
        terms=campaign_changes(found.versions),
        added=added_cities(found.versions),
        removed=said.cities.remove,
    )
    if not sending.json:
        console().print(f"cities and sites are told now; how far: starter.py amend {campaign} --status")
    return 0


def _require_running(found: Proposed) -> None:
    state = found.subject.campaign.state
    if state not in (CampaignStage.ISSUING, CampaignStage.RUNNING):
        raise Refused(f"campaign {found.subject.campaign_id} is {state}; it can not be amended any more")


def _require_new(found: Proposed) -> None:
    record = found.record
    if record is not None and record.heard:
        since = local(record.heard_at, found.subject.zone)
        raise Refused(f"amendment {record.document_number} counts since {since}; there is nothing left to preview")


def _tell_unchanged(found: Proposed, as_json: bool) -> None:
    record = found.record
    assert record is not None
    since = local(record.heard_at, found.subject.zone)
    if as_json:
        print_json({"document_number": record.document_number, "verdict": "duplicate", "amendment": record.amendment})
    else:
        console().print(f"unchanged: {record.document_number} counts since {since}; nothing was done")
