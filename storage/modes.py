"""Sums of money, land and minerals by mode, and of costs by problem: from the register and the sites' facts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from schemas.modes import FundingMode, RestorationMode, plain
from schemas.options.mode_sums import ModeSum, ModeSums, added_up
from storage.connections import Borrowed, Pool, query

_ORDER = {mode.value: place for place, mode in enumerate((*RestorationMode, *FundingMode))}


async def read_mode_sums(
    connection: "Borrowed | Pool", campaign_id: str, city: str | None = None
) -> tuple[ModeSums, dict[str, ModeSums]]:
    """The sums of the campaign (or of one city), and those of each city by its code."""
    return mode_sums_of(dict(row) for row in await connection.fetch(query("modes/sums"), campaign_id, city))


def mode_sums_of(rows: Iterable[Mapping[str, Any]]) -> tuple[ModeSums, dict[str, ModeSums]]:
    """The sums of rows as `modes/sums.sql` has them; of one city, axis and mode there may be several."""
    found: dict[str, dict[str, list[ModeSum]]] = defaultdict(lambda: {"restoration": [], "funding": []})
    for row in rows:
        values = {name: value for name, value in row.items() if name not in ("city", "axis", "mode")}
        amounts = {name: plain(values[name]) for name in values if name.endswith(("_cny", "_mu", "_t"))}
        one = ModeSum.model_validate(values | amounts | {"mode": row["mode"] or None})
        found[row["city"]][row["axis"]].append(one)
    cities = {code: _sums(_by_mode([axes["restoration"]]), _by_mode([axes["funding"]])) for code, axes in found.items()}
    return _sums(
        _by_mode(sums.restoration for sums in cities.values()), _by_mode(sums.funding for sums in cities.values())
    ), cities


async def read_costs(
    connection: "Borrowed | Pool", campaign_id: str, city: str | None = None
) -> dict[str, dict[str, Decimal]]:
    """City to problem to the yuan that were spent on it."""
    costs: dict[str, dict[str, Decimal]] = {}
    for row in await connection.fetch(query("modes/costs"), campaign_id, city):
        costs.setdefault(row["city"], {})[row["problem"]] = plain(row["cny"])
    return costs


def costs_together(costs: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Problem to the yuan of several cities, in the order of the problems' names."""
    together: dict[str, Decimal] = {}
    for of_city in costs:
        for problem, cny in of_city.items():
            together[problem] = plain(together.get(problem, Decimal()) + cny)
    return dict(sorted(together.items()))


def _by_mode(sums: Iterable[Iterable[ModeSum]]) -> list[ModeSum]:
    """Adds the sums of several cities by mode."""
    by_mode: dict[str | None, list[ModeSum]] = defaultdict(list)
    for some in sums:
        for one in some:
            by_mode[one.mode].append(one)
    return [added_up(same, mode) for mode, same in by_mode.items()]


def _sums(restoration: Iterable[ModeSum], funding: Iterable[ModeSum]) -> ModeSums:
    first, second = (tuple(sorted(axis, key=_place)) for axis in (restoration, funding))
    return ModeSums(restoration=first, funding=second, total=added_up(first))


def _place(one: ModeSum) -> int:
    return len(_ORDER) if one.mode is None else _ORDER.get(one.mode, len(_ORDER) - 1)
