"""What is still to do, as reports add up to what is asked."""

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.quantity import LARGEST
from schemas.site.terms import Requirement
from tests.support.budget import examples
from tests.support.sample_terms import SiteLife, on, report

ASKED = st.decimals("0.000001", LARGEST, places=6)


@settings(max_examples=examples(60), derandomize=True, deadline=None, database=None)
@given(ASKED, st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_any_split_completes_with_exactly_its_last_part(asked: Decimal, weights: list[int]) -> None:
    step = Decimal("0.000001")
    parts = [part for weight in weights if (part := (asked * weight / sum(weights)) // step * step)]
    parts = [*parts, asked - sum(parts)] if sum(parts) < asked else parts
    site = SiteLife(requirements=(Requirement(id="stock", quantity=asked, unit="m³"),))
    for number, part in enumerate(parts):
        assert site.state.stage == "rectifying", "not before the last part"
        assert sum(parts[number:]) == site.core.outstanding()["stock"]
        now = on(7, 20, 9, number)
        site.at(now, report(now, "stock", part))
        assert -int(site.state.done["stock"].as_tuple().exponent) <= 6
        view = json.loads(site.core.view(now).model_dump_json())
        assert Decimal(repr(view["done"]["stock"])) == sum(parts[: number + 1]), "its JSON has no binary tail"
    assert site.state.stage == "verifying" and not site.core.outstanding()


def test_ten_reports_of_a_tenth_complete_a_large_quantity() -> None:
    site = SiteLife(requirements=(Requirement(id="stock", quantity=Decimal("8400000.3"), unit="m³"),))
    for number in range(10):
        assert site.state.stage == "rectifying"
        now = on(7, 20, 9, number)
        site.at(now, report(now, "stock", Decimal("840000.03")))
    assert site.state.stage == "verifying"
