"""Targets (任务分解): what a plan asks of each unit, split exactly from province to cities, counties and townships.

The amounts are exact decimals: 0.1 ha thirty times is 3 ha, and a split that differs by a tenth is a fault. A share is
of a unit's own stock, which the plan states; its parts add up to it by what they come to (docs/targets-and-surveys.md).
"""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from schemas.base import Identifier, InputModel
from schemas.offices import is_unset
from schemas.quantity import written

Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=4, allow_inf_nan=False)]
_PLACES = Decimal("0.0001")
_HUNDRED = Decimal(100)


class TargetUnit(StrEnum):
    """What targets are measured in; a share is of the sites or of the hectares of a unit's stock."""

    HA = "ha"
    SITES = "sites"
    PERCENT_OF_SITES = "percent_of_sites"
    PERCENT_OF_HA = "percent_of_ha"

    @property
    def is_share(self) -> bool:
        """Whether amounts are per cent of a stock."""
        return self in (TargetUnit.PERCENT_OF_SITES, TargetUnit.PERCENT_OF_HA)

    @property
    def counts_sites(self) -> bool:
        """Whether closed sites are counted, and not their hectares."""
        return self in (TargetUnit.SITES, TargetUnit.PERCENT_OF_SITES)

    @property
    def sign(self) -> str:
        """The unit as it stands behind an amount."""
        return "%" if self.is_share else str(self)


class _Part(InputModel):
    """A unit's part of a split. `stock` is what a share is of: that of each unit which is not split further."""

    target: Amount
    stock: Amount | None = Field(default=None, exclude_if=is_unset)

    @property
    def parts(self) -> Sequence["_Part"]:
        return ()

    @property
    def whole_stock(self) -> Decimal:
        """Its own stock, or that of its parts together."""
        return sum((one.whole_stock for one in self.parts), Decimal()) if self.parts else self.stock or Decimal()

    def asked(self, unit: TargetUnit) -> Decimal:
        """The hectares or sites that it asks for; of a share what the units that are not split further come to."""
        if not unit.is_share:
            return self.target
        if self.parts:
            return sum((one.asked(unit) for one in self.parts), Decimal())
        return self.target * self.whole_stock / _HUNDRED


class TownshipTarget(_Part):
    """A township's part of its county's target; `code` is the township as the register has it."""

    code: Annotated[str, Field(min_length=1, max_length=100)]
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(default=None, exclude_if=is_unset)


class CountyTarget(_Part):
    """A county's part of its city's target; `code` is the county as the register has it."""

    code: Annotated[str, Field(min_length=1, max_length=100)]
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(default=None, exclude_if=is_unset)
    """Its name in reports; without it the code."""
    townships: tuple[TownshipTarget, ...] = Field(default=(), max_length=100, exclude_if=is_unset)

    @property
    def parts(self) -> Sequence[_Part]:
        return self.townships


class CityTarget(_Part):
    """A city's part of the total, and the parts of its counties."""

    code: Identifier
    counties: tuple[CountyTarget, ...] = Field(min_length=1, max_length=200)

    @property
    def parts(self) -> Sequence[_Part]:
        return self.counties


class UnitTarget(NamedTuple):
    """The target of one unit; a city has no county, a county no township, and the province none of them."""

    city: str
    county: str
    township: str
    target: Decimal
    asked: Decimal
    """Hectares or sites."""


