"""Documents with their ways out, as the recording transaction leaves them."""

from schemas.canonical import canonical_json
from schemas.documents.document import Document
from storage.connections import Pool
from tests.support.document_samples import keep


async def plan(pool: Pool, issued: Document, *channels: str) -> Document:
    """Puts an issued document and a waiting delivery for each channel into their tables."""
    await keep(pool, issued)
    await pool.executemany(
        "insert into delivery (document_key, channel, recipients) values ($1, $2, $3)",
        [
            (issued.key, channel, canonical_json([one.model_dump(mode="json") for one in issued.recipients]))
            for channel in channels
        ],
    )
    return issued
