"""Checks, starts (idempotently) and stops a programme."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from intake.files.grid import TablePlace
from intake.files.sheets import ANYWHERE
from intake.programme_file import read_programme as read_programme_file
from intake.register.register_file import RegisterResult
from rules.terms.plan import ends_at
from runtime.real_time import real_now
from schemas.campaign import Stop
from schemas.clock import Clock
from schemas.errors import Refused
from schemas.ledger import LedgerEntry
from schemas.programme import FrozenProgramme
from schemas.register import Site
from schemas.streams import programme_stream
from services.common.connection import Servers
from services.common.feedback import FaultsFound, Progress, unwatched
from services.common.send_options import SendOptions
from services.common.text import counted
from storage.connections import Pool
from storage.document_file import read_document_file
from storage.ledger import read_stream
from storage.programmes import ProgrammeRecord, is_programme, list_programmes, read_programme

if TYPE_CHECKING:
    from runtime.programme_start import ProgrammeLaunch


class SoundProgramme(NamedTuple):
    """A programme without faults, its stock, and the rows of the years' survey files by campaign."""

    frozen: FrozenProgramme
    stock: RegisterResult
    surveys: Mapping[str, tuple[Site, ...]]


def sound_programme(
    file: Path, register: Path, map_: Path | None, progress: Progress = unwatched, place: TablePlace = ANYWHERE
) -> SoundProgramme:
    """The programme, its stock and the surveys beside it; FaultsFound if they are invalid."""
    with progress("checking the stock") as advanced:
        report = read_programme_file(file, register, map_, advanced, place)
    if report.faults or report.frozen is None or report.stock is None:
        said = f"{counted(len(report.faults), 'fault')}; correct what is listed and check again"
        raise FaultsFound(report.faults, said)
    return SoundProgramme(report.frozen, report.stock, report.surveys)


async def launch_programme(servers: Servers, frozen: FrozenProgramme, stock: Sequence[Site]) -> "ProgrammeLaunch":
    """Start a checked programme; one that was started before is restarted if its workflow does not run.

    Raises:
        Refused: its first year has passed, or its id or number belongs to another programme or stock.
        Unreachable: Postgres or Temporal does not answer.
    """
    from runtime.programme_start import start_programme
    from storage.migrate import migrate

    client = await servers.client()
    await migrate(servers.postgres_url)
    pool = await servers.pool()
    if not await is_programme(pool, frozen.programme.id):
        refuse_passed(frozen, real_now())
    return await start_programme(client, pool, frozen, stock, Clock(), servers.settings.task_queue)


def refuse_passed(frozen: FrozenProgramme, now: datetime) -> None:
    """Refused if the first year's campaign is over at `now`: it would only carry all sites over."""
    first = frozen.years[0]
    if ends_at(first) > now:
        return
    raise Refused(
        f"programme {frozen.programme.id}: its first year, campaign {first.plan.id}, ended on {first.plan.ends_on}; it "
        "can be foreseen (starter.py programme forecast), or started with `years` of which the first is not over"
    )


async def stop_programme(servers: Servers, programme_id: str, reason: str, options: SendOptions) -> Stop:
    """Send the stop as a signal, which is kept without a running worker; returns what was sent."""
    from temporalio.service import RPCError, RPCStatusCode

    frozen = await read_programme(await servers.pool(), programme_id)
    stop = Stop(
        command_id=options.command_id or str(uuid4()),
        actor=options.actor(servers.settings.actor),
        effective_at=options.event_time(real_now(), frozen.years[0].plan.zone),
        reason=reason,
    )
    handle = (await servers.client()).get_workflow_handle(programme_stream(programme_id))
    try:
        await handle.signal("stop", stop)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise Refused(f"programme {programme_id} has ended: there is nothing to stop") from None
        raise
    return stop


async def all_programmes(pool: Pool) -> list[ProgrammeRecord]:
    """All programmes, by id."""
    return await list_programmes(pool)


async def read_years(pool: Pool, programme_id: str) -> tuple[FrozenProgramme, list[LedgerEntry], int]:
    """A programme, its ledger, and the number of its documents; NotFound lists the known ones."""
    frozen = await read_programme(pool, programme_id)
    entries = await read_stream(pool, programme_stream(programme_id))
    return frozen, entries, len(await read_document_file(pool, programme_id))
