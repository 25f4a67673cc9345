"""A site rebuilt from its ledger; it is both restarted and reopened from it."""

from collections.abc import Sequence
from datetime import datetime

from rules.amendments.plan import in_force_at
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from schemas.clock import Clock
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.streams import site_stream
from storage.connections import Pool
from storage.ledger import read_stream


async def restored_site(
    pool: Pool, versions: Sequence[FrozenPlan], site: Site, opened_at: datetime | None, clock: Clock
) -> SiteAggregate:
    """The site under the plan it has applied; the daily reconciliation sends it the amendments that it missed.

    `versions` are the plan and its amendments, oldest first. Without entries the site is a new one under the newest
    plan; `opened_at` is used if the ledger has no opening.
    """
    entries = await read_stream(pool, site_stream(versions[-1].plan.id, site.id))
    if entries and entries[0].kind == "opened":
        opened_at = entries[0].at
    aggregate = SiteAggregate(site_terms(versions[-1], site, opened_at, clock))
    aggregate.restore(entries)
    if not entries:
        return aggregate
    known = in_force_at(versions, aggregate.state.amendment)
    return SiteAggregate(site_terms(known, site, opened_at, clock), aggregate.state)
