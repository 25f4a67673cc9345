"""Which texts a spreadsheet would run, and what keeps them texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.spreadsheets.text import cell_text, guarded, reads_as_formula


@given(
    st.text(st.sampled_from(" \u3000\xa0\u200b\ufeff"), max_size=3),
    st.sampled_from("=+-@＝＋－＠﹦﹢﹣﹫"),
    st.text(st.characters(categories=["L"]), min_size=1, max_size=8),
)
def test_text_that_begins_like_a_formula_is_guarded(blanks: str, sign: str, rest: str) -> None:
    assert guarded(blanks + sign + rest) == f"'{blanks}{sign}{rest}"


@pytest.mark.parametrize("text", ["\t=1", "\rcmd", "\n1", "\t1", "-1+cmd|' /C calc'!A0", "=1", "-", "+86 371", "-1-1"])
def test_usual_injections_read_as_formulas(text: str) -> None:
    assert reads_as_formula(text)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.decimals(-1e6, 1e6, places=2))
def test_numbers_stay_numbers(number: float) -> None:
    assert guarded(cell_text(number)) == cell_text(number)


@given(st.text())
def test_removing_one_apostrophe_gives_the_text_back(text: str) -> None:
    written = guarded(text)
    assert written == text or written == f"'{text}"
    assert written.startswith("'") or not reads_as_formula(text) or float(text) <= 0
