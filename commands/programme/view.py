"""Views of the programme commands: check, start, stop, and the list."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from rules.programme.places import differing, places_of, targets_of
from rules.programme.stock import amount_of, stocked
from rules.programme.years import planned_years
from rules.terms.plan import city_names, county_names, ends_at
from schemas.programme import Amount, FrozenProgramme
from schemas.programme_events import PlaceAmounts, ProgrammeEnded
from schemas.quantity import written
from schemas.register import Site
from services.common.text import amount, counted

if TYPE_CHECKING:
    from services.programme.surveys import HandedIn
    from storage.programmes import ProgrammeRecord


def checked_page(frozen: FrozenProgramme, stock: Sequence[Site], now: datetime) -> Page:
    """The years with the targets that follow from today's stock, which have passed, and the first year's split."""
    p = frozen.programme
    whole = amount_of(map(stocked, stock))
    planned = planned_years(frozen, stock)
    passed = [ends_at(year) <= now for year in frozen.years]
    taken = {one.site_id for one in planned[0].chosen}
    chosen = [site for site in stock if site.id in taken]
    places = places_of(p.years[0].targets or targets_of(chosen, county_names(frozen.years[0].plan)), chosen)
    data = {
        "programme_id": p.id,
        "stock": whole.model_dump(mode="json"),
        "measure": p.measure,
        "share": float(p.share),
        "years": [
            {
                "campaign": y.plan.id,
                "survey_due": str(own.survey.until) if own.survey else None,
                "starts_on": str(y.plan.starts_on),
                "ends_on": str(y.plan.ends_on),
                "stock": choice.stock.model_dump(mode="json"),
                "target": float(choice.target),
                "passed": over,
            }
            for y, own, choice, over in zip(frozen.years, p.years, planned, passed, strict=True)
        ],
        "first_year": [one.model_dump(mode="json", exclude={"closed"}) for one in places],
        "differences": [one.model_dump(mode="json", exclude={"closed"}) for one in differing(places)],
    }
    rows = [
        (
            y.plan.id, y.plan.document_number, own.survey.until if own.survey else None, y.plan.starts_on,
            y.plan.ends_on, amount(choice.target), "yes" if over else "no",
        )
        for y, own, choice, over in zip(frozen.years, p.years, planned, passed, strict=True)
    ]  # fmt: skip
    shown: list[RenderableType] = [
        head(frozen, whole),
        table(("campaign", "number", "survey due", "from", "to", f"target ({p.measure})", "passed"), rows),
        Text("targets: if every year treats what it takes, and no survey changes the stock"),
        places_table(frozen, places, closed=False),
        *differences(frozen, places),
    ]
    if passed[0]:
        shown.append(Text("its first year is over already: it can be foreseen (programme forecast), but not started"))
    return Page(data, Group(*shown))


def launched_page(frozen: FrozenProgramme, sites: int, outcome: str) -> Page:
    """The result of a start (runtime.programme_start.ProgrammeLaunch)."""
    p = frozen.programme
    why = {
        "started": "",
        "continued": " was started before and did not run any more; it goes on from its ledger",
        "unchanged": " was started before with this stock; nothing was done",
    }[outcome]
    data = {"programme_id": p.id, "outcome": outcome, "sites": sites}
    return Page(data, Text(f"{outcome}: {p.id}{why}\nnext: starter.py programme status {p.id}"))


def stopped_page(programme_id: str, command_id: str) -> Page:
    """That a stop was kept, and how to see what became of it."""
    look = f"starter.py programme status {programme_id}"
    data = {"command_id": command_id, "verdict": "kept", "reason": f"what became of it: {look}", "state": {}}
    return Page(data, Text(f"kept: stop of {programme_id}; what became of it: {look}"))


def survey_lines(handed: "HandedIn") -> list[str]:
    """What a survey that is handed in changes in the stock, in words."""
    merge = handed.merge
    lines = [f"survey of {handed.campaign}, {handed.city.name}:"]
    if handed.read is None:
        return [*lines, "  nothing new, as its reason says"]
    lines.append(f"  {counted(len(merge.new), 'new site')}, {counted(len(merge.known), 'site')} as known")
    for before, after in merge.measured:
        areas = (written(one.area_ha) if one.area_ha is not None else "none" for one in (before, after))
        lines.append(f"  {after.id} is measured anew: {' -> '.join(areas)} ha")
    return lines


def list_page(programmes: Sequence["ProgrammeRecord"]) -> Page:
    """All programmes."""
    data = [
        {"programme_id": p.programme_id, "document_number": p.document_number, "title": p.title} for p in programmes
    ]
    rows = [(p.programme_id, p.document_number, p.title) for p in programmes]
    return Page(data, table(("programme", "number", "title"), rows))


def written_page(files: Sequence[Path]) -> Page:
    """The files of a report."""
    return Page([str(one) for one in files], Text("\n".join(f"written: {one}" for one in files)))


def places_table(frozen: FrozenProgramme, places: Sequence[PlaceAmounts], *, closed: bool) -> RenderableType:
    """The counties with the hectares asked of them, the chosen sites, and what is closed; then their sum."""
    cities, counties = _names(frozen)
    headers = ("city", "county", "target (ha)", "sites", "chosen (ha)", *(("closed", "done (ha)") if closed else ()))
    rows: list[tuple[Any, ...]] = []
    for one in places:
        done = (one.closed.sites, amount(one.closed.area_ha)) if closed else ()
        place = (cities.get(one.city, one.city), counties.get(one.county, one.county))
        rows.append((*place, amount(one.target), one.chosen.sites, amount(one.chosen.area_ha), *done))
    return table(headers, rows, right=headers[2:])


def differences(frozen: FrozenProgramme, places: Sequence[PlaceAmounts]) -> list[RenderableType]:
    """A line for each county whose given target is not what was chosen there."""
    cities, counties = _names(frozen)
    return [
        Text(
            f"differs: {cities.get(one.city, one.city)} {counties.get(one.county, one.county)}: "
            f"target {amount(one.target)} ha, chosen {amount(one.chosen.area_ha)} ha"
        )
        for one in differing(places)
    ]


def head(
    frozen: FrozenProgramme,
    stock: Amount | None,
    treated: Amount | None = None,
    ended: ProgrammeEnded | None = None,
    stopped: str | None = None,
) -> RenderableType:
    """The programme in a few lines."""
    p = frozen.programme
    end = None
    if ended is not None:
        end = "all treated in time" if ended.in_time else f"not all treated: {said(ended.left)} left"
    return facts(
        [
            ("programme", f"{p.id} ({p.document_number}) {p.title}"),
            ("each year", f"at least {p.share:.0%} of that year's stock, by {p.measure}; all by {p.ends_on}"),
            ("stock", said(stock)),
            ("treated", said(treated)),
            ("stopped", stopped),
            ("ended", end),
        ]
    )


def said(of: Amount | None) -> str | None:
    """`3 sites, 36.5 ha`."""
    return None if of is None else f"{counted(of.sites, 'site')}, {amount(of.area_ha)} ha"


def _names(frozen: FrozenProgramme) -> tuple[dict[str, str], dict[str, str]]:
    plan = frozen.years[0].plan
    return {one.code: one.name for one in city_names(plan)}, county_names(plan)
