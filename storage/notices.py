"""Notices that wait for their city's dispatch hour."""

from collections.abc import Callable
from datetime import datetime

from schemas.documents import Lot
from storage.connections import Pool
from storage.queries import query


async def gather(
    pool: Pool, campaign_id: str, city: str, dispatch_at: datetime, key_of: Callable[[str, int], str]
) -> list[Lot]:
    """Assigns the city's waiting notices with `at <= dispatch_at` to the documents `key_of(kind, rung)` names.

    Returns the lots of exactly those documents, by kind and rung, their site ids sorted. Each notice goes to one
    document once, however many gather at a time; running it again for the same dispatch returns the same lots, and
    a notice that was recorded meanwhile waits for the next dispatch.
    """
    async with pool.acquire() as connection, connection.transaction():
        # One at a time in a city: the second sees what the first has gathered.
        await connection.execute(query("city_lock"), campaign_id, city)
        groups = [tuple(row) for row in await connection.fetch(query("notice_kinds"), campaign_id, city)]
        keys = [key_of(kind, rung) for kind, rung in groups]
        kinds, rungs = [kind for kind, _ in groups], [rung for _, rung in groups]
        await connection.execute(query("notice_gather"), campaign_id, city, dispatch_at, kinds, rungs, keys)
        rows = await connection.fetch(query("notice_lots"), campaign_id, keys)
    return [Lot(kind=row["kind"], rung=row["rung"], sites=tuple(sorted(row["sites"]))) for row in rows]
