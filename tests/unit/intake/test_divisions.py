"""Division codes of GB/T 2260."""

import pytest

from intake.divisions import counties_by_name, is_county_of, name


@pytest.mark.parametrize(
    ("code", "its_name"),
    [("410400", "平顶山市"), ("410181", "巩义市"), ("360429", "湖口县"), ("350881", "漳平市"), ("410499", None)],
)
def test_codes_have_names(code: str, its_name: str | None) -> None:
    assert name(code) == its_name


@pytest.mark.parametrize(
    ("county", "city", "belongs"),
    [
        ("410421", "410400", True),
        ("410482", "410400", True),
        ("410181", "410181", True),  # a county-level city is its own county
        ("410181", "410100", True),
        ("419001", "419001", True),  # Jiyuan, under the province itself
        ("441900", "441900", True),  # Dongguan has no counties
        ("500101", "500000", True),  # a municipality
        ("410421", "410600", False),
        ("410400", "410400", False),
        ("410499", "410400", False),
        ("410421", "999900", False),
    ],
)
def test_a_county_lies_under_its_city(county: str, city: str, belongs: bool) -> None:
    assert is_county_of(county, city) is belongs


def test_counties_are_found_by_name_under_their_city() -> None:
    assert counties_by_name("410400")["汝州市"] == "410482"
    assert "汝州市" not in counties_by_name("410600")
