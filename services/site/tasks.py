"""A site with the progress of its requirements, restored from its ledger by the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.site.aggregate import SiteAggregate
from rules.site.work import in_force
from rules.terms.plan import site_terms
from schemas.base import StoredModel
from schemas.plan import FrozenPlan
from schemas.quantity import Sum
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
    quantity: Sum
    done: Sum
    left: Sum
    evidence_missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """The kinds of the site's problems that it serves."""


@dataclass(frozen=True)
class SiteState:
    """A site with its tasks, and the last refusals and warnings that its senders got."""

    subject: Subject
    status: SiteStatus
    tasks: Sequence[Task]
    refused: Sequence[dict[str, str]]
    warned: Sequence[dict[str, str]]


async def read_site(pool: Pool, subject: Subject) -> SiteState:
    """One site, as of campaign time now."""
    assert subject.site is not None
    status = await site_status(pool, subject.campaign_id, subject.site, subject.now)
    terms = site_terms(subject.frozen, Site.model_validate(status.site), status.opened_at, subject.campaign.clock)
    aggregate = SiteAggregate(terms)
    aggregate.restore(await read_stream(pool, aggregate.stream))
    tasks = tasks_of(subject.frozen, aggregate)
    return SiteState(subject, status, tasks, aggregate.state.refusals, aggregate.state.warned)


def tasks_of(frozen: FrozenPlan, aggregate: SiteAggregate) -> list[Task]:
    """The tasks of a site, in the order of the plan's catalogue."""
    titles = {entry.id: entry.title for entry in frozen.plan.catalogue}
    left, done, evidence = aggregate.outstanding(), aggregate.state.done, aggregate.state.evidence
    return [
        Task(
            id=r.id,
            title=titles.get(r.id.partition(":")[0], r.id),
            unit=r.unit,
            quantity=r.quantity,
            done=done.get(r.id, Decimal()),
            left=left.get(r.id, Decimal()),
            evidence_missing=tuple(phase for phase in r.evidence if phase not in evidence.get(r.id, ())),
            problems=r.problems,
        )
        for r in in_force(aggregate.terms, aggregate.state)
    ]
