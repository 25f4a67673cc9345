"""The daily list of a city's open sites of high hazard, for the head of the city.

It is made at each dispatch hour, from the sites as they stand then, and needs no receipt; without such a site there is
none. Its lines stand in the document itself: its sites are not repeated in the ledger every day.
"""

from collections.abc import Iterable

from schemas.base import iso_utc
from schemas.documents.document import Lot
from schemas.documents.high_hazard import OpenSite

KIND = "high_hazard_list"


def daily_list(sites: Iterable[OpenSite], key: str) -> tuple[Lot, ...]:
    """The list as a lot of one dispatch, by deadline and site; empty if no site of high hazard is open."""
    dated = [one._asdict() | {"due": iso_utc(one.due) if one.due is not None else None} for one in sites]
    lines = sorted(dated, key=lambda line: (line["due"] is None, line["due"] or "", line["site"]))
    return (Lot(kind=KIND, rung=0, sites=(), key=key, data={"count": len(lines), "lines": lines}),) if lines else ()
