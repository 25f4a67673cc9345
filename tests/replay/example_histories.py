"""Histories of the examples: whoever has lived through more kinds of entries than those kept so far is kept.

`python -m tests.replay.example_histories NAME [EXAMPLE ...]` rehearses each example once and adds files under NAME.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from intake.check import check
from runtime.embedded.servers import EmbeddedServers
from runtime.exit import run_to_exit
from runtime.real_time import real_now
from runtime.search_attributes import register_search_attributes
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from simulation.behaviour.temperament import Temperament
from simulation.rehearsal.campaign import compressed_clock, rehearse
from storage.connections import query
from tests.replay.record_histories import HISTORIES, keep
from tests.workflow.conftest import Engine, engine_on

EXAMPLES = Path(__file__).parents[2] / "examples"
FIVE = ("henan-2021", "shanxi-2024", "heilongjiang-market", "hukou", "zhangping")
DAY_SECONDS = 1.0
_MOST = 400
"""Events of a history: a longer one shows little more and is slow to replay."""


async def record(name: str, examples: Sequence[str]) -> None:
    """Live through each example and keep a few histories that show together all that happened in it."""
    folder = Path(tempfile.mkdtemp(prefix="hundred-days-"))
    known: set[tuple[str, str]] = set()
    async with EmbeddedServers(folder, compressed=True, ephemeral=True) as servers:
        client = await connect_temporal(Settings(), servers.temporal_address)
        await register_search_attributes(client)
        async for engine in engine_on(client, servers.postgres_url, folder):
            for example in examples:
                campaign = await _rehearse(engine, example)
                await _keep_some(engine, f"{name}-{example}", campaign, known)
    shutil.rmtree(folder, ignore_errors=True)


async def _rehearse(engine: Engine, example: str) -> str:
    """Returns the campaign's id."""
    report = check(EXAMPLES / example / "plan.yaml", EXAMPLES / example / "register.csv")
    assert report.frozen is not None and report.register is not None, str(report.faults)
    await rehearse(
        engine.client,
        engine.pool,
        report.frozen,
        report.register.sites,
        compressed_clock(report.frozen, DAY_SECONDS, real_now()),
        Temperament.SLACK,
        2021,
        on_progress=lambda pulse: None,
        task_queue=engine.settings.task_queue,
        surveys=report.rounds.planned,
    )
    return report.frozen.plan.id


async def _keep_some(engine: Engine, name: str, campaign: str, known: set[tuple[str, str]]) -> None:
    """Streams in the order of how much they show; each one that shows something new of its subject is kept."""
    kinds: dict[str, set[str]] = {}
    for row in await engine.pool.fetch(query("ledger/of_campaign"), campaign):
        kinds.setdefault(row["stream"], set()).add(row["kind"])
    counts: dict[str, int] = {}
    for stream, seen in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0])):
        subject = stream.partition("/")[0]
        new = {(subject, kind) for kind in seen} - known
        if not new:
            continue
        handle = engine.client.get_workflow_handle(stream)
        if (await handle.describe()).history_length > _MOST and subject == "site":
            continue
        known |= new
        counts[subject] = counts.get(subject, 0) + 1
        await keep(engine.client, handle, HISTORIES / f"{name}-{subject}-{counts[subject]}.json")


def main() -> int:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    asyncio.run(record(sys.argv[1], sys.argv[2:] or FIVE))
    return 0


if __name__ == "__main__":
    run_to_exit(main)
