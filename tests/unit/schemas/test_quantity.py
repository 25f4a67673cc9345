"""A quantity through JSON, the ledger's canonical form and texts: the same decimal everywhere, or a fault."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.canonical import canonical_json
from schemas.quantity import LARGEST, Area, Quantity, Sum, exact, grouped, product, to_six_decimals, written
from schemas.site.events import TaskReported
from tests.support.budget import examples

bounded = settings(max_examples=examples(150), derandomize=True, deadline=None, database=None)
QUANTITIES = st.decimals(0, LARGEST, places=6)
READ = TypeAdapter[Decimal](Quantity)
READ_AREA = TypeAdapter[Decimal](Area)
READ_SUM = TypeAdapter[Decimal](Sum)


def reported(quantity: Decimal) -> str:
    """The canonical JSON of a report in the ledger."""
    return canonical_json(TaskReported(requirement="stock", quantity=quantity).model_dump(mode="json"))


@bounded
@given(QUANTITIES)
def test_quantity_through_json_is_the_same_decimal(quantity: Decimal) -> None:
    text = READ.dump_json(quantity).decode()
    assert READ.validate_json(text) == READ.validate_python(written(quantity)) == quantity
    assert exact(json.loads(text)) == quantity, "a reader with doubles loses nothing"
    assert Decimal(grouped(quantity).replace(",", "")) == quantity


@bounded
@given(QUANTITIES, st.integers(0, 6))
def test_ledger_text_does_not_depend_on_written_zeros(quantity: Decimal, zeros: int) -> None:
    assert reported(Decimal(f"{quantity:f}" + "0" * zeros)) == reported(quantity)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Decimal("1.00"), '"quantity":1,'),
        (Decimal("1E+3"), '"quantity":1000,'),
        (Decimal("0.1") + Decimal("0.2"), '"quantity":0.3,'),
        (Decimal("8400000.3"), '"quantity":8400000.3,'),
    ],
)
def test_ledger_writes_a_sum_without_a_binary_tail(quantity: Decimal, text: str) -> None:
    assert text in reported(quantity)


@pytest.mark.parametrize(
    "text",
    ["NaN", "Infinity", '"nan"', '"inf"', '"sNaN"', "1e400", "-1", "-0.000001", "0.0000001", "1000000000", "true"],
)
def test_quantity_without_meaning_or_too_fine_is_a_fault(text: str) -> None:
    with pytest.raises(ValidationError):
        READ.validate_json(text)


def test_product_beyond_six_decimals_is_rounded_up() -> None:
    assert product(Decimal("0.001"), Decimal("0.0001")) == Decimal("0.000001"), "nothing is asked as 0"
    assert product(Decimal("2.5"), Decimal(3)) == Decimal("7.5")


@bounded
@given(st.decimals(0, 2**33 - 1, places=6))
def test_sum_of_areas_through_json_is_the_same_decimal(total: Decimal) -> None:
    assert READ_SUM.validate_json(READ_SUM.dump_json(total)) == total


@bounded
@given(st.decimals(0, 10**6, places=12))
def test_area_is_at_most_as_fine_as_six_decimals(area: Decimal) -> None:
    assert READ_AREA.validate_python(to_six_decimals(area)) == to_six_decimals(area)
    assert abs(to_six_decimals(area) - area) <= Decimal("0.0000005")
    if to_six_decimals(area) != area:
        with pytest.raises(ValidationError):
            READ_AREA.validate_python(area)


@pytest.mark.parametrize("text", ["0", "3.000000000", "1E+60", "-1E+60", "1000000000.1234567"])
def test_area_that_is_not_finer_or_too_large_is_unchanged(text: str) -> None:
    assert to_six_decimals(Decimal(text)) == Decimal(text)
