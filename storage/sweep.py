"""Patches and clues of the two-way sweep: what was issued, and how it was settled as the ledger has it."""

import json
from collections.abc import Sequence
from datetime import datetime

from schemas.canonical import canonical_json
from schemas.errors import Refused
from schemas.options.sweep import ListedPatch, Outcome, Patch, patches_digest
from storage.connections import Pool, query


async def add_patches(pool: Pool, campaign_id: str, patches: Sequence[Patch], actor: str, at: datetime) -> None:
    """Writes a batch, or a clue; the same again changes nothing.

    Raises Refused if the batch stands with another content, or if an id is taken by another one.
    """
    batch, rows = patches[0].batch, canonical_json([one.model_dump(mode="json") for one in patches])
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(query("sweep/insert"), campaign_id, rows, at, actor)
        found = await connection.fetch(
            query("sweep/standing"), campaign_id, [one.id for one in patches], None if patches[0].clue else batch
        )
        standing = [Patch.model_validate(dict(row)) for row in found]
        if patches_digest(standing) != patches_digest(patches):
            given = {one.id: one for one in patches}
            other = sorted(one.id for one in standing if given.get(one.id) != one)
            raise Refused(
                f"{', '.join(other[:5])}: stands in campaign {campaign_id} with another content, or not in this file; "
                "give another batch, patch or clue its own id"
            )


async def list_patches(pool: Pool, campaign_id: str, patch: str | None = None) -> list[ListedPatch]:
    """The patches and clues of a campaign, or one of them."""
    listed = []
    for row in await pool.fetch(query("sweep/list"), campaign_id, patch):
        fields = {name: row[name] for name in Patch.model_fields}
        data = json.loads(row["settled_as"]) if row["settled_as"] is not None else {}
        due = None if row["due"] is None else datetime.fromisoformat(row["due"])
        outcome = None
        if row["settled"] is not None:
            found = Outcome.KNOWN if data.get("known") else Outcome.CONFIRMED
            outcome = Outcome.REFUTED if row["settled"] == "patch_refuted" else found
        said = data.get("site") or data.get("reason")
        listed.append(ListedPatch(Patch.model_validate(fields), due, outcome, row["settled_at"], said))
    return listed
