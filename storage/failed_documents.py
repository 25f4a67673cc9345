"""Documents whose delivery was given up."""

from storage import documents
from storage.connections import Pool


async def mark_failed(pool: Pool, key: str) -> None:
    """Notes that a waiting document will not be delivered; one that was sent stays sent. NotFound if never issued."""
    changed = await pool.execute("update document set state = 'failed' where key = $1 and state = 'issued'", key)
    if changed == "UPDATE 0":
        await documents.load(pool, key)
