"""The refused commands of a campaign: the entries `refused` of all its streams, counted and listed by one definition.

Status, report, board and the command `refused` read them here. A command that is answered with a refusal at once is
recorded nowhere: it changed nothing, and its sender was told.
"""

from datetime import datetime

from schemas.status import RefusedCommand
from storage.connections import Borrowed, Pool, query


async def count_refused(connection: Borrowed, campaign_id: str) -> int:
    """How many there are."""
    counted: int = await connection.fetchval(query("refusals/count"), campaign_id)
    return counted


async def list_refused(
    where: "Borrowed | Pool",
    campaign_id: str,
    *,
    city: str | None = None,
    site: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> tuple[RefusedCommand, ...]:
    """In the order of receipt: of one city with its sites and spot checks, of one site, from a moment on."""
    rows = await where.fetch(query("refusals/list"), campaign_id, city, site, since, limit)
    return tuple(RefusedCommand.model_validate(dict(row)) for row in rows)
