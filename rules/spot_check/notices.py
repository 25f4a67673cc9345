"""Notices of a spot check to the cities: passed sites, failed sites, and sites reopened with their batch.

Each reopened site itself sends notices of the requirements and the deadline. Sites that wait for an inspection are not
reported: the check is unannounced.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules.spot_check.state import Finding, SpotCheckState
from schemas.event import Event
from schemas.ledger import Notice
from schemas.spot_check import BatchReturned, SiteInspected, SpotCheckClosed, SpotCheckTerms

RESULT = "spot_check_result"


def notices_of(
    terms: SpotCheckTerms, state: SpotCheckState, event: Event, at: datetime, *, enlarges: bool
) -> Iterator[Notice]:
    """The notices of one applied event; `enlarges`: it causes an enlarged sample."""

    def notice(site: str, city: str, data: dict[str, Any]) -> Notice:
        key = f"{site}:{RESULT}:{terms.check}"
        content = {"check": terms.check, **data}
        return Notice(key=key, site_id=site, kind=RESULT, rung=0, at=at, data=content, city=city)

    match event:
        case SiteInspected() if not event.passed:
            data = {
                "outcome": "failed",
                "opinion": event.opinion,
                "failed_requirements": list(event.failed_requirements),
                "enlarged": enlarges,
            }
            yield notice(event.site, state.sampled[event.site].site.city, data)
        case BatchReturned():
            for site in event.sites:
                yield notice(site, event.cities[site], {"outcome": "returned", "enlarged": False})
        case SpotCheckClosed():
            for name, one in state.sampled.items():
                if one.finding is Finding.PASSED:
                    yield notice(name, one.site.city, {"outcome": "passed"})
        case _:
            pass
