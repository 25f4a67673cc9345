"""What a campaign was for, as sections of a forecast and of a rehearsal: targets, money, signatures, load of offices.

Each section is a function of `Outcome`, which a forecast and a rehearsal fill alike; it is left out where the plan has
nothing of it. A further section, such as gates that were met, is a further function in `SECTIONS`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from schemas.documents.document import DocumentState
from schemas.ledger import DocumentDraft
from schemas.modes import in_ha
from schemas.options.mode_sums import ModeSums
from schemas.plan import Plan
from schemas.progress import Achieved
from schemas.quantity import grouped
from simulation.outcome.load import OfficeLoad, Work
from storage.progress import ProgressMade

_OFFICES_SHOWN = 10


class Signatures(NamedTuple):
    """Signatures of departments that were asked for in a city, and those that were given."""

    asked: int
    given: int


@dataclass(frozen=True)
class Outcome:
    """What the sections are computed from; `signatures` by the code of a city, `modes` of the whole campaign."""

    plan: Plan
    progress: ProgressMade
    modes: ModeSums | None
    signatures: dict[str, Signatures]
    documents: Sequence[DocumentDraft]
    offices: Sequence[OfficeLoad]


class Section(NamedTuple):
    """A table for people, with the columns to align right; `data` is the same, or more, for programs."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    right: tuple[str, ...]
    data: Any


def sections(outcome: Outcome) -> list[Section]:
    """The sections of a campaign, in their order."""
    return [made for section in SECTIONS if (made := section(outcome)) is not None]


def targets(outcome: Outcome) -> Section:
    """Hectares and sites per city against its target, and how many of its counties met theirs."""
    whole, cities = outcome.progress
    heads = ("sites", "closed", "ha", "closed ha", "asked", "of target", "met", "counties met")
    rows = [(one.name, *_achieved(cities[one.code]), _met(cities[one.code].counties)) for one in outcome.plan.cities]
    counties = [county for city in cities.values() for county in city.counties]
    rows.append(("together", *_achieved(whole), _met(counties)))
    unit = f", targets in {whole.unit.value.replace('_', ' ')}" if whole.unit is not None else ""
    data = {
        **whole.model_dump(mode="json", exclude={"surveys"}),
        "cities": [{"code": code, **city.model_dump(mode="json")} for code, city in cities.items()],
    }
    return Section("targets", f"hectares and targets{unit}", ("city", *heads), rows, heads, data)


def money_and_land(outcome: Outcome) -> Section | None:
    """Money and land by restoration mode, planned and realised; nothing in plans without modes."""
    if outcome.modes is None:
        return None
    heads = ("sites", "closed", "planned CNY", "realised CNY", "planned ha", "realised ha")
    rows = []
    for one in (*outcome.modes.restoration, outcome.modes.total.model_copy(update={"mode": "together"})):
        money = (f"{one.planned_cny:,.2f}", f"{one.realised_cny:,.2f}")
        land = (f"{in_ha(one.planned_mu):,}", f"{in_ha(one.realised_mu):,}")
        rows.append((one.mode or "without", f"{one.sites:,}", f"{one.closed:,}", *money, *land))
    data = outcome.modes.model_dump(mode="json")
    return Section("money_and_land", "money and land", ("restoration mode", *heads), rows, heads, data)


def signatures(outcome: Outcome) -> Section:
    """Receipts of documents, those on time, and signatures of departments, by city."""
    heads = ("receipts asked", "given", "on time", "department signatures asked", "given ")
    counts = {city.code: Counter[str]() for city in outcome.plan.cities}
    for city, kind in _receipts(outcome.documents):
        counts[city][kind] += 1
    for city, sums in outcome.signatures.items():
        counts[city].update({"departments_asked": sums.asked, "departments_given": sums.given})
    names = ("receipts", "receipts_given", "receipts_on_time", "departments_asked", "departments_given")
    data = [{"code": code, **{name: one[name] for name in names}} for code, one in counts.items()]
    rows = [(city.name, *(f"{counts[city.code][name]:,}" for name in names)) for city in outcome.plan.cities]
    together = sum(counts.values(), Counter[str]())
    rows.append(("together", *(f"{together[name]:,}" for name in names)))
    return Section("signatures", "signatures", ("city", *heads), rows, heads, data)


def load(outcome: Outcome) -> Section:
    """The offices with the worst weeks; the data has every office with each of its days."""
    heads = ("in all", *Work, "worst week", "in it", "worst day", "on it")
    rows = []
    for one in outcome.offices[:_OFFICES_SHOWN]:
        (week, in_week), (day, on_day), total = one.worst_week, one.worst_day, one.total
        counts = (f"{total.total():,}", *(f"{total[work]:,}" for work in Work))
        rows.append((one.unit, *counts, week.isoformat(), f"{in_week:,}", day.isoformat(), f"{on_day:,}"))
    shown = f", {len(rows)} of {len(outcome.offices)} offices" if len(outcome.offices) > len(rows) else ""
    title = f"load of the offices, the worst week first (by its Monday){shown}"
    data = [_office(one) for one in outcome.offices]
    return Section("load", title, ("office", *heads), rows, heads, data)


SECTIONS: tuple[Callable[[Outcome], Section | None], ...] = (targets, money_and_land, signatures, load)


def _achieved(one: Achieved) -> tuple[str, ...]:
    of = "" if one.share_of_target is None else f"{int(one.share_of_target * 1000) / 10:.1f}%"
    met = "" if one.met is None else "yes" if one.met else "no"
    areas = (_amount(one.registered_ha), _amount(one.closed_ha), _amount(one.asked))
    return (f"{one.sites:,}", f"{one.closed:,}", *areas, of, met)


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else grouped(round(amount, 4))


def _met(counties: Sequence[Achieved]) -> str:
    asked = [one for one in counties if one.met is not None]
    return f"{sum(bool(one.met) for one in asked)} of {len(asked)}" if asked else ""


def _receipts(documents: Sequence[DocumentDraft]) -> Iterator[tuple[str, str]]:
    """City and name of a count, for each receipt that an issued document asks for, was given, or was given on time."""
    for one in documents:
        progress = one.progress
        if not one.city or progress.receipt_due is None or one.state is DocumentState.DRAFTED or one.state.put_away:
            continue
        for unit in progress.units:
            yield one.city, "receipts"
            if (at := progress.signed.get(unit)) is not None:
                yield one.city, "receipts_given"
                if at <= progress.receipt_due:
                    yield one.city, "receipts_on_time"


def _office(one: OfficeLoad) -> dict[str, Any]:
    (week, in_week), (day, on_day) = one.worst_week, one.worst_day
    days = {on.isoformat(): {work.value: n for work, n in done.items()} for on, done in sorted(one.days.items())}
    return {
        "office": one.unit,
        "total": one.total.total(),
        **{work.value: one.total[work] for work in Work},
        "worst_week": {"monday": week.isoformat(), "load": in_week},
        "worst_day": {"day": day.isoformat(), "load": on_day},
        "days": days,
    }
