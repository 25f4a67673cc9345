"""Money and land of a site: exact sums, corrected by negative bookings, never below 0."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.site.aggregate import SiteAggregate
from schemas.answers import Verdict
from schemas.modes import FundingMode, Measure, in_ha, in_mu
from schemas.options.modes import ModeTerms
from schemas.site.terms import Requirement
from tests.support.budget import examples
from tests.support.modes_sample import booking, moded, switched
from tests.support.sample_terms import BUILDER, SiteLife, on, refused

NOON = on(7, 20, 12)


def booked(site: SiteLife) -> dict[str, Decimal]:
    facts = site.core.row().facts
    assert facts is not None
    return facts.realised


def test_bookings_sum_by_funding_mode_in_yuan_and_mu() -> None:
    site = moded("market", "index_trading")
    site.at(
        NOON, booking(NOON, "1000.10"), booking(NOON, "0.20"), booking(NOON, "1.5", "ha"), booking(NOON, "7.5", "mu")
    )
    site.at(NOON, booking(NOON, "300", funding="enterprise"))
    assert booked(site) == {
        "index_trading:cny": Decimal("1000.30"),
        "index_trading:mu": Decimal("30"),
        "enterprise:cny": Decimal("300"),
    }


def test_sale_of_minerals_makes_its_money() -> None:
    site = moded("market", "surplus_minerals")
    site.at(NOON, booking(NOON, "1200.5", "t", price=Decimal("35.33")))
    assert booked(site) == {"surplus_minerals:t": Decimal("1200.5"), "surplus_minerals:cny": Decimal("42413.67")}
    site.at(NOON, booking(NOON, "-0.5", "t", price=Decimal("35.33"), reference="红字凭证"))
    assert booked(site) == {"surplus_minerals:t": Decimal(1200), "surplus_minerals:cny": Decimal("42396")}
    said = [json.loads(e.data) for e in site.of("booked")]
    assert [(one["price"], one["proceeds"]) for one in said] == [("35.33", "42413.67"), ("35.33", "-17.67")]
    dear = booking(NOON, "-1", "t", price=Decimal(50000), reference="红字凭证2")
    assert "below 0; 42396 cny is booked" in refused(site, dear)


@pytest.mark.parametrize(
    ("amount", "unit", "funding", "more", "said"),
    [
        ("5", "cny", "surplus_minerals", {}, "booked as a sale: in tonnes, with the buyer and the price"),
        ("5", "t", "surplus_minerals", {"price": "1", "counterpart": None}, "names the buyer"),
        ("5", "t", "fiscal", {"price": "1"}, "under surplus_minerals, not under fiscal"),
        ("-5", "t", "fiscal", {"price": "1"}, "under surplus_minerals, not under fiscal"),
        ("5", "mu", "land_balance", {"certificate": None}, "names the certificate"),
        (
            "5",
            "cny",
            "index_trading",
            {"counterpart": None, "certificate": None},
            "the counterpart and the certificate",
        ),
    ],
)
def test_sale_without_its_other_side_is_refused(
    amount: str, unit: str, funding: str, more: dict[str, Any], said: str
) -> None:
    assert said in refused(moded(allowed={}), booking(NOON, amount, unit, funding, **more))


@pytest.mark.parametrize(("unit", "price"), [("t", None), ("cny", "1"), ("mu", "1")])
def test_price_is_that_of_tonnes_and_tonnes_have_one(unit: str, price: str | None) -> None:
    with pytest.raises(ValidationError, match="expected both or neither"):
        booking(NOON, "5", unit, price=price)


def costly(**terms: Any) -> SiteLife:
    """A site of a plan that books costs, with two problems that work serves."""
    seal = Requirement(id="seal", quantity=1, unit="处", problems=("adit_open",))
    fence = Requirement(id="fence", quantity=1, unit="米", problems=("pit_unfenced",))
    return SiteLife(**({"costs": True, "requirements": (seal, fence)} | terms))


def costs(site: SiteLife) -> dict[str, Decimal]:
    facts = site.core.row().facts
    assert facts is not None
    return facts.costs


def test_costs_are_booked_by_problem_without_modes() -> None:
    site = costly()
    site.at(NOON, booking(NOON, "300", problem="adit_open"), booking(NOON, "20.5", problem="pit_unfenced"))
    site.at(NOON, booking(NOON, "-100", problem="adit_open", reference="红字凭证"))
    assert costs(site) == {"adit_open": Decimal(200), "pit_unfenced": Decimal("20.5")}
    assert booked(site) == {}
    too_much = booking(NOON, "-200.01", problem="adit_open", reference="红字凭证2")
    assert "adit_open has cost below 0; 200 cny is booked" in refused(site, too_much)


def test_cost_of_a_plan_with_modes_counts_under_no_mode() -> None:
    site = costly(modes=ModeTerms(restoration="engineering", funding="fiscal"))
    site.at(NOON, booking(NOON, "300", problem="adit_open"), booking(NOON, "7"))
    assert (costs(site), booked(site)) == ({"adit_open": Decimal(300)}, {"fiscal:cny": Decimal(7)})


def test_cost_without_or_with_an_unknown_problem_is_refused() -> None:
    assert "name the problem" in refused(costly(), booking(NOON, "1"))
    assert "it has: adit_open, pit_unfenced" in refused(costly(), booking(NOON, "1", problem="shed"))
    assert "has no modes" in refused(costly(), booking(NOON, "1", funding="fiscal"))
    assert "no costs by problem" in refused(moded(), booking(NOON, "1", problem="adit_open"))


def test_one_hectare_is_fifteen_mu_exactly() -> None:
    assert in_mu(Decimal("0.0001"), Measure.HA) == Decimal("0.0015")
    assert in_ha(Decimal("10")) == Decimal("0.6667")


def test_correction_is_negative_booking_and_sum_not_below_zero() -> None:
    site = moded("market", "index_trading")
    site.at(NOON, booking(NOON, "500"))
    site.at(NOON, booking(NOON, "-200", reference="红字凭证2"))
    assert booked(site) == {"index_trading:cny": Decimal(300)}
    assert [json.loads(e.data)["amount"] for e in site.of("booked")] == ["500", "-200"]
    said = refused(site, booking(NOON, "-300.01", reference="红字凭证3"))
    assert said == "-300.01 cny would bring what index_trading has realised below 0; 300 cny is booked"
    assert "0 ha is booked" in refused(site, booking(NOON, "-1", "ha", reference="红字凭证4"))


def test_booking_without_mode_counts_under_current_mode() -> None:
    site = moded("engineering", "fiscal")
    site.at(NOON, booking(NOON, "10"))
    site.at(NOON, switched(NOON, "market", "index_trading"))
    site.at(NOON, booking(NOON, "20"))
    assert booked(site) == {"fiscal:cny": Decimal(10), "index_trading:cny": Decimal(20)}
    site.at(NOON, booking(NOON, "-10", funding="fiscal", reference="红字凭证"))
    assert booked(site)["fiscal:cny"] == 0


def test_a_site_without_a_funding_mode_must_be_told_which() -> None:
    site = moded(None, None)
    assert "name the one" in refused(site, booking(NOON, "10"))
    site.at(NOON, booking(NOON, "10", funding="enterprise"))
    assert booked(site) == {"enterprise:cny": Decimal(10)}


def test_a_plan_that_names_its_funding_modes_takes_no_other() -> None:
    site = moded("engineering", "fiscal", allowed={"engineering": ("fiscal", "enterprise")})
    said = refused(site, booking(NOON, "10", funding="land_balance"))
    assert said == "land_balance is no funding mode of this plan; it has: enterprise, fiscal"


def test_an_enterprise_books_nothing() -> None:
    assert "book is for the roles city, county" in refused(moded(), booking(NOON, "1", by=BUILDER))


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        ("0", "cny", "other than 0"),
        ("1.001", "cny", "at most 2 decimals of cny"),
        ("0.00001", "ha", "decimal"),
        ("NaN", "cny", "finite"),
        ("1e30", "cny", "digits"),
    ],
)
def test_an_amount_that_can_not_be_counted_is_no_command(amount: str, unit: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        booking(NOON, amount, unit)


def test_same_amount_in_other_notation_is_same_command() -> None:
    site = moded()
    site.at(NOON, booking(NOON, "1.50", command_id="b1"))
    outcome = site.at(NOON, booking(NOON, "1.5", command_id="b1"))
    assert outcome.result_of("b1").verdict is Verdict.DUPLICATE


fen = st.integers(-(10**9), 10**9).filter(bool).map(lambda n: str(Decimal(n).scaleb(-2)))
land = st.integers(-(10**6), 10**6).filter(bool).map(lambda n: str(Decimal(n).scaleb(-4)))
bookings = st.lists(
    st.tuples(
        st.one_of(st.tuples(fen, st.just("cny")), st.tuples(land, st.sampled_from(["ha", "mu"]))),
        st.sampled_from([mode.value for mode in FundingMode]),
    ),
    max_size=30,
)


@settings(max_examples=examples(150), deadline=None, derandomize=True, database=None)
@given(bookings)
def test_sums_equal_accepted_bookings_and_are_not_negative(
    said: list[tuple[tuple[str, str], str]],
) -> None:
    site = moded(required=False)
    expected: dict[str, Decimal] = {}
    for (amount, unit), mode in said:
        command = booking(NOON, amount, unit, mode)
        outcome = site.at(NOON, command)
        name = f"{mode}:{'cny' if unit == 'cny' else 'mu'}"
        value = Decimal(amount) * (15 if unit == "ha" else 1)
        would = expected.get(name, Decimal()) + value
        accepted = outcome.result_of(command.command_id).verdict is Verdict.ACCEPTED
        is_no_sale = name == "surplus_minerals:cny" and value > 0
        assert accepted == (would >= 0 and not is_no_sale)
        if accepted:
            expected[name] = would
    assert booked(site) == expected
    assert all(total >= 0 for total in booked(site).values())
    again = SiteAggregate(site.core.terms)
    again.restore(site.entries)
    assert again.state == site.core.state
    moved = type(site.core.state).model_validate_json(site.core.state.model_dump_json())
    assert moved == site.core.state
