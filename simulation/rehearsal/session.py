"""A whole rehearsal on servers of its own: start servers and worker, rehearse, write the results, stop all."""

import asyncio
import contextlib
import functools
import json
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from reports.writing import write_report
from runtime.embedded.servers import EmbeddedServers
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from schemas.errors import HundredDaysError
from schemas.options.surveys import PlannedSurvey
from schemas.plan import FrozenPlan
from schemas.register import RejectedRow, Site
from schemas.status import CampaignStatus
from simulation.behaviour.temperament import Temperament
from simulation.outcome.load import LoadCounter
from simulation.outcome.sections import Outcome
from simulation.rehearsal.campaign import OnProgress, rehearse, stepped_clock
from simulation.rehearsal.outcome import read_outcome
from simulation.rehearsal.pulse import Tally
from simulation.rehearsal.stop_request import StopRequest
from simulation.rehearsal.worker_process import worker_process
from storage.connections import Pool
from storage.ledger import VerifyReport, export, export_line, verify
from storage.migrate import migrate
from storage.pool import open_pool
from storage.status import campaign_status

OnServers: TypeAlias = Callable[[str, str], None]
STATUS, LEDGER, OUTBOX, WORKER_LOG = "status.json", "ledger.jsonl", "outbox", "worker.log"


@dataclass(frozen=True, slots=True)
class RehearsalSummary:
    """The results of a rehearsal: `files` are those it wrote, `seconds` is real time, start of the servers included."""

    campaign_id: str
    status: CampaignStatus
    tally: Tally
    proved: VerifyReport
    files: tuple[Path, ...]
    seconds: float
    outcome: Outcome
    stopped_by: signal.Signals | None = None
    """The signal that stopped it before the end; None if it came to its end."""


async def run_rehearsal(
    frozen: FrozenPlan,
    sites: Sequence[Site],
    rejected: Sequence[RejectedRow],
    temperament: Temperament,
    seed: int,
    day_seconds: float,
    out: Path,
    settings: Settings,
    on_progress: OnProgress,
    on_servers: OnServers | None = None,
    surveys: Sequence[PlannedSurvey] = (),
) -> RehearsalSummary:
    """Rehearse a plan from its issue to its closing report, and write report, status and ledger into `out`.

    Told to stop by a signal, it writes them as far as the campaign has come, marked as stopped.
    Servers and worker run only during the call. Documents go to `out/outbox`, nothing is mailed.

    Args:
        frozen: The plan with its calendar.
        sites: Its register.
        rejected: Rows of the register that were left out.
        temperament: The habits of the people.
        seed: The same seed gives the same people.
        day_seconds: How long a campaign day lasts at least; the clock waits for the engine.
        out: Created if it is missing; the files of an earlier rehearsal are replaced.
        settings: Queues of the worker.
        on_progress: Called about four times a second.
        on_servers: Called once, when servers and worker are ready, with Temporal's address and Postgres's URL.
        surveys: Surveys during the campaign, on their days.

    Raises:
        HundredDaysError: servers, worker or engine failed; LedgerBroken if a hash chain is broken.
    """
    began = time.monotonic()
    await asyncio.to_thread(_make_ready, out)
    # A short path, since names of sockets are limited; not the folder of real campaigns.
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="hundred-days-"))
    stop = StopRequest()
    async with contextlib.AsyncExitStack() as stack:
        clear = functools.partial(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(stop.listening(before_the_end=clear))
        stack.callback(clear)
        servers = await stack.enter_async_context(EmbeddedServers(folder, compressed=True, ephemeral=True))
        await migrate(servers.postgres_url)
        client = await connect_temporal(settings, servers.temporal_address)
        pool = await open_pool(servers.postgres_url)
        stack.push_async_callback(pool.close)
        worker = worker_process(
            settings,
            temporal_address=servers.temporal_address,
            postgres_url=servers.postgres_url,
            outbox=out / OUTBOX,
            log=out / WORKER_LOG,
        )
        async with worker:
            if on_servers is not None:
                on_servers(servers.temporal_address, servers.postgres_url)
            result = await rehearse(
                client, pool, frozen, sites, stepped_clock(frozen), temperament, seed, on_progress=on_progress,
                rejected=rejected, task_queue=settings.task_queue, surveys=surveys, day_seconds=day_seconds,
                stop=stop.requested,
            )  # fmt: skip
        stopped_by = stop.by if result.closed_as is None else None
        status = await campaign_status(pool, result.campaign_id, result.as_of)
        if stopped_by is None:
            _require_all_settled(status)
        proved = await verify(pool, result.campaign_id)
        loads = LoadCounter(frozen.plan.zone)
        files = [await _write_status(status, stopped_by, out)]
        files.append(await _write_ledger(pool, result.campaign_id, out, loads))
        outcome = await read_outcome(pool, result.campaign_id, loads)
        files += await write_report(pool, result.campaign_id, out, result.as_of, stopped=stopped_by is not None)
    seconds = time.monotonic() - began
    return RehearsalSummary(
        result.campaign_id, status, result.tally, proved, tuple(files), seconds, outcome, stopped_by
    )


def _make_ready(out: Path) -> None:
    """Create the folder, without the files of an earlier rehearsal."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(out / OUTBOX, ignore_errors=True)
    for name in (STATUS, LEDGER, WORKER_LOG):
        (out / name).unlink(missing_ok=True)


def _require_all_settled(status: CampaignStatus) -> None:
    """Raise unless closed and carried-over sites add up to the register in every city."""
    for city in status.cities:
        stages = city.sites.by_stage
        ended = stages["closed"] + stages["carried_over"]
        if ended != city.sites.total:
            raise HundredDaysError(
                f"city {city.code} ({city.name}): at the end {ended} of {city.sites.total} sites are closed or carried "
                f"over, by stage {stages}; the engine lost some. See {WORKER_LOG}"
            )


async def _write_status(status: CampaignStatus, stopped_by: signal.Signals | None, out: Path) -> Path:
    path = out / STATUS
    data = status.model_dump(mode="json") | ({"rehearsal_stopped": True} if stopped_by is not None else {})
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    await asyncio.to_thread(path.write_text, text, encoding="utf-8")
    return path


async def _write_ledger(pool: Pool, campaign_id: str, out: Path, loads: LoadCounter) -> Path:
    """Write the ledger, and count its entries as the load of their offices."""
    path = out / LEDGER
    with path.open("w", encoding="utf-8") as file:
        async for entry in export(pool, campaign_id):
            file.write(export_line(entry) + "\n")
            at = datetime.fromisoformat(entry["at"])
            loads.add(entry["kind"], at, entry["actor"]["role"], entry["actor"]["unit"])
    return path
