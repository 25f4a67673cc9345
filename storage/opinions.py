"""The ledger's entries about the implementation opinions of a campaign's cities."""

from collections import defaultdict
from collections.abc import Sequence

from schemas.ledger import LedgerEntry
from storage.connections import Pool
from storage.queries import query


async def opinion_entries(
    pool: Pool, campaign_id: str, city: str | None, kinds: Sequence[str]
) -> dict[str, list[LedgerEntry]]:
    """City's code to its entries of these kinds, in order; with `city` those of one."""
    found: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in await pool.fetch(query("opinion_entries"), campaign_id, city, list(kinds)):
        entry = LedgerEntry.model_validate(dict(row))
        found[entry.stream.rpartition("/")[2]].append(entry)
    return found
