"""The document numbers of campaigns and programmes: one number may be typed with brackets of several kinds."""

from typing import Literal

from schemas.identity import same_number
from storage.connections import Borrowed, query


async def recorded_spellings(connection: Borrowed, of: Literal["campaign", "programme"], number: str) -> list[str]:
    """The recorded numbers that are this one as `same_number` reads it; no other is written until the commit.

    The column is unique by its text only, so that starts at once must wait for each other.
    """
    await connection.fetchval(query("campaigns/lock_numbers"))
    rows = await connection.fetch(query("campaigns/numbers") if of == "campaign" else query("programmes/numbers"))
    return [row["document_number"] for row in rows if same_number(row["document_number"], number)]
