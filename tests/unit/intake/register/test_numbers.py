"""Numbers in the spellings of offices, exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.files.faults import InvalidCell
from intake.register.cells import area, number, problems, yuan
from intake.register.numbers import AREA, COUNT, YUAN, read_number
from schemas.register import Problem

FULL_WIDTH = str.maketrans("0123456789.,-+", "０１２３４５６７８９．，－＋")


@given(value=st.decimals(-(10**12), 10**12, places=3), width=st.booleans(), grouped=st.booleans(), about=st.booleans())
def test_number_in_any_spelling_keeps_its_digits(value: Decimal, width: bool, grouped: bool, about: bool) -> None:
    text = f"{value:,f}" if grouped else f"{value:f}"
    text = text.translate(FULL_WIDTH) if width else text
    assert read_number(f"约{text}" if about else text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１，２００．５", 1200.5),
        ("1,200.5", 1200.5),
        ("1，200.5", 1200.5),
        ("约0.1", 0.1),
        (".5", 0.5),
        ("1e-05", 1e-05),
    ],
)
def test_number_as_float_has_no_binary_tail(text: str, value: float) -> None:
    assert number(text) == Decimal(str(value))


@pytest.mark.parametrize("text", ["0,43", "33,87", "1,2000", "12,00", "1,200,5", "0,430", "1.200,5", "1234,567"])
def test_comma_that_may_be_decimal_is_invalid_and_says_so(text: str) -> None:
    with pytest.raises(InvalidCell, match="a comma separates thousands, in groups of three; decimals have a point"):
        read_number(text)


@pytest.mark.parametrize("text", ["", "nan", "inf", "1 200", "1_000", "--1", "1.2.3", "12%", "一百", "٣", "0x10"])
def test_text_that_is_no_number_is_invalid(text: str) -> None:
    with pytest.raises(InvalidCell, match="a number such as"):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "hectares"),
    [
        ("0.43", 0.43), ("0.43公顷", 0.43), ("0.43 hm²", 0.43), ("０．４３㏊", 0.43), ("约0.43HA", 0.43),
        ("6.5亩", 0.433333), ("15亩", 1), ("1,500 亩", 100), ("1200m2", 0.12), ("1200㎡", 0.12), ("1,200平方米", 0.12),
        ("0.25km²", 25), ("0.25平方公里", 25), ("1.5万平方米", 1.5), ("0.3万亩", 200),
    ],
)  # fmt: skip
def test_area_with_its_unit_is_read_in_hectares(text: str, hectares: float) -> None:
    assert area(text) == Decimal(str(hectares))


def test_area_without_its_unit_has_that_of_its_column() -> None:
    assert (area("6.5", "亩"), area("6.5公顷", "亩"), area("43", "m2")) == tuple(
        map(Decimal, ("0.433333", "6.5", "0.0043"))
    )


@given(mu=st.decimals(0, 10**6, places=2))
def test_mu_in_hectares_are_a_fifteenth_to_six_decimals(mu: Decimal) -> None:
    found = read_number(f"{mu}亩", AREA)
    assert abs(found * 15 - mu) <= Decimal("0.0000075")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1.2万", "12000"), ("1.2万元", "12000"), ("0.3亿元", "30000000"), ("12,000元", "12000"), ("9.99", "9.99")],
)
def test_money_may_be_counted_in_wan_and_yi(text: str, amount: str) -> None:
    assert yuan(text) == Decimal(amount) == read_number(text, YUAN)


def test_unit_of_another_kind_is_invalid_and_known_ones_are_said() -> None:
    with pytest.raises(InvalidCell, match=r"an area .*: the units are 公顷, ha, hm2, 亩"):
        area("3米")
    with pytest.raises(InvalidCell, match="the units are 元"):
        yuan("3亩")


@pytest.mark.parametrize("text", ["1e300亩", "9" * 60 + "亩"])
def test_area_beyond_any_decimal_is_invalid(text: str) -> None:
    with pytest.raises(InvalidCell, match="an area"):
        area(text)


def test_counts_of_problems_may_have_thousands_and_measure_words() -> None:
    found = problems("adit_open*1,200; shed*２处，no_signs*0.1、pit")
    assert found == (
        Problem(kind="adit_open", count=1200), Problem(kind="shed", count=2), Problem(kind="no_signs", count=0.1),
        Problem(kind="pit"),
    )  # fmt: skip
    assert read_number("1.2万", COUNT) == 12000
