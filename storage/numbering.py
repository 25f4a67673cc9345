"""The numbers of documents: a sequence for each series and year, without gaps."""

from collections.abc import Sequence

from storage.connections import Pool
from storage.queries import query


async def number(pool: Pool, campaign_id: str, year: int, wanted: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The number of each (document key, series) in this year, in the order given; a key keeps the number it has.

    One transaction numbers all or none, and holds the series' rows until it commits, so no number is left out
    whoever else numbers at the same time, or dies doing it. A desk issues what it numbered before it numbers again;
    so a number of its own whose document is not there belongs to a dispatch that was lost, and is given anew.
    """
    async with pool.acquire() as connection, connection.transaction():
        keys = [key for key, _ in wanted]
        # Always in the same order, so that two desks do not wait for each other.
        for series in sorted({series for _, series in wanted}):
            await connection.execute(query("number_series_lock"), series, year)
        given = {row["key"]: row["n"] for row in await connection.fetch(query("number_given"), keys)}
        for key, series in wanted:
            if key not in given:
                desk, _, _ = key.partition(":")
                reused = await connection.fetchval(query("number_reuse"), key, series, year, campaign_id, desk, keys)
                given[key] = reused or await connection.fetchval(query("number_next"), key, series, year, campaign_id)
    return {key: given[key] for key in keys}
