"""A programme year by year: of a started one from its ledger, of a forecast from its entries."""

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import table
from commands.programme.view import differences, head, places_table, said
from rules.programme.aggregate import ProgrammeAggregate
from rules.programme.stock import added
from rules.programme.years import YearView, sums_by_city, years_of
from rules.terms.plan import city_names, programme_terms
from schemas.clock import Clock
from schemas.ledger import LedgerEntry
from schemas.programme import Amount, FrozenProgramme
from schemas.programme_events import ProgrammeEnded
from services.common.text import amount, counted


def programme_page(frozen: FrozenProgramme, entries: Sequence[LedgerEntry], documents: int | None = None) -> Page:
    """The years of a programme, its targets by county against what is done, and by city over all years."""
    aggregate = ProgrammeAggregate(programme_terms(frozen, Clock()))
    aggregate.restore(entries)
    events = [ProgrammeAggregate.events[e.kind].model_validate_json(e.data) for e in entries]
    ended = next((e for e in events if isinstance(e, ProgrammeEnded)), None)
    p, s = frozen.programme, aggregate.state
    years = years_of(frozen, events)
    known = bool(s.left.sites or s.treated.sites or s.results)
    whole = added(s.left, s.treated) if known else None
    sums = sums_by_city(years)
    data = {
        "programme_id": p.id,
        "title": p.title,
        "measure": p.measure,
        "share": float(p.share),
        "ends_on": str(p.ends_on),
        "stock": _json(whole),
        "treated": _json(s.treated),
        "left": _json(s.left) if known else None,
        "stopped": s.stopped,
        "ended": ended.model_dump(mode="json", exclude_none=True) if ended else None,
        "refused": s.refusals,
        "years": [_year(frozen, one) for one in years],
        "by_city": [{"city": one.city, "target_ha": float(one.target), "closed": _json(one.closed)} for one in sums],
        "documents": documents,
    }
    return Page(data, Group(*_shown(frozen, years, whole, s.treated, ended, s.stopped, s.refusals, documents)))


def _shown(
    frozen: FrozenProgramme,
    years: Sequence[YearView],
    whole: Amount | None,
    treated: Amount,
    ended: ProgrammeEnded | None,
    stopped: str | None,
    refusals: Sequence[dict[str, str]],
    documents: int | None,
) -> list[RenderableType]:
    names = {one.code: one.name for one in city_names(frozen.years[0].plan)}
    shown: list[RenderableType] = [head(frozen, whole, treated, ended, stopped), _table_of_years(frozen, years)]
    for year in years:
        if year.overdue is not None:
            silent = ", ".join(names.get(code, code) for code in year.overdue.cities)
            shown.append(Text(f"survey of {year.campaign} overdue: {silent}; told upward, step {year.overdue.step}"))
        if year.started is not None and year.started.silent:
            silent = ", ".join(names.get(code, code) for code in year.started.silent)
            shown.append(Text(f"{year.campaign} began by the stock known last: no survey of {silent}"))
    latest = next((year for year in reversed(years) if year.places), None)
    if latest is not None:
        shown.append(Text(f"\ntargets of {latest.campaign}, province - city - county:"))
        shown.append(places_table(frozen, latest.places, closed=latest.closed is not None))
        shown.extend(differences(frozen, latest.places))
        rows = [
            (names.get(one.city, one.city), amount(one.target), one.closed.sites, amount(one.closed.area_ha))
            for one in sums_by_city(years)
        ]
        shown.append(Text("\nall years so far, by city:"))
        shown.append(table(("city", "targets (ha)", "closed", "done (ha)"), rows))
    if documents is not None:
        shown.append(Text(f"documents: {counted(documents, 'document')} of the programme"))
    shown.extend(Text(f"refused: {one['command_id']}: {one['reason']}") for one in refusals)
    return shown


def _year(frozen: FrozenProgramme, year: YearView) -> dict[str, Any]:
    plan, begun, done = frozen.years[year.place].plan, year.started, year.closed
    own = frozen.programme.years[year.place]
    return {
        "campaign": year.campaign,
        "survey_due": str(own.survey.until) if own.survey else None,
        "surveys": year.surveys,
        "survey_silent": list(begun.silent) if begun else [],
        "starts_on": str(plan.starts_on),
        "ends_on": str(plan.ends_on),
        "state": year.state,
        "stock": _json(begun.stock) if begun else None,
        "target": float(begun.target) if begun else None,
        "chosen": _json(begun.chosen) if begun else None,
        "carried_in": _json(begun.carried_over) if begun else None,
        "closed": _json(done.closed) if done else None,
        "carried_over": _json(done.carried_over) if done else None,
        "found": _json(done.found) if done else None,
        "left": _json(done.left) if done else None,
        "treated_share": float(done.share) if done else None,
        "met": done.met if done else None,
        "places": [one.model_dump(mode="json") for one in year.places],
    }


def _table_of_years(frozen: FrozenProgramme, years: Sequence[YearView]) -> RenderableType:
    asked = len(frozen.years[0].plan.cities) if frozen.programme.survey is not None else 0
    headers = (
        "campaign", "state", "surveys", "stock", "target", "taken", "of it carried in", "closed", "left over", "share",
        "kept",
    )  # fmt: skip
    rows = []
    for year in years:
        begun, done = year.started, year.closed
        late = sum(year.surveys.values())
        surveys = f"{len(year.surveys)} of {asked}" + (f", {late} late" if late else "")
        rows.append(
            (
                year.campaign, year.state, surveys if asked else None,
                said(begun.stock) if begun else None,
                amount(begun.target) if begun else None,
                said(begun.chosen) if begun else None,
                said(begun.carried_over) if begun else None,
                said(done.closed) if done else None,
                said(done.carried_over) if done else None,
                f"{done.share:.1%}" if done else None,
                None if done is None else "yes" if done.met else "no",
            )
        )  # fmt: skip
    return table(headers, rows)


def _json(amount: Amount | None) -> dict[str, Any] | None:
    return None if amount is None else amount.model_dump(mode="json")
