"""Targets: splits in hectares, sites and per cent down to townships add up exactly, or every difference is listed."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.targets import Targets


def county(code: str, target: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "target": target, **more}


def targets(unit: str, total: str, *cities: dict[str, Any]) -> Targets:
    return Targets.model_validate({"unit": unit, "total": total, "cities": list(cities)})


def faults(unit: str, total: str, *cities: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        targets(unit, total, *cities)
    return raised.value.errors()[0]["msg"].removeprefix("Value error, ").split("; ")


def test_townships_add_up_to_their_county_in_sites() -> None:
    split = [county("t1", "3"), county("t2", "4")]
    made = targets(
        "sites", "9", {**county("c", "9"), "counties": [county("a", "7", townships=split), county("b", "2")]}
    )
    assert [(one.county, one.township, int(one.asked)) for one in made.units()] == [
        ("", "", 9), ("", "", 9), ("a", "", 7), ("a", "t1", 3), ("a", "t2", 4), ("b", "", 2),
    ]  # fmt: skip


def test_township_difference_listed_with_path_sum_and_amount() -> None:
    split = [county("t1", "3"), county("t2", "4")]
    assert faults("sites", "8", {**county("c", "8"), "counties": [county("a", "8", townships=split)]}) == [
        "cities[0].counties[0].target: county a, its townships add up to 7 sites, its target says 8 sites"
    ]


def test_part_of_a_site_is_a_fault() -> None:
    assert faults("sites", "1.5", {**county("c", "1.5"), "counties": [county("a", "1.5")]}) == [
        "total: province, 1.5 sites, expected a whole number",
        "cities[0].target: city c, 1.5 sites, expected a whole number",
        "cities[0].counties[0].target: county a, 1.5 sites, expected a whole number",
    ]


def test_equal_shares_of_unequal_stocks_add_up() -> None:
    one = {**county("c", "30"), "counties": [county("a", "30", stock="7"), county("b", "30", stock="4")]}
    made = targets("percent_of_sites", "30", one)
    assert made.asked == Decimal("3.3") and made.cities[0].counties[0].asked(made.unit) == Decimal("2.1")


def test_share_of_a_city_is_what_its_counties_come_to() -> None:
    """10 sites at 30 % and 7 at 50 % are 6.5 of 17, which is 38.2353 % to four decimals."""
    counties = [county("a", "30", stock="10"), county("b", "50", stock="7")]
    assert targets("percent_of_sites", "38.2353", {**county("c", "38.2353"), "counties": counties}).asked == 6.5
    assert faults("percent_of_sites", "38.2353", {**county("c", "40"), "counties": counties}) == [
        "cities[0].target: city c, its counties add up to 6.5 of 17, 38.2353 %, its target says 40 %"
    ]


def test_share_without_its_stock_or_above_all_is_a_fault() -> None:
    counties = [county("a", "101", stock="10"), county("b", "50"), county("d", "5", stock="1.5")]
    assert faults("percent_of_sites", "50", {**county("c", "50", stock="3"), "counties": counties}) == [
        "cities[0].stock: city c, a stock is that of its parts, expected none",
        "cities[0].counties[1].stock: county b, a share is of its stock, expected one above 0",
        "cities[0].counties[0].target: county a, 101 %, expected 100 at most",
        "cities[0].counties[2].stock: county d, 1.5 sites, expected a whole number",
    ]


def test_stock_where_hectares_are_asked_is_a_fault() -> None:
    assert faults("ha", "1", {**county("c", "1"), "counties": [county("a", "1", stock="2")]}) == [
        "cities[0].counties[0].stock: county a, a stock is for shares, expected none"
    ]
