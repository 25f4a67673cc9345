"""A site as rows of the offline files, after any entry of its ledger."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from intake.offline_file import join_names
from rules.previews.offline_merge import corrected
from rules.site.aggregate import SiteAggregate
from rules.site.variations import grade_in_force
from rules.site.work import in_force
from rules.terms.plan import site_terms
from schemas.clock import Clock
from schemas.ledger import LedgerEntry
from schemas.plan import FrozenPlan
from schemas.register import Site
from services.common.text import deadline


def site_at(
    frozen: FrozenPlan,
    site: Site,
    opened_at: datetime | None,
    entries: Sequence[LedgerEntry],
    version: int | None = None,
) -> SiteAggregate:
    """The site after the entry `version` (by default the last), restored from its ledger."""
    aggregate = SiteAggregate(site_terms(frozen, site, opened_at, Clock()))
    aggregate.restore(entry for entry in entries if version is None or entry.seq <= version)
    return aggregate


def register_row(frozen: FrozenPlan, site: Site, aggregate: SiteAggregate) -> list[Any]:
    """The cells of `intake.offline_file.REGISTER_HEADERS`."""
    record, state, row = corrected(site, aggregate.state), aggregate.state, aggregate.row()
    return [
        site.id, record["name"], site.city, site.county, record["township"], record["latitude"], record["longitude"],
        site.type, record["mineral"], record["area_ha"], site.depth_m, site.distance_m, _hazard(site, aggregate),
        join_names(record["responsible"]), record["enterprise"], row.stage, state.round,
        state.level, state.rung, row.suspended, deadline(row.due_at, frozen.plan.zone), row.requirements,
        row.requirements_done, state.seq,
    ]  # fmt: skip


def _hazard(site: Site, aggregate: SiteAggregate) -> str:
    grade = grade_in_force(aggregate.terms, aggregate.state)
    return (grade.hazard if grade is not None else site.hazard).value


def task_rows(frozen: FrozenPlan, site: Site, aggregate: SiteAggregate) -> Iterator[list[Any]]:
    """The cells of `intake.offline_file.TASK_HEADERS`, a row for each requirement of the site."""
    titles = {entry.id: entry.title for entry in frozen.plan.catalogue}
    state = aggregate.state
    for r in in_force(aggregate.terms, state):
        done = state.done.get(r.id, Decimal())
        on_file = "; ".join(state.evidence.get(r.id, ()))
        yield [site.id, r.id, titles.get(r.id, r.id), r.unit, r.quantity, done, on_file, None, None, None, state.seq]
