"""A site rebuilt from its ledger: it is restarted, reopened and reinstated from it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError

from activities.sites.starts import site_attributes
from rules.amendments.plan import in_force_at
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from schemas.answers import Answer
from schemas.clock import Clock
from schemas.command import Command
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.starts import SiteStart
from schemas.streams import site_stream
from storage.connections import Pool
from storage.ledger import read_stream

_log = structlog.get_logger(__name__)

_ANSWER_WITHIN = timedelta(seconds=20)
"""Timeout of one attempt; a command is repeated under the same id until the site has answered."""


async def restored_site(
    pool: Pool, versions: Sequence[FrozenPlan], site: Site, opened_at: datetime | None, clock: Clock
) -> SiteAggregate:
    """The site under the plan it has applied; the daily reconciliation sends it the amendments that it missed.

    `versions` are the plan and its amendments, oldest first. Without entries the site is a new one under the newest
    plan; `opened_at` is used if the ledger has no opening.
    """
    entries = await read_stream(pool, site_stream(versions[-1].plan.id, site.id))
    if entries and entries[0].kind == "opened":
        opened_at = entries[0].at
    aggregate = SiteAggregate(site_terms(versions[-1], site, opened_at, clock))
    aggregate.restore(entries)
    if not entries:
        return aggregate
    known = in_force_at(versions, aggregate.state.amendment)
    return SiteAggregate(site_terms(known, site, opened_at, clock), aggregate.state)


async def ask_restored(client: Client, aggregate: SiteAggregate, command: Command, task_queue: str) -> bool:
    """Send a command to a settled site's workflow, running or new; whether it was accepted, by this call or before.

    The workflow starts with the state of the site's ledger; where the command leaves it settled it ends again.
    """
    terms = aggregate.terms
    start: WithStartWorkflowOperation[Any, str] = WithStartWorkflowOperation(
        "SiteWorkflow",
        SiteStart(terms=terms, state=aggregate.state.model_dump(mode="json")),
        id=aggregate.stream,
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=site_attributes(terms),
    )
    try:
        await client.execute_update_with_start_workflow(
            command.kind,
            command,
            start_workflow_operation=start,
            id=command.command_id,
            result_type=Answer,
            rpc_timeout=_ANSWER_WITHIN,
        )
    except WorkflowUpdateFailedError as failed:
        if not isinstance(failed.cause, ApplicationError) or failed.cause.type != "Refused":
            raise
        _log.info("site is not opened again", site=aggregate.stream, reason=failed.cause.message)
        return False
    return True
