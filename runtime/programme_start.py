"""Starting a programme: written to Postgres first, then its workflow; started again, it changes nothing."""

import contextlib
from collections.abc import Sequence

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from rules.programme import programme_stream
from rules.programme_terms import programme_terms
from schemas.clock import Clock
from schemas.programme import FrozenProgramme
from schemas.site import Site
from schemas.starts import ProgrammeStart
from storage.connections import Pool
from storage.programmes import create_programme, find_programme, read_programme


async def start_programme(
    client: Client, pool: Pool, frozen: FrozenProgramme, stock: Sequence[Site], clock: Clock, task_queue: str
) -> bool:
    """Write the programme and start its workflow; False if it was there already.

    Raises:
        Refused: the id or the document number belongs to another programme or stock; says what differs.
    """
    programme_id = frozen.programme.id
    new = await create_programme(pool, frozen, stock, clock)
    known = await find_programme(pool, programme_id)
    kept = await read_programme(pool, programme_id)  # with the calendars of the first start
    with contextlib.suppress(WorkflowAlreadyStartedError):  # it ran to its end
        await client.start_workflow(
            "ProgrammeWorkflow",
            ProgrammeStart(terms=programme_terms(kept, known.clock)),
            id=programme_stream(programme_id),
            task_queue=task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"{kept.programme.title} ({kept.programme.document_number})"[:200],
        )
    return new
