"""A weekly briefing, with the result of its recomputation."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from schemas.options.briefing import Measures, RankedCity
from services.common.text import counted, local
from services.documents.briefing import Briefing

_MEASURES = ("sites", "closed", "overdue", "tasks", "tasks done")
_NEW = tuple(f"new {name}" for name in ("sites", "closed", "overdue"))


def briefing_page(found: Briefing) -> Page:
    """The frozen briefing, and whether it was reproduced."""
    data = {"campaign_id": found.subject.campaign_id, **found.frozen.model_dump(mode="json")}
    return Page({**data, "reproduced": found.reproduced}, _shown(found))


def _shown(found: Briefing) -> RenderableType:
    subject, frozen, zone = found.subject, found.frozen, found.subject.zone
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
        *_suspensions(frozen.cities),
        Text(f"at the bottom: {', '.join(bottom) or 'nobody'} · newly found sites are counted, not ranked"),
        _proof(found),
    )


def _suspensions(cities: Iterable[RankedCity]) -> Iterable[Text]:
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


def _counts(measures: Measures) -> Iterable[str]:
    of = (measures.sites, measures.closed, measures.overdue, measures.requirements, measures.requirements_done)
    return (f"{number:,}" for number in of)


def _new(measures: Measures) -> Iterable[str]:
    return (f"{number:,}" for number in (measures.sites, measures.closed, measures.overdue))
