"""Starting a programme: not one whose first year has passed, and once, however often."""

from collections.abc import Sequence
from datetime import datetime

from commands.common.connection import Servers
from rules.terms.plan import ends_at
from runtime.programme_start import ProgrammeLaunch, start_programme
from runtime.real_time import real_now
from schemas.clock import Clock
from schemas.errors import NotFound, Refused
from schemas.programme import FrozenProgramme
from schemas.register import Site
from storage.connections import Pool
from storage.programmes import find_programme


async def launch_programme(servers: Servers, frozen: FrozenProgramme, stock: Sequence[Site]) -> ProgrammeLaunch:
    """Start what was found sound; one that was started before goes on if it does not run.

    Raises:
        Refused: its first year has passed, or its id or number belongs to another programme or stock.
        Unreachable: Postgres or Temporal does not answer.
    """
    from storage.migrate import migrate

    client = await servers.client()
    await migrate(servers.postgres_url)
    pool = await servers.pool()
    if not await _is_kept(pool, frozen.programme.id):
        refuse_passed(frozen, real_now())
    return await start_programme(client, pool, frozen, stock, Clock(), servers.settings.task_queue)


def refuse_passed(frozen: FrozenProgramme, now: datetime) -> None:
    """Refused where the first year's campaign is over at `now`: it would carry everything over, in papers of today."""
    first = frozen.years[0]
    if ends_at(first) > now:
        return
    raise Refused(
        f"programme {frozen.programme.id}: its first year, campaign {first.plan.id}, ended on {first.plan.ends_on}; it "
        "can be foreseen (starter.py programme forecast), or started with `years` of which the first is not over"
    )


async def _is_kept(pool: Pool, programme_id: str) -> bool:
    try:
        await find_programme(pool, programme_id)
    except NotFound:
        return False
    return True
