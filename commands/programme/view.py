"""Views of the programme commands."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from commands.common.page import Page
from commands.common.tables import facts, table
from rules.programme.aggregate import ProgrammeAggregate
from rules.programme.stock import amount_of, measured, target_of
from rules.terms.plan import ends_at, programme_terms
from schemas.clock import Clock
from schemas.event import Event
from schemas.ledger import LedgerEntry
from schemas.programme import (
    Amount,
    FrozenProgramme,
    ProgrammeEnded,
    ProgrammeStopped,
    Stocked,
    YearClosed,
    YearStarted,
)
from schemas.register import Site
from services.common.text import amount, counted

if TYPE_CHECKING:
    from storage.programmes import ProgrammeRecord


def checked_page(frozen: FrozenProgramme, stock: Sequence[Site], now: datetime) -> Page:
    """The years with their targets, and which of them have passed at `now`."""
    p = frozen.programme
    whole = amount_of(Stocked(site_id=s.id, hazard=s.hazard, area_ha=s.area_ha or Decimal()) for s in stock)
    total = measured(whole, p.measure)
    targets = [target_of(total, p.share, place, len(frozen.years)) for place in range(len(frozen.years))]
    passed = [ends_at(year) <= now for year in frozen.years]
    data = {
        "programme_id": p.id,
        "stock": whole.model_dump(mode="json"),
        "measure": p.measure,
        "share": float(p.share),
        "years": [
            {
                "campaign": y.plan.id,
                "starts_on": str(y.plan.starts_on),
                "ends_on": str(y.plan.ends_on),
                "target": float(t),
                "passed": over,
            }
            for y, t, over in zip(frozen.years, targets, passed, strict=True)
        ],
    }
    rows = [
        (y.plan.id, y.plan.document_number, y.plan.starts_on, y.plan.ends_on, amount(t), "yes" if over else "no")
        for y, t, over in zip(frozen.years, targets, passed, strict=True)
    ]
    shown = [
        _head(frozen, whole),
        table(("campaign", "number", "from", "to", f"treated by then ({p.measure})", "passed"), rows),
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


def list_page(programmes: Sequence["ProgrammeRecord"]) -> Page:
    """All programmes."""
    data = [
        {"programme_id": p.programme_id, "document_number": p.document_number, "title": p.title} for p in programmes
    ]
    rows = [(p.programme_id, p.document_number, p.title) for p in programmes]
    return Page(data, table(("programme", "number", "title"), rows))


def programme_page(frozen: FrozenProgramme, entries: Sequence[LedgerEntry]) -> Page:
    """The years of a programme, from its ledger."""
    aggregate = ProgrammeAggregate(programme_terms(frozen, Clock()))
    aggregate.restore(entries)
    events = [ProgrammeAggregate.events[e.kind].model_validate_json(e.data) for e in entries]
    ended = next((e for e in events if isinstance(e, ProgrammeEnded)), None)
    p, s = frozen.programme, aggregate.state
    years = list(_years(frozen, events))
    data = {
        "programme_id": p.id,
        "title": p.title,
        "measure": p.measure,
        "share": float(p.share),
        "ends_on": str(p.ends_on),
        "stock": s.stock.model_dump(mode="json"),
        "treated": s.treated.model_dump(mode="json"),
        "stopped": s.stopped,
        "ended": ended.model_dump(mode="json", exclude_none=True) if ended else None,
        "refused": s.refusals,
        "years": years,
    }
    refused = [Text(f"refused: {one['command_id']}: {one['reason']}") for one in s.refusals]
    shown = Group(_head(frozen, s.stock, s.treated, ended, s.stopped), _table_of_years(years), *refused)
    return Page(data, shown)


def _years(frozen: FrozenProgramme, events: Sequence[Event]) -> Iterator[dict[str, Any]]:
    started = {e.year: e for e in events if isinstance(e, YearStarted)}
    closed = {e.year: e for e in events if isinstance(e, YearClosed)}
    to_come = "waiting"
    if any(isinstance(e, ProgrammeStopped) for e in events):
        to_come = "stopped"
    elif any(isinstance(e, ProgrammeEnded) for e in events):  # the stock was empty before they began
        to_come = "not needed"
    for place, year in enumerate(frozen.years):
        begun, done = started.get(place), closed.get(place)
        yield {
            "campaign": year.plan.id,
            "starts_on": str(year.plan.starts_on),
            "ends_on": str(year.plan.ends_on),
            "state": "closed" if done else "running" if begun else to_come,
            "chosen": begun.chosen.model_dump(mode="json") if begun else None,
            "carried_in": begun.carried_over.model_dump(mode="json") if begun else None,
            "closed": done.closed.model_dump(mode="json") if done else None,
            "carried_over": done.carried_over.model_dump(mode="json") if done else None,
            "target": float(begun.target) if begun else None,
            "treated_share": float(done.share) if done else None,
            "met": done.met if done else None,
        }


def _table_of_years(years: Sequence[dict[str, Any]]) -> RenderableType:
    headers = ("campaign", "from", "to", "state", "taken", "of it carried in", "closed", "left", "share", "enough")
    rows = [
        (
            y["campaign"], y["starts_on"], y["ends_on"], y["state"], _said(y["chosen"]), _said(y["carried_in"]),
            _said(y["closed"]), _said(y["carried_over"]),
            None if y["treated_share"] is None else f"{y['treated_share']:.1%}",
            None if y["met"] is None else "yes" if y["met"] else "no",
        )
        for y in years
    ]  # fmt: skip
    return table(headers, rows)


def _head(
    frozen: FrozenProgramme,
    stock: Amount,
    treated: Amount | None = None,
    ended: ProgrammeEnded | None = None,
    stopped: str | None = None,
) -> Any:
    p = frozen.programme
    end = None
    if ended is not None:
        end = (
            "all treated in time"
            if ended.in_time
            else f"not all treated: {_said(ended.left.model_dump(mode='json'))} left"
        )
    return facts(
        [
            ("programme", f"{p.id} ({p.document_number}) {p.title}"),
            ("each year", f"at least {p.share:.0%} of the stock, by {p.measure}; all by {p.ends_on}"),
            ("stock", _said(stock.model_dump(mode="json"))),
            ("treated", _said(treated.model_dump(mode="json")) if treated is not None else None),
            ("stopped", stopped),
            ("ended", end),
        ]
    )


def _said(of: dict[str, Any] | None) -> str | None:
    return None if of is None else f"{counted(of['sites'], 'site')}, {amount(of['area_ha'])} ha"
