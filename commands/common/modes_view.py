"""Modes, money, land, minerals and costs in a status, for people."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from commands.common.tables import table
from schemas.modes import MU_PER_HA, Measure, in_ha
from schemas.options.mode_sums import ModeSum, ModeSums
from schemas.status import SiteStatus

_NUMBERS = (
    "sites",
    "closed",
    "planned CNY",
    "realised CNY",
    "of it",
    "planned ha (mu)",
    "realised ha (mu)",
    "of it ",
    "tonnes",
)


def mode_tables(sums: ModeSums | None) -> Iterator[RenderableType]:
    """Money and land by restoration mode and by funding mode, each with its total; nothing in plans without modes."""
    if sums is None:
        return
    for heading, axis in (("restoration mode", sums.restoration), ("funding mode", sums.funding)):
        rows = [(one.mode or "without", *_numbers(one)) for one in axis]
        yield Text()
        yield table((heading, *_NUMBERS), [*rows, ("total", *_numbers(sums.total))], right=_NUMBERS)


def cost_table(costs: Mapping[str, Decimal]) -> Iterator[RenderableType]:
    """What was spent on each problem, and the total; nothing where no cost is booked."""
    if costs:
        rows = [(problem, f"{cny:,.2f}") for problem, cny in costs.items()]
        total = sum(costs.values(), Decimal())
        yield Text()
        yield table(("problem", "cost CNY"), [*rows, ("total", f"{total:,.2f}")], right=("cost CNY",))


def _numbers(one: ModeSum) -> tuple[str, ...]:
    return (
        f"{one.sites:,}",
        f"{one.closed:,}",
        f"{one.planned_cny:,.2f}",
        f"{one.realised_cny:,.2f}",
        percent(one.cny_share),
        land(one.planned_mu),
        land(one.realised_mu),
        percent(one.land_share),
        f"{one.realised_t:,}" if one.realised_t else "",
    )


def land(mu: Decimal) -> str:
    """`1.5 (22.5)`: hectares, and mu."""
    return f"{in_ha(mu):,} ({mu:,})"


def percent(share: Decimal | None) -> str:
    """`31.2%`, never rounded up; a dash if nothing was planned."""
    return "-" if share is None else f"{share * 1000 // 1 / 10:,.1f}%"


def mode_words(status: SiteStatus) -> Iterator[tuple[str, object]]:
    """A site's modes, its planned and its booked amounts."""
    facts, site = status.facts, status.site
    for name in ("restoration_mode", "funding_mode"):
        yield name.replace("_", " "), facts.get(name) or site.get(name)
    yield "mode proposed", "waits for the province" if facts.get("mode_waits") else None
    yield "planned", _planned(site)
    yield from _booked(facts.get("realised", {}))
    yield from _spent(facts.get("costs", {}))


_WITHHELD = {
    "restoration_mode": "a restoration mode is set",
    "funding_mode": "a funding mode is set",
    "mode_decision": "the province has decided on its modes",
}


def mode_answer(view: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A site's modes in the answer to a command, and what blocks its verification."""
    proposed = view.get("proposed_modes")
    holds = {"restoration": view.get("restoration_mode"), "funding": view.get("funding_mode")}
    for words, modes in (("modes", holds), ("proposed", proposed or {})):
        if any(modes.values()):
            said = (modes.get("restoration") or "no restoration mode", modes.get("funding") or "no funding mode")
            yield words, " with ".join(said)
    yield from _booked(view.get("realised", {}))
    yield from _spent(view.get("costs", {}))
    held = [_WITHHELD.get(one, one) for one in view.get("withheld", ())]
    if held:
        yield "not verified until", " and ".join(held)


def _booked(realised: dict[str, str]) -> Iterator[tuple[str, str]]:
    for place, (account, total) in enumerate(sorted(realised.items())):
        funding, _, measure = account.partition(":")
        yield "" if place else "realised", f"{funding}: {_amount(Decimal(total), measure)}"


def _spent(costs: dict[str, str]) -> Iterator[tuple[str, str]]:
    for place, (problem, total) in enumerate(costs.items()):
        yield "" if place else "cost", f"{problem}: {_amount(Decimal(total), Measure.CNY)}"


def _amount(total: Decimal, measure: str) -> str:
    match measure:
        case Measure.CNY:
            return f"{total:,.2f} CNY"
        case Measure.TONNES:
            return f"{total:,} t"
        case _:
            return f"{land(total)} ha (mu)"


def _planned(site: dict[str, Any]) -> str | None:
    mu, ha = site.get("planned_mu"), site.get("planned_ha")
    whole = Decimal(mu) if mu is not None else Decimal(ha) * MU_PER_HA if ha is not None else None
    money = site.get("planned_cny")
    said = [f"{Decimal(money):,.2f} CNY"] if money is not None else []
    if whole is not None:
        said.append(f"{land(whole)} ha (mu)")
    return ", ".join(said) or None
