"""Starting a programme: written to Postgres first, then its workflow; started again, it goes on from its ledger."""

from collections.abc import Sequence
from enum import StrEnum

import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from rules.programme.aggregate import ProgrammeAggregate
from rules.terms.programme import programme_terms
from schemas.clock import Clock
from schemas.programme import FrozenProgramme
from schemas.register import Site
from schemas.starts import ProgrammeStart
from schemas.streams import programme_stream
from storage.connections import Pool
from storage.ledger import read_stream
from storage.programmes import create_programme, find_programme, list_programmes, read_programme

_log = structlog.get_logger(__name__)


class ProgrammeLaunch(StrEnum):
    """What a start came to."""

    STARTED = "started"
    CONTINUED = "continued"
    """It was started before and its workflow was lost (or never began): it runs now."""
    UNCHANGED = "unchanged"


async def start_programme(
    client: Client, pool: Pool, frozen: FrozenProgramme, stock: Sequence[Site], clock: Clock, task_queue: str
) -> ProgrammeLaunch:
    """Write the programme and start its workflow, unless it runs already or has ended.

    Raises:
        Refused: the id or the document number belongs to another programme or stock; says what differs.
    """
    new = await create_programme(pool, frozen, stock, clock)
    began = await _run(client, pool, frozen.programme.id, task_queue)
    if new:
        return ProgrammeLaunch.STARTED
    return ProgrammeLaunch.CONTINUED if began else ProgrammeLaunch.UNCHANGED


async def continue_programmes(client: Client, pool: Pool, task_queue: str) -> tuple[str, ...]:
    """Start every programme that has not ended and has no running workflow; their ids.

    Nothing else looks after a programme: it may sleep for most of a year. One that can not be started is an error in
    the log.
    """
    continued = []
    for programme_id in [record.programme_id for record in await list_programmes(pool)]:
        try:
            if await _run(client, pool, programme_id, task_queue):
                continued.append(programme_id)
        except Exception:  # whatever it is, it must not hold up the others
            _log.exception("programme can not be started again from its ledger", programme=programme_id)
    return tuple(continued)


async def _run(client: Client, pool: Pool, programme_id: str, task_queue: str) -> bool:
    kept = await read_programme(pool, programme_id)  # with the calendars of the first start
    clock = (await find_programme(pool, programme_id)).clock
    board = ProgrammeAggregate(programme_terms(kept, clock))
    board.restore(await read_stream(pool, programme_stream(programme_id)))
    if board.settled:
        return False
    try:
        await client.start_workflow(
            "ProgrammeWorkflow",
            ProgrammeStart(terms=board.terms, state=board.state.model_dump(mode="json") if board.state.seq else None),
            id=board.stream,
            task_queue=task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            static_summary=f"{kept.programme.title} ({kept.programme.document_number})"[:200],
        )
    except WorkflowAlreadyStartedError:
        return False
    return True
