"""A spot check, found by its id: its order in the campaign's ledger, and its aggregate."""

from dataclasses import dataclass

from rules.campaign.options.spot_checks import spot_check_terms
from rules.effects import StartSpotCheck
from rules.spot_check.aggregate import SpotCheckAggregate
from rules.terms.plan import campaign_terms
from schemas.errors import NotFound
from schemas.options.spot_checks import SpotCheckOrdered
from schemas.streams import spot_check_stream
from services.common.subjects import Subject, campaign_subject
from services.common.text import local
from storage.connections import Pool
from storage.ledger import read_stream


@dataclass(frozen=True)
class SpotCheckSubject(Subject):
    """An ordered check; `check` is restored from its ledger."""

    aggregate: SpotCheckAggregate | None = None

    @property
    def check(self) -> SpotCheckAggregate:
        """The aggregate, restored from the ledger."""
        assert self.aggregate is not None
        return self.aggregate

    @property
    def why_gone(self) -> str | None:
        closed_at = self.check.state.settled_at
        if closed_at is not None:
            return f"the spot check was closed on {local(closed_at, self.zone)}: every site of its sample is decided"
        return "its workflow does not run on this Temporal server; is it the server it was started on?"

    @property
    def stream(self) -> str:
        return spot_check_stream(self.campaign_id, self.check.terms.check)


@dataclass(frozen=True)
class Ordered:
    """The order of a check in the campaign's ledger; `by` is who ordered it, the engine for orders of the plan."""

    effect: StartSpotCheck
    by: str


async def ordered_checks(pool: Pool, subject: Subject) -> list[Ordered]:
    """Every check of a campaign that was ordered, oldest first."""
    found = []
    for entry in await read_stream(pool, subject.stream):
        if entry.kind == "spot_check_ordered":
            event = SpotCheckOrdered.model_validate_json(entry.data)
            found.append(Ordered(StartSpotCheck(entry.at, event.check, event.city, event.seed), entry.actor))
    return found


async def spot_check_subject(pool: Pool, campaign_id: str, check: str) -> SpotCheckSubject:
    """A spot check by its id; NotFound lists those that were ordered."""
    subject = await campaign_subject(pool, campaign_id)
    ordered = await ordered_checks(pool, subject)
    return await _of(pool, subject, ordered, check)


async def spot_check_subjects(pool: Pool, campaign_id: str) -> list[SpotCheckSubject]:
    """All spot checks of a campaign that were ordered, oldest first."""
    subject = await campaign_subject(pool, campaign_id)
    ordered = await ordered_checks(pool, subject)
    return [await _of(pool, subject, ordered, one.effect.check) for one in ordered]


async def _of(pool: Pool, subject: Subject, ordered: list[Ordered], check: str) -> SpotCheckSubject:
    effect = next((one.effect for one in ordered if one.effect.check == check), None)
    if effect is None:
        known = ", ".join(one.effect.check for one in ordered) or "none"
        raise NotFound(f"spot check {check}: not ordered in campaign {subject.campaign_id}. Ordered: {known}")
    terms = campaign_terms(subject.frozen, effect.at, subject.campaign.clock)
    aggregate = SpotCheckAggregate(spot_check_terms(terms, effect))
    aggregate.restore(await read_stream(pool, aggregate.stream))
    return SpotCheckSubject(subject.campaign, subject.frozen, aggregate.stream, effect.city, aggregate=aggregate)
