"""A draft that was approved lists the sites that it still concerns when it goes out, and no others."""

import json
from collections.abc import Iterator
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from schemas.clock import Clock
from schemas.ledger import LedgerEntry, SiteRow
from schemas.streams import site_stream
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from tests.support.budget import examples
from tests.support.short_campaign import short_plan, short_register

FROZEN = short_plan()
SITES = {site.id: site for site in short_register()}
TOLD = {"rung_issued", "rung_withdrawn"}
"""What a site hears because the document went out: it comes after."""


@given(seed=st.integers(0, 2**32), temperament=st.sampled_from([Temperament.TYPICAL, Temperament.SLACK]))
@settings(max_examples=examples(30), deadline=None)
def test_approved_draft_lists_exactly_overdue_sites_of_its_rung(seed: int, temperament: Temperament) -> None:
    found = forecast(FROZEN, list(SITES.values()), temperament, seed, keep_ledger=True)
    for at, rung, drafted, listed in went_out(found):
        for site in drafted:
            row = standing(found, site, at)
            overdue = row.due_at is not None and row.due_at < at and not row.suspended
            concerned = row.stage == "rectifying" and row.rung == rung and overdue
            assert (site in listed) == concerned, (site, rung, at, row)


def went_out(found: Forecast) -> Iterator[tuple[datetime, int, set[str], set[str]]]:
    """Of each issued or emptied draft of a rung the instant, the rung, and the sites of the draft and of its issue.

    A site that was proposed again is in its newer draft only.
    """
    for city in FROZEN.plan.cities:
        drafts: dict[str, tuple[str, int, set[str]]] = {}
        approved: set[str] = set()
        for entry in found.ledger[f"city/{FROZEN.plan.id}/{city.code}"]:
            data = json.loads(entry.data)
            if entry.kind == "document_drafted" and data["rung"]:
                for document, rung, sites in drafts.values():
                    if (document, rung) == (data["document"], data["rung"]):
                        sites -= set(data["sites"])
                drafts[data["key"]] = data["document"], data["rung"], set(data["sites"])
            elif entry.kind == "document_approved":
                approved.add(data["key"])
            elif entry.kind == "document_issued" and data["key"] in drafts:
                _, rung, sites = drafts.pop(data["key"])
                yield entry.at, rung, sites, set(data["sites"])
            elif entry.kind in ("document_withdrawn", "document_rejected") and data["key"] in drafts:
                _, rung, sites = drafts.pop(data["key"])
                if data["key"] in approved and data["reason"] == "none_overdue":
                    yield entry.at, rung, sites, set()


def standing(found: Forecast, site: str, at: datetime) -> SiteRow:
    """A site's row as its ledger tells it, as of a dispatch and before it heard of what went out."""
    entries = found.ledger[site_stream(FROZEN.plan.id, site)]
    opened = next(entry.at for entry in entries if entry.kind == "opened")
    case = SiteAggregate(site_terms(FROZEN, SITES[site], opened, Clock()))
    before: list[LedgerEntry] = []
    for entry in entries:
        if entry.received_at > at or (entry.received_at == at and entry.kind in TOLD):
            break
        before.append(entry)
    case.restore(before)
    return case.row()
