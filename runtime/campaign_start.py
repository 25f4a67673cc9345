"""Starting a campaign for real: written to Postgres first, then its workflow; started again, it changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from rules.terms.plan import campaign_terms
from runtime.real_time import real_now
from schemas.clock import Clock
from schemas.plan import FrozenPlan
from schemas.register import RejectedRow, Site
from schemas.starts import CampaignStart
from schemas.streams import campaign_stream
from storage.campaigns import CreateOutcome, create_campaign, find_campaign, mark_started, read_plan
from storage.connections import Pool


@dataclass(frozen=True, slots=True)
class Launch:
    """What a start came to: when the plan goes out (campaign time), by which clock.

    `started` is False if the campaign had been started before; then that start's clock and hour stand.
    """

    campaign_id: str
    outcome: CreateOutcome
    started: bool
    clock: Clock
    issues_at: datetime


async def start_campaign(
    client: Client,
    pool: Pool,
    frozen: FrozenPlan,
    sites: Sequence[Site],
    clock: Clock,
    rejected: Sequence[RejectedRow],
    task_queue: str,
) -> Launch:
    """Write the campaign and start its workflow; a start that died half-way is completed by calling this again.

    Raises:
        Refused: the id or the document number belongs to another plan or register; says what differs.
    """
    campaign_id = frozen.plan.id
    outcome = await create_campaign(pool, frozen, sites, clock, rejected)
    known = await find_campaign(pool, campaign_id)
    # The plan as it was first kept: its calendar is frozen, this one's may know a newer notice.
    frozen = await read_plan(pool, campaign_id)
    terms = campaign_terms(frozen, known.clock.campaign_time(real_now()), known.clock)
    if known.started:
        return Launch(campaign_id, outcome, False, known.clock, known.issued_at or terms.issues_at)
    started = True
    try:
        await client.start_workflow(
            "CampaignWorkflow",
            CampaignStart(terms=terms),
            id=campaign_stream(campaign_id),
            task_queue=task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"{frozen.plan.title} ({frozen.plan.document_number})"[:200],
        )
    except WorkflowAlreadyStartedError:
        started = False  # it ran to its end, and only the note of its start was lost
    await mark_started(pool, campaign_id)
    return Launch(campaign_id, outcome, started, known.clock, terms.issues_at)
