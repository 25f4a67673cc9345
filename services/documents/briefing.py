"""A frozen weekly briefing, recomputed to verify it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.calendar import end_of, start_of
from rules.campaign.options.briefing import next_cutoff
from rules.campaign.ranking import FORMULA, reproduce
from schemas.errors import NotFound
from schemas.options.briefing import FrozenBriefing
from services.common.subjects import Subject
from services.common.text import local
from storage.briefings import read_briefings
from storage.connections import Pool


@dataclass(frozen=True)
class Briefing:
    """A frozen briefing. `reproduced`: whether its ranks follow from its measures.

    It is None if this release does not know the formula; it knows `known_formula`. `differing` are the keys of
    the units that differ.
    """

    subject: Subject
    frozen: FrozenBriefing
    reproduced: bool | None
    differing: Sequence[str] = ()
    known_formula: str = FORMULA


async def read_briefing(pool: Pool, subject: Subject, week: int | None = None) -> Briefing:
    """The briefing of a week, by default the last. NotFound lists the existing weeks."""
    briefings = {briefing.week: briefing for briefing in await read_briefings(pool, subject.campaign_id)}
    if not briefings:
        raise NotFound(_none_yet(subject))
    frozen = briefings.get(max(briefings) if week is None else week)
    if frozen is None:
        weeks = ", ".join(map(str, sorted(briefings)))
        raise NotFound(f"campaign {subject.campaign_id} has no briefing of week {week}. Its weeks: {weeks}")
    if frozen.formula != FORMULA:
        return Briefing(subject, frozen, None)
    again = reproduce(frozen)
    pairs = [(again.cities, frozen.cities)]
    pairs += [(ours.units, theirs.units) for ours, theirs in zip(again.below, frozen.below, strict=True)]
    differing = [ours.key for level in pairs for ours, theirs in zip(*level, strict=True) if ours != theirs]
    return Briefing(subject, frozen, again == frozen, differing)


def _none_yet(subject: Subject) -> str:
    plan, calendar = subject.frozen.plan, subject.frozen.calendar
    message = f"campaign {subject.campaign_id}: no weekly briefing was taken yet"
    if plan.briefing is None:
        return f"{message}; its plan has no `briefing`"
    ends_at = end_of(calendar, plan.ends_on)
    after = max(subject.now, start_of(calendar, plan.starts_on))
    coming = next_cutoff(calendar, plan.briefing, plan.starts_on, after, ends_at)
    return message if coming is None else f"{message}; the next is week {coming[0]}, {local(coming[1], subject.zone)}"
