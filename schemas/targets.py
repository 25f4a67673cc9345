"""Targets (任务分解): the hectares that a plan asks for, split exactly from province to cities to counties.

The amounts are exact decimals: 0.1 ha thirty times is 3 ha, and a split that differs by a tenth is a fault.
"""

from collections import Counter
from collections.abc import Iterator, Set
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.base import Identifier, InputModel
from schemas.offices import is_unset
from schemas.quantity import written

Hectares = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=4, allow_inf_nan=False)]


class CountyTarget(InputModel):
    """A county's share of its city's target; `code` is the county as the register has it."""

    code: Annotated[str, Field(min_length=1, max_length=100)]
    target: Hectares
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(default=None, exclude_if=is_unset)
    """Its name in reports; without it the code."""


class CityTarget(InputModel):
    """A city's share of the total, and the shares of its counties."""

    code: Identifier
    target: Hectares
    counties: tuple[CountyTarget, ...] = Field(min_length=1, max_length=200)


class Targets(InputModel):
    """The plan's option `targets`. The counties of a city add up to it, and the cities to `total`."""

    unit: Literal["ha"] = "ha"
    total: Hectares
    cities: tuple[CityTarget, ...] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if faults := [*self._twice(), *self._differences()]:
            raise ValueError("; ".join(faults))
        return self

    def _differences(self) -> Iterator[str]:
        """Every level that does not add up: its unit, the sum of its parts, and its own amount."""
        together = sum((city.target for city in self.cities), Decimal())
        if together != self.total:
            total = written(self.total)
            yield f"total: province, the cities add up to {written(together)} ha, the total says {total} ha"
        for place, city in enumerate(self.cities):
            together = sum((county.target for county in city.counties), Decimal())
            if together != city.target:
                yield (
                    f"cities[{place}].target: city {city.code}, its counties add up to {written(together)} ha, "
                    f"its target says {written(city.target)} ha"
                )

    def _twice(self) -> Iterator[str]:
        places = Counter(city.code for city in self.cities)
        yield from (f"cities: {code} stands twice, expected once" for code, times in places.items() if times > 1)
        for place, city in enumerate(self.cities):
            counties = Counter(county.code for county in city.counties)
            for code, times in counties.items():
                if times > 1:
                    yield f"cities[{place}].counties: {code} stands twice, expected once"


def strangers(targets: Targets | None, cities: Set[str]) -> Iterator[str]:
    """Cities of the targets that are not in the plan."""
    for place, city in enumerate(targets.cities if targets is not None else ()):
        if city.code not in cities:
            yield f"targets.cities[{place}].code: {city.code} is not one of the plan's cities"
