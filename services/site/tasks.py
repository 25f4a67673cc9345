"""A site with the progress of its requirements, restored from its ledger by the rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.site.aggregate import SiteAggregate
from rules.site.work import in_force
from rules.terms.plan import site_terms
from schemas.base import StoredModel
from schemas.clock import Clock
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.status import SiteStatus
from services.common.subjects import Subject
from storage.connections import Pool
from storage.ledger import read_stream
from storage.status import site_status


class Task(StoredModel):
    """One requirement of a site; quantities are in `unit`, `evidence_missing` are phases without a reference."""

    id: str
    title: str
    unit: str
    quantity: float
    done: float
    left: float
    evidence_missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """The kinds of the site's problems that it serves."""


@dataclass(frozen=True)
class SiteState:
    """A site with its tasks."""

    subject: Subject
    status: SiteStatus
    tasks: Sequence[Task]


async def read_site(pool: Pool, subject: Subject) -> SiteState:
    """One site, as of campaign time now."""
    assert subject.site is not None
    status = await site_status(pool, subject.campaign_id, subject.site, subject.now)
    return SiteState(subject, status, await site_tasks(pool, subject.frozen, status, subject.campaign.clock))


async def site_tasks(pool: Pool, frozen: FrozenPlan, status: SiteStatus, clock: Clock) -> list[Task]:
    """The tasks of a site, in the order of the plan's catalogue."""
    aggregate = SiteAggregate(site_terms(frozen, Site.model_validate(status.site), status.opened_at, clock))
    aggregate.restore(await read_stream(pool, aggregate.stream))
    titles = {entry.id: entry.title for entry in frozen.plan.catalogue}
    left, done, evidence = aggregate.outstanding(), aggregate.state.done, aggregate.state.evidence
    return [
        Task(
            id=r.id,
            title=titles.get(r.id.partition(":")[0], r.id),
            unit=r.unit,
            quantity=r.quantity,
            done=done.get(r.id, 0.0),
            left=left.get(r.id, 0.0),
            evidence_missing=tuple(phase for phase in r.evidence if phase not in evidence.get(r.id, ())),
            problems=r.problems,
        )
        for r in in_force(aggregate.terms, aggregate.state)
    ]
