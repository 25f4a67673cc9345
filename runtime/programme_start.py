"""Starts a programme: writes it to Postgres, then starts its workflow with the state of its ledger."""

from collections.abc import Sequence
from enum import StrEnum

from temporalio.client import Client

from rules.programme.aggregate import ProgrammeAggregate
from rules.terms.plan import programme_terms
from runtime.workflow_start import WorkflowStart, start_workflow
from schemas.clock import Clock
from schemas.programme import FrozenProgramme
from schemas.register import Site
from schemas.starts import ProgrammeStart
from schemas.streams import programme_stream
from storage.connections import Pool
from storage.ledger import read_stream
from storage.programmes import create_programme, find_programme, read_programme


class ProgrammeLaunch(StrEnum):
    """The result of a start."""

    STARTED = "started"
    CONTINUED = "continued"
    """It was started before, but its workflow was lost or never began; it runs now."""
    UNCHANGED = "unchanged"


async def start_programme(
    client: Client, pool: Pool, frozen: FrozenProgramme, stock: Sequence[Site], clock: Clock, task_queue: str
) -> ProgrammeLaunch:
    """Write the programme and start its workflow, unless it runs already or has ended.

    Raises:
        Refused: the id or the document number belongs to another programme or stock; says what differs.
    """
    new = await create_programme(pool, frozen, stock, clock)
    start = await programme_start(pool, frozen.programme.id, task_queue)
    began = start is not None and await start_workflow(client, start)
    if new:
        return ProgrammeLaunch.STARTED
    return ProgrammeLaunch.CONTINUED if began else ProgrammeLaunch.UNCHANGED


async def programme_start(pool: Pool, programme_id: str, task_queue: str) -> WorkflowStart | None:
    """The start of a programme's workflow, with the state read from its ledger; None if it has ended."""
    kept = await read_programme(pool, programme_id)  # with the calendars of the first start
    clock = (await find_programme(pool, programme_id)).clock
    programme = ProgrammeAggregate(programme_terms(kept, clock))
    programme.restore(await read_stream(pool, programme_stream(programme_id)))
    if programme.settled:
        return None
    state = programme.state.model_dump(mode="json") if programme.state.seq else None
    return WorkflowStart(
        "ProgrammeWorkflow",
        ProgrammeStart(terms=programme.terms, state=state),
        programme.stream,
        task_queue,
        summary=f"{kept.programme.title} ({kept.programme.document_number})"[:200],
    )
