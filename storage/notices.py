"""Notices that wait for their city's dispatch hour, and the lines of the documents that answer them."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from schemas.documents.delivery import NoticeLine
from schemas.documents.document import Lot
from schemas.ledger import DocumentDraft
from schemas.options.patrol import LookBackDue
from schemas.register import Proposal, Standing
from schemas.work import MissedUpdate
from storage.connections import Pool
from storage.queries import query


async def read_notice_lines(pool: Pool, campaign_id: str, draft: DocumentDraft) -> tuple[NoticeLine, ...]:
    """One line per notice that the document answers, by county and site; empty if it answers none."""
    rows = await pool.fetch(
        query("notice_lines"),
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
    gathered for documents that were never issued (its desk was lost in between). Each notice goes to one document
    once, however many gather at a time; running it again for the same dispatch returns the same lots, and a notice
    that was recorded meanwhile waits for the next dispatch.
    """
    async with pool.acquire() as connection, connection.transaction():
        # One at a time in a city: the second sees what the first has gathered.
        await connection.execute(query("city_lock"), campaign_id, city)
        groups = [tuple(row) for row in await connection.fetch(query("notice_kinds"), campaign_id, city)]
        keys = [key_of(kind, rung) for kind, rung in groups]
        kinds, rungs = [kind for kind, _ in groups], [rung for _, rung in groups]
        await connection.execute(query("notice_gather"), campaign_id, city, dispatch_at, kinds, rungs, keys)
        rows = await connection.fetch(query("notice_lots"), campaign_id, keys, city)
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
    """What is inspected again of the sites that these documents (by key) list as struck off, by site and due."""
    rows = await pool.fetch(query("notice_look_backs"), campaign_id, list(keys))
    return tuple(
        LookBackDue(site_id=row["site_id"], requirement=one["requirement"], due=one["due"])
        for row in rows
        for one in json.loads(row["look_backs"])
    )


async def standings(pool: Pool, keys: Sequence[str]) -> dict[str, tuple[int, list[Standing]]]:
    """Of each draft (by key) its rung, and how the sites that it lists stand now."""
    found: dict[str, tuple[int, list[Standing]]] = {}
    for row in await pool.fetch(query("draft_standings"), list(keys)):
        _, listed = found.setdefault(row["key"], (row["draft_rung"], []))
        if row["site_id"] is not None:
            listed.append(Standing(**{name: row[name] for name in Standing._fields}))
    return found


async def standings_of(pool: Pool, campaign_id: str, sites: Sequence[str]) -> list[Standing]:
    """How these sites stand now, by site id."""
    rows = await pool.fetch(query("site_standings"), campaign_id, list(sites))
    return [Standing(**{name: row[name] for name in Standing._fields}) for row in rows]


async def still_open(pool: Pool, keys: Sequence[str]) -> dict[str, int]:
    """Of each document (by key) how many of the sites that it lists are not struck off."""
    return {row["key"]: row["open"] for row in await pool.fetch(query("listing_open"), list(keys))}


async def proposals_of(pool: Pool, campaign_id: str, key: str, sites: Sequence[str]) -> list[Proposal]:
    """What a document proposed or issued for its sites (some of them, if any are named), by site id."""
    rows = await pool.fetch(query("notice_proposals"), key, campaign_id, list(sites))
    return [Proposal(row["site_id"], row["round"], row["proposal"]) for row in rows]


async def unheard_news(pool: Pool, campaign_id: str, city: str, dated_before: datetime) -> list[MissedUpdate]:
    """The open sites of a city that wait on a rung whose document is decided: their news did not reach them.

    News of documents that are dated later may still be on its way.
    """
    rows = await pool.fetch(query("site_unheard"), campaign_id, city, dated_before)
    return [MissedUpdate.model_validate(dict(row)) for row in rows]
