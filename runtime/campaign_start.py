"""Starts a campaign: writes it to Postgres, then starts its workflow. A second start changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from rules.terms.plan import campaign_terms
from runtime.real_time import real_now
from schemas.actor import Actor
from schemas.clock import Clock
from schemas.plan import FrozenPlan
from schemas.register import RejectedRow, Site
from schemas.starts import CampaignStart
from schemas.streams import campaign_stream
from storage.campaigns import CreateOutcome, create_campaign, find_campaign, mark_started, read_plan
from storage.connections import Pool


@dataclass(frozen=True, slots=True)
class Launch:
    """The result of a start: when the plan is issued at the earliest (campaign time), and the clock.

    `started` is False if the campaign was started before; then clock and instant are those of the first start.
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
    started_by: Actor | None = None,
) -> Launch:
    """Write the campaign and start its workflow; a start that was interrupted is completed by a second call.

    `started_by` is named by the campaign's first entry; None is the engine, which starts the years of a programme.

    Raises:
        Refused: the id or the document number belongs to another plan or register; says what differs.
    """
    campaign_id = frozen.plan.id
    outcome = await create_campaign(pool, frozen, sites, clock, rejected)
    known = await find_campaign(pool, campaign_id)
    # The plan of the first start, since its calendar is frozen: that of this call may have newer holidays.
    frozen = await read_plan(pool, campaign_id)
    terms = campaign_terms(frozen, known.clock.campaign_time(real_now()), known.clock, started_by)
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
        started = False  # it has run to its end, and only the mark of its start was lost
    await mark_started(pool, campaign_id)
    return Launch(campaign_id, outcome, started, known.clock, terms.issues_at)
