"""What a spreadsheet makes of an exported cell is no edit, and another value is one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.offline_cells import KnownIds, saved_same, shows_same

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(
    DAYS,
    DAYS,
    st.sampled_from(["{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d} 00:00:00"]),
)
def test_day_is_same_in_every_notation(exported: date, other: date, notation: str) -> None:
    assert saved_same(str(exported), notation.format(exported))
    assert saved_same(str(exported), notation.format(other)) == (exported == other)


@given(st.decimals(0, 1_000_000, places=4), st.decimals(0, 1_000_000, places=4))
def test_number_is_same_without_its_zeros(exported: object, other: object) -> None:
    assert saved_same(
        str(exported), f"{exported:g}" if float(str(exported)).is_integer() else str(exported).rstrip("0")
    )
    assert saved_same(str(exported), str(other)) == (exported == other)


@pytest.mark.parametrize(
    ("exported", "text"),
    [
        ("007", "7"), ("1.20", "1.2"), ("410400", "410400.0"), ("33.123456789123", "33.12345679"),
        ("1200.5", "1,200.5"),
        ("yes", "TRUE"), ("no", "FALSE"), ("2026-12-02", "46358"), ("3-12", "3月12日"), ("3-12", "2026/3/12"),
        ("m²×10🙂", "m?×10??"), ("", ""),
    ],
)  # fmt: skip
def test_notation_of_a_spreadsheet_is_no_edit(exported: str, text: str) -> None:
    assert saved_same(exported, text) and shows_same(exported, text)


@pytest.mark.parametrize(
    ("exported", "text"),
    [
        ("rectifying", "closed"), ("2026-12-02", "2026/12/3"), ("1.2", "1.3"), ("33.737412", "33.73741"),
        ("yes", "FALSE"),
        ("0", ""), ("", "0"), ("3-12", "3月13日"), ("井", "?井"), ("Ａ", "B"), ("1", "井"),
    ],
)  # fmt: skip
def test_another_value_is_an_edit(exported: str, text: str) -> None:
    assert not shows_same(exported, text)


def test_width_and_blanks_matter_only_where_text_is_edited() -> None:
    assert shows_same("Ａ区", " A区 ") and not saved_same("Ａ区", "A区")


def test_id_saved_as_number_is_restored_if_only_one_fits() -> None:
    known = KnownIds(["0012", "12-3", "7", "07", "P1"])
    assert [known.restored(text) for text in ("12", "7", "P1", "7.0", "99")] == ["0012", "7", "P1", "7.0", "99"]


@pytest.mark.parametrize(
    "saved", ["12/2/2026", "02/12/2026", "02.12.2026", "2-Dec-26", "2 December 2026", "Dec-2-2026", "2/12/26"]
)
def test_day_of_another_country_is_the_exported_day(saved: str) -> None:
    assert saved_same("2026-12-02", saved)
    assert not saved_same("2026-12-03", saved)
