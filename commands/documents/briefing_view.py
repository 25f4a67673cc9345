"""A weekly briefing as it was frozen, worked out again on the spot."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from rules.calendar import end_of, start_of
from rules.campaign.options.briefing import next_cutoff
from rules.campaign.ranking import FORMULA, reproduce
from schemas.briefing import FrozenBriefing, Measures
from schemas.errors import NotFound
from services.common.subjects import Subject
from services.common.text import counted, local
from storage.briefings import read_briefings
from storage.connections import Pool

_MEASURES = ("sites", "closed", "overdue", "tasks", "tasks done")
_NEW = tuple(f"new {name}" for name in ("sites", "closed", "overdue"))


async def briefing_page(pool: Pool, subject: Subject, week: int | None = None) -> Page:
    """The briefing of a week, by default the last; the JSON is the frozen one, and `reproduced` beside it.

    `reproduced` says whether the ranks follow from the measures; it is None where this release does not know the
    formula. NotFound lists the weeks that there are.
    """
    briefings = {briefing.week: briefing for briefing in await read_briefings(pool, subject.campaign_id)}
    if not briefings:
        raise NotFound(_none_yet(subject))
    frozen = briefings.get(max(briefings) if week is None else week)
    if frozen is None:
        weeks = ", ".join(map(str, sorted(briefings)))
        raise NotFound(f"campaign {subject.campaign_id} has no briefing of week {week}. Its weeks: {weeks}")
    reproduced = reproduce(frozen) == frozen if frozen.formula == FORMULA else None
    data = {"campaign_id": subject.campaign_id, **frozen.model_dump(mode="json"), "reproduced": reproduced}
    return Page(data, _shown(subject, frozen, reproduced))


def _shown(subject: Subject, frozen: FrozenBriefing, reproduced: bool | None) -> RenderableType:
    zone = subject.zone
    weights = frozen.weights
    bottom = [f"{city.code} {city.name}" for city in frozen.cities if city.code in frozen.bottom]
    rows: list[tuple[object, ...]] = [
        (city.code, city.name, city.rank, city.score, *_counts(city.baseline), *_new(city.newly_found))
        for city in frozen.cities
    ]
    rows.append(("all", None, None, None, *_counts(frozen.total_baseline), *_new(frozen.total_newly_found)))
    return Group(
        Text(f"{subject.campaign_id}  week {frozen.week}", style="bold"),
        facts(
            [
                ("cut-off", local(frozen.cutoff, zone)),
                ("as of", local(frozen.as_of, zone)),
                ("formula", f"{frozen.formula}, base {counted(frozen.base, 'site')}"),
                (
                    "weights",
                    f"closure {weights.closure:g}, punctuality {weights.punctuality:g}, work {weights.work:g}",
                ),
            ]
        ),
        Text(),
        table(
            ("code", "city", "rank", "score", *_MEASURES, *_NEW),
            rows,
            right=["rank", "score", *_MEASURES, *_NEW],
        ),
        Text(f"at the bottom: {', '.join(bottom) or 'nobody'} · newly found sites are counted, not ranked"),
        _proof(frozen, reproduced),
    )


def _proof(frozen: FrozenBriefing, reproduced: bool | None) -> Text:
    if reproduced is None:
        return Text(f"not worked out again: this release knows the formula {FORMULA} only", style="bold")
    if reproduced:
        return Text("worked out again from the frozen measures: every score and rank follows from them")
    differing = [
        ours.code for ours, theirs in zip(reproduce(frozen).cities, frozen.cities, strict=True) if ours != theirs
    ]
    what = f"differing: {', '.join(differing)}" if differing else "the totals or the bottom differ"
    return Text(f"worked out again from the frozen measures: it does NOT follow from them; {what}", style="bold red")


def _none_yet(subject: Subject) -> str:
    plan, calendar = subject.frozen.plan, subject.frozen.calendar
    said = f"campaign {subject.campaign_id}: no weekly briefing was taken yet"
    if plan.briefing is None:
        return f"{said}; its plan has no `briefing`"
    ends_at = end_of(calendar, plan.ends_on)
    after = max(subject.now, start_of(calendar, plan.starts_on))
    coming = next_cutoff(calendar, plan.briefing, plan.starts_on, after, ends_at)
    return said if coming is None else f"{said}; the next is week {coming[0]}, {local(coming[1], subject.zone)}"


def _counts(measures: Measures) -> Iterable[str]:
    of = (measures.sites, measures.closed, measures.overdue, measures.requirements, measures.requirements_done)
    return (f"{number:,}" for number in of)


def _new(measures: Measures) -> Iterable[str]:
    return (f"{number:,}" for number in (measures.sites, measures.closed, measures.overdue))