class Targets(InputModel):
    """The plan's option `targets`. Townships add up to their county, counties to their city, cities to `total`."""

    unit: TargetUnit = TargetUnit.HA
    total: Amount
    cities: tuple[CityTarget, ...] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if faults := [*self._twice(), *self._stocks(), *self._amounts()]:
            raise ValueError("; ".join(faults))
        if faults := list(self._differences()):
            raise ValueError("; ".join(faults))
        return self

    @property
    def asked(self) -> Decimal:
        """The hectares or sites of the whole campaign."""
        return sum((city.asked(self.unit) for city in self.cities), Decimal()) if self.unit.is_share else self.total

    def units(self) -> Iterator[UnitTarget]:
        """Every unit's target: the province's first, then each city's with its counties and their townships."""
        yield UnitTarget("", "", "", self.total, self.asked)
        for city in self.cities:
            yield UnitTarget(city.code, "", "", city.target, city.asked(self.unit))
            for county in city.counties:
                yield UnitTarget(city.code, county.code, "", county.target, county.asked(self.unit))
                for one in county.townships:
                    yield UnitTarget(city.code, county.code, one.code, one.target, one.asked(self.unit))

    def _walk(self) -> Iterator[tuple[str, str, _Part]]:
        """Path, name and part of every unit below the province."""
        for place, city in enumerate(self.cities):
            path = f"cities[{place}]"
            yield path, f"city {city.code}", city
            for at, county in enumerate(city.counties):
                inside = f"{path}.counties[{at}]"
                yield inside, f"county {county.code}", county
                for n, township in enumerate(county.townships):
                    yield f"{inside}.townships[{n}]", f"township {township.code}", township

    def _differences(self) -> Iterator[str]:
        """Every level that does not add up: its unit, the sum of its parts, and its own amount."""
        yield from self._difference("total", "province, the cities add", "the total", self.total, self.cities)
        below = {CityTarget: "counties", CountyTarget: "townships"}
        for path, name, one in self._walk():
            if one.parts:
                parts = f"{name}, its {below[type(one)]} add"
                yield from self._difference(f"{path}.target", parts, "its target", one.target, one.parts)

    def _difference(self, path: str, parts: str, own: str, target: Decimal, split: Sequence[_Part]) -> Iterator[str]:
        together, said = sum((one.target for one in split), Decimal()), self.unit.sign
        come_to = f"{written(together)} {said}"
        if self.unit.is_share:
            stock = sum((one.whole_stock for one in split), Decimal())
            asked = sum((one.asked(self.unit) for one in split), Decimal())
            together = share_of(asked, stock)
            come_to = f"{written(asked)} of {written(stock)}, {written(together)} %"
        if together != target:
            yield f"{path}: {parts} up to {come_to}, {own} says {written(target)} {said}"

    def _stocks(self) -> Iterator[str]:
        """Only a share is of a stock, and only units that are not split further say theirs."""
        for path, name, one in self._walk():
            if self.unit.is_share and not one.parts and not one.stock:
                yield f"{path}.stock: {name}, a share is of its stock, expected one above 0"
            elif one.stock is not None and (one.parts or not self.unit.is_share):
                why = "is that of its parts" if self.unit.is_share else "is for shares"
                yield f"{path}.stock: {name}, a stock {why}, expected none"

    def _amounts(self) -> Iterator[str]:
        """Sites are whole, and nobody is asked for more than its stock."""
        targets = [(f"{path}.target", name, one.target) for path, name, one in self._walk()]
        for path, name, target in (("total", "province", self.total), *targets):
            if self.unit is TargetUnit.SITES and target != target.to_integral_value():
                yield f"{path}: {name}, {written(target)} sites, expected a whole number"
            elif self.unit.is_share and target > _HUNDRED:
                yield f"{path}: {name}, {written(target)} %, expected 100 at most"
        if self.unit is TargetUnit.PERCENT_OF_SITES:
            for path, name, one in self._walk():
                if one.stock is not None and one.stock != one.stock.to_integral_value():
                    yield f"{path}.stock: {name}, {written(one.stock)} sites, expected a whole number"

    def _twice(self) -> Iterator[str]:
        lists = [("cities", [city.code for city in self.cities])]
        for place, city in enumerate(self.cities):
            lists.append((f"cities[{place}].counties", [county.code for county in city.counties]))
            for at, county in enumerate(city.counties):
                path = f"cities[{place}].counties[{at}].townships"
                lists.append((path, [township.code for township in county.townships]))
        for path, codes in lists:
            for code, times in Counter(codes).items():
                if times > 1:
                    yield f"{path}: {code} stands twice, expected once"


def share_of(part: Decimal, stock: Decimal) -> Decimal:
    """The part in per cent of the stock, to four decimals, half to even; 0 of no stock."""
    return (part * _HUNDRED / stock).quantize(_PLACES, ROUND_HALF_EVEN) if stock else Decimal()


def strangers(targets: Targets | None, cities: Set[str]) -> Iterator[str]:
    """Cities of the targets that are not in the plan."""
    for place, city in enumerate(targets.cities if targets is not None else ()):
        if city.code not in cities:
            yield f"targets.cities[{place}].code: {city.code} is not one of the plan's cities"
