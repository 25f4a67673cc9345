"""Notices: gathering them into documents at a dispatch, and what documents say of their sites."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from schemas.documents.delivery import NoticeLine
from schemas.documents.document import Lot
from schemas.ledger import DocumentDraft
from schemas.options.patrol import LookBackDue
from schemas.register import Proposal, Standing
from schemas.work import MissedUpdate
from storage.connections import Pool, query


async def read_notice_lines(pool: Pool, campaign_id: str, draft: DocumentDraft) -> tuple[NoticeLine, ...]:
    """One line per notice that the document answers, by county and site; empty if it answers none."""
    rows = await pool.fetch(
        query("notices/lines"),
        campaign_id, draft.key, draft.city, draft.kind, draft.rung, draft.issued_at, list(draft.sites),
    )  # fmt: skip
    return tuple(
        NoticeLine(
            site_id=row["site_id"] or "",
            name=row["name"] or "",
            county=row["county"] or "",
            data=json.loads(row["data"]),
        )
        for row in rows
    )


async def gather(
    pool: Pool, campaign_id: str, city: str, dispatch_at: datetime, key_of: Callable[[str, int], str]
) -> list[Lot]:
    """Assigns the city's waiting notices with `at <= dispatch_at` to the documents `key_of(kind, rung)` names.

    Returns the lots of those documents, by kind and rung, their site ids sorted, and those that an earlier dispatch
    gathered for documents that were never issued (its city workflow was lost). Each notice goes to one document
    once, however many callers there are; a repeated call for the same dispatch returns the same lots, and a notice
    that was recorded meanwhile waits for the next dispatch.
    """
    async with pool.acquire() as connection, connection.transaction():
        # One dispatch of a city at a time: the second sees what the first has gathered.
        await connection.execute(query("cities/lock"), campaign_id, city)
        groups = [tuple(row) for row in await connection.fetch(query("notices/kinds"), campaign_id, city)]
        keys = [key_of(kind, rung) for kind, rung in groups]
        kinds, rungs = [kind for kind, _ in groups], [rung for _, rung in groups]
        await connection.execute(query("notices/gather"), campaign_id, city, dispatch_at, kinds, rungs, keys)
        rows = await connection.fetch(query("notices/lots"), campaign_id, keys, city)
    return [
        Lot(
            kind=row["kind"],
            rung=row["rung"],
            sites=tuple(sorted(row["sites"])),
            key=row["key"],
            data=json.loads(row["data"]) if row["data"] is not None else {},
        )
        for row in rows
    ]


async def look_backs(pool: Pool, campaign_id: str, keys: Sequence[str]) -> tuple[LookBackDue, ...]:
    """What is inspected again of the sites whose closure these documents (by key) announce, by site and due."""
    rows = await pool.fetch(query("notices/look_backs"), campaign_id, list(keys))
    return tuple(
        LookBackDue(site_id=row["site_id"], requirement=one["requirement"], due=one["due"])
        for row in rows
        for one in json.loads(row["look_backs"])
    )


async def standings(pool: Pool, keys: Sequence[str]) -> dict[str, tuple[int, list[Standing]]]:
    """Draft key to its rung and to the current state of the sites that it lists."""
    found: dict[str, tuple[int, list[Standing]]] = {}
    for row in await pool.fetch(query("notices/draft_standings"), list(keys)):
        _, listed = found.setdefault(row["key"], (row["draft_rung"], []))
        if row["site_id"] is not None:
            listed.append(Standing(**{name: row[name] for name in Standing._fields}))
    return found


async def standings_of(pool: Pool, campaign_id: str, sites: Sequence[str]) -> list[Standing]:
    """The current state of these sites, by site id."""
    rows = await pool.fetch(query("register/standings"), campaign_id, list(sites))
    return [Standing(**{name: row[name] for name in Standing._fields}) for row in rows]


async def still_open(pool: Pool, keys: Sequence[str]) -> dict[str, int]:
    """Document key to the number of its sites that are not closed."""
    return {row["key"]: row["open"] for row in await pool.fetch(query("notices/open_sites"), list(keys))}


async def proposals_of(pool: Pool, campaign_id: str, key: str, sites: Sequence[str]) -> list[Proposal]:
    """The proposals that a document decides for its sites (for some of them, if any are named), by site id."""
    rows = await pool.fetch(query("notices/proposals"), key, campaign_id, list(sites))
    return [Proposal(row["site_id"], row["round"], row["proposal"]) for row in rows]


async def unheard_news(pool: Pool, campaign_id: str, city: str, dated_before: datetime) -> list[MissedUpdate]:
    """The open sites of a city that wait on a rung whose document is decided: they missed the update.

    `dated_before` leaves out recent documents, whose updates may still be under way.
    """
    rows = await pool.fetch(query("notices/missed_updates"), campaign_id, city, dated_before)
    return [MissedUpdate.model_validate(dict(row)) for row in rows]
