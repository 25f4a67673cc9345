"""A weekly briefing, with the result of its recomputation."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from schemas.options.briefing import Measures, RankedUnit
from services.common.text import counted, local
from services.documents.briefing import Briefing

_MEASURES = ("sites", "closed", "overdue", "work", "done", "relapsed", "returned")
_NEW = tuple(f"new {name}" for name in ("sites", "closed", "overdue"))


def briefing_page(found: Briefing) -> Page:
    """The frozen briefing, and whether it was reproduced."""
    data = {"campaign_id": found.subject.campaign_id, **found.frozen.model_dump(mode="json")}
    return Page({**data, "reproduced": found.reproduced}, _shown(found))


def _shown(found: Briefing) -> RenderableType:
    subject, frozen, zone = found.subject, found.frozen, found.subject.zone
    leading = frozen.leading
    bottom = [f"{unit.key} {unit.name}" for unit in leading.units if unit.key in leading.bottom]
    all_of_them = ("all", *[None] * 3, *_counts(frozen.total_baseline), *_new(frozen.total_newly_found))
    return Group(
        Text(f"{subject.campaign_id}  week {frozen.week}", style="bold"),
        facts(
            [
                ("cut-off", local(frozen.cutoff, zone)),
                ("as of", local(frozen.as_of, zone)),
                ("formula", f"{frozen.formula}, base {counted(frozen.base, 'site')}"),
                ("weights", ", ".join(f"{name} {weight:g}" for name, weight in frozen.weights)),
            ]
        ),
        Text(),
        _ranking("city", frozen.cities, [all_of_them]),
        *(part for level in frozen.below for part in (Text(), _ranking(level.level, level.units))),
        *_suspensions(frozen.cities),
        Text(f"at the bottom: {', '.join(bottom) or 'nobody'} · newly found sites are counted, not ranked"),
        _proof(found),
    )


def _ranking(name: str, units: Iterable[RankedUnit], more: Iterable[tuple[object, ...]] = ()) -> RenderableType:
    """The units of one level; the rank is among all of them."""
    rows: list[tuple[object, ...]] = [
        (
            unit.key,
            unit.name,
            unit.rank,
            unit.score or ("nothing done yet" if unit.nothing_done else None),
            *_counts(unit.baseline),
            *_new(unit.newly_found),
        )
        for unit in units
    ]
    heads = ("code", name, "rank", "score", *_MEASURES, *_NEW)
    return table(heads, [*rows, *more], right=["rank", "score", *_MEASURES, *_NEW])


def _suspensions(cities: Iterable[RankedUnit]) -> Iterable[Text]:
    """A line for each city of which sites were suspended."""
    for city in cities:
        if (sums := city.suspensions) is not None:
            yield Text(
                f"suspended in {city.name}: {counted(sums.sites_by_city, 'site')} by the city itself "
                f"({sums.days_by_city:g} days), {counted(sums.sites_by_province, 'site')} by the province "
                f"({sums.days_by_province:g} days)"
            )


def _proof(found: Briefing) -> Text:
    if found.reproduced is None:
        return Text(f"not worked out again: this release knows the formula {found.known_formula} only", style="bold")
    if found.reproduced:
        return Text("worked out again from the frozen measures: every score and rank follows from them")
    what = f"differing: {', '.join(found.differing)}" if found.differing else "the totals or the bottom differ"
    return Text(f"worked out again from the frozen measures: it does NOT follow from them; {what}", style="bold red")


def _counts(one: Measures) -> Iterable[str]:
    work, done = one.requirements + one.problems, one.requirements_done + one.problems_closed
    return (f"{number:,}" for number in (one.sites, one.closed, one.overdue, work, done, one.relapsed, one.returned))


def _new(measures: Measures) -> Iterable[str]:
    return (f"{number:,}" for number in (measures.sites, measures.closed, measures.overdue))
