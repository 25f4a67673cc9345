"""What a simulated campaign came to, from its register and final rows: the sums that the engine reads in Postgres."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from schemas.facts import SiteFacts
from schemas.ledger import DocumentDraft, SiteRow
from schemas.modes import MU_PER_HA
from schemas.plan import Plan
from schemas.register import Site
from simulation.outcome.load import LoadCounter
from simulation.outcome.sections import Outcome, Signatures
from storage.modes import mode_sums_of
from storage.progress import progress_of


def outcome_of(
    plan: Plan,
    sites: Iterable[Site],
    rows: Mapping[str, SiteRow],
    documents: Iterable[DocumentDraft],
    loads: LoadCounter,
) -> Outcome:
    """The outcome of a forecast; `sites` are those of the register and of its surveys, `rows` by site id."""
    known = [(site, rows.get(site.id)) for site in sites]
    return Outcome(
        plan=plan,
        progress=progress_of(plan, _progress(known), ()),
        modes=mode_sums_of(_modes(known))[0] if plan.modes is not None else None,
        signatures=_signatures(known),
        documents=tuple(documents),
        offices=loads.offices(),
    )


Known = Iterable[tuple[Site, SiteRow | None]]


def _progress(known: Known) -> Iterable[dict[str, Any]]:
    """As `status/progress.sql`."""
    places: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for site, row in known:
        county = (row.county if row is not None else None) or site.county
        place = site.city, county, site.township
        one = places.setdefault(
            place,
            {
                "city": site.city, "county": county, "township": site.township, "sites": 0, "closed": 0,
                "registered_ha": Decimal(), "closed_ha": Decimal(), "newly_found": 0, "missed": 0,
            },
        )  # fmt: skip
        area, closed = site.area_ha or Decimal(), row is not None and row.stage == "closed"
        one["sites"] += 1
        one["registered_ha"] += area
        one["newly_found"] += site.newly_found
        one["missed"] += site.missed
        if closed:
            one["closed"] += 1
            one["closed_ha"] += area
    return places.values()


def _modes(known: Known) -> Iterator[dict[str, Any]]:
    """As `modes/sums.sql`, site by site."""
    for site, row in known:
        facts = (row.facts if row is not None else None) or SiteFacts()
        modes = {
            "restoration": facts.restoration_mode or site.restoration_mode or "",
            "funding": facts.funding_mode or site.funding_mode or "",
        }
        mu = site.planned_mu if site.planned_mu is not None else (site.planned_ha or Decimal()) * MU_PER_HA
        nothing = {"sites": 0, "closed": 0, "planned_cny": Decimal(), "planned_mu": Decimal()}
        planned = {
            "sites": 1, "closed": int(row is not None and row.stage == "closed"),
            "planned_cny": site.planned_cny or Decimal(), "planned_mu": mu,
        }  # fmt: skip
        for axis, mode in modes.items():
            realised = {"realised_cny": Decimal(), "realised_mu": Decimal()}
            yield {"city": site.city, "axis": axis, "mode": str(mode), **planned, **realised}
        for account, amount in facts.realised.items():
            funding, _, unit = account.partition(":")
            booked = {"realised_cny": amount if unit == "cny" else Decimal()}
            booked |= {"realised_mu": amount if unit == "mu" else Decimal()}
            for axis, mode in (("restoration", modes["restoration"]), ("funding", funding)):
                yield {"city": site.city, "axis": axis, "mode": str(mode), **nothing, **booked}


def _signatures(known: Known) -> dict[str, Signatures]:
    """As `status/signatures.sql`."""
    found: dict[str, Signatures] = {}
    for site, row in known:
        signed = row.facts.signatures if row is not None and row.facts is not None else {}
        if signed:
            before = found.get(site.city, Signatures(0, 0))
            given = sum(at is not None for at in signed.values())
            found[site.city] = Signatures(before.asked + len(signed), before.given + given)
    return found
