"""Notices: assigns them to documents at a dispatch, and reads the lines and sites of documents."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from schemas.documents.delivery import NoticeLine
from schemas.documents.document import Lot, key_to
from schemas.documents.high_hazard import OpenSite
from schemas.ledger import DocumentDraft
from schemas.options.patrol import LookBackDue
from schemas.register import Proposal, Standing
from schemas.work import MissedUpdate
from storage.connections import Pool, query


async def read_notice_lines(pool: Pool, campaign_id: str, draft: DocumentDraft) -> tuple[NoticeLine, ...]:
    """One line per notice of the document, by county and site; empty if it has none."""
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
    """Assigns the city's waiting notices with `at <= dispatch_at` to the documents that `key_of(kind, rung)`
    names, those of a lead county to its own ones.

    Returns the lots of these documents, by kind and rung, with sorted site ids, and the lots that an earlier dispatch
    assigned to documents that were never issued (its city workflow was lost). Concurrent callers assign each notice to
    one document once. A repeated call for the same dispatch returns the same lots; a notice that was recorded after
    the first call waits for the next dispatch.
    """
    async with pool.acquire() as connection, connection.transaction():
        # Locks the city, so that a second dispatch sees the notices that the first one assigned.
        await connection.execute(query("cities/lock"), campaign_id, city)
        groups = [tuple(row) for row in await connection.fetch(query("notices/kinds"), campaign_id, city)]
        keys = [key_to(key_of(kind, rung), county) for kind, rung, county in groups]
        kinds, rungs, counties = ([group[place] for group in groups] for place in range(3))
        await connection.execute(query("notices/gather"), campaign_id, city, dispatch_at, kinds, rungs, keys, counties)
        rows = await connection.fetch(query("notices/lots"), campaign_id, keys, city)
    return [
        Lot(
            kind=row["kind"],
            rung=row["rung"],
            sites=tuple(sorted(row["sites"])),
            key=row["key"],
            data=json.loads(row["data"]) if row["data"] is not None else {},
            county=row["county"],
        )
        for row in rows
    ]


async def look_backs(pool: Pool, campaign_id: str, keys: Sequence[str]) -> tuple[LookBackDue, ...]:
    """Inspections that are due again at the sites whose closure these documents (by key) announce, by site and due."""
    rows = await pool.fetch(query("notices/look_backs"), campaign_id, list(keys))
    return tuple(
        LookBackDue.model_validate({"site_id": row["site_id"], **one})
        for row in rows
        for one in json.loads(row["look_backs"])
    )


async def high_hazard_sites(pool: Pool, campaign_id: str, city: str) -> list[OpenSite]:
    """The open sites of a city whose present hazard is high."""
    return [
        OpenSite(
            site=row["site_id"],
            name=row["name"],
            county=row["county"],
            stage=row["stage"],
            due=row["due_at"],
            suspended=row["suspended"],
            responsible=tuple(json.loads(row["responsible"] or "[]")),
            clauses=json.loads(row["clauses"] or "{}"),
        )
        for row in await pool.fetch(query("notices/high_hazard"), campaign_id, city)
    ]


async def standings(pool: Pool, keys: Sequence[str]) -> dict[str, tuple[int, list[Standing]]]:
    """Maps a draft's key to its rung and to the current state of the sites that it lists."""
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
    """Maps a document's key to the number of its sites that are not closed."""
    return {row["key"]: row["open"] for row in await pool.fetch(query("notices/open_sites"), list(keys))}


async def proposals_of(pool: Pool, campaign_id: str, key: str, sites: Sequence[str]) -> list[Proposal]:
    """The proposals that a document decides for its sites (for some of them, if any are named), by site id."""
    rows = await pool.fetch(query("notices/proposals"), key, campaign_id, list(sites))
    return [Proposal(row["site_id"], row["round"], row["proposal"]) for row in rows]


async def missed_updates(pool: Pool, campaign_id: str, city: str, dated_before: datetime) -> list[MissedUpdate]:
    """The open sites of a city that wait on a rung although its document is decided: they missed the update.

    Only documents from before `dated_before` count, because updates of later ones may still be in progress.
    """
    rows = await pool.fetch(query("notices/missed_updates"), campaign_id, city, dated_before)
    return [MissedUpdate.model_validate(dict(row)) for row in rows]
