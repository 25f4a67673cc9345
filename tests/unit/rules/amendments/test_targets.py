"""Re-splits of targets at a campaign: its sums add up at every moment, through any sequence of amendments."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.campaign.aggregate import CampaignAggregate
from schemas.amendments import Amend, PlanAmended
from schemas.answers import Verdict
from schemas.campaign import CampaignTerms
from schemas.targets import Targets
from tests.support.budget import examples
from tests.support.imagined_city import CampaignLife, campaign_terms
from tests.support.sample_terms import PROVINCE, on

bounded = settings(max_examples=examples(100), derandomize=True, deadline=None, database=None)
CITIES = ("410400", "410600")
Tree = dict[str, Any]


@st.composite
def splits(draw: st.DrawFn) -> Tree:
    """A split that adds up, in any unit, of both cities; some counties are split to townships."""
    unit = draw(st.sampled_from(["ha", "sites", "percent_of_sites", "percent_of_ha"]))
    cities = []
    for code in CITIES:
        counties = []
        for n in range(draw(st.integers(1, 3))):
            townships = [leaf(draw, unit, f"{code}-{n}-{m}") for m in range(draw(st.integers(0, 2)))]
            county = parent(unit, f"{code}-{n}", townships) if townships else leaf(draw, unit, f"{code}-{n}")
            counties.append({**county, **({"townships": townships} if townships else {})})
        cities.append({**parent(unit, code, counties), "counties": counties})
    return {"unit": unit, "total": parent(unit, "", cities)["target"], "cities": cities}


def leaf(draw: st.DrawFn, unit: str, code: str) -> Tree:
    if unit == "sites":
        return {"code": code, "target": str(draw(st.integers(0, 50)))}
    tenths = draw(st.integers(0, 1000))
    target = str(Decimal(tenths) / 10)
    return {"code": code, "target": target} | ({"stock": str(draw(st.integers(1, 40)))} if "percent" in unit else {})


def parent(unit: str, code: str, parts: list[Tree]) -> Tree:
    """The amount of a unit from those of its parts, by fractions."""
    if "percent" not in unit:
        return {"code": code, "target": str(sum(Decimal(one["target"]) for one in parts))}
    asked, stock = came_to(parts)
    tenthousandths = round(asked / stock * 1_000_000)
    return {"code": code, "target": str(Decimal(tenthousandths).scaleb(-4))}


def came_to(parts: list[Tree]) -> tuple[Fraction, Fraction]:
    """What lower units ask for and have, by their own leaves."""
    asked = stock = Fraction(0)
    for one in parts:
        below = one.get("townships") or one.get("counties")
        if below:
            more = came_to(below)
            asked, stock = asked + more[0], stock + more[1]
        else:
            stock += Fraction(one["stock"])
            asked += Fraction(one["target"]) * Fraction(one["stock"]) / 100
    return asked, stock


def sums_hold(tree: Tree) -> None:
    """Every level of a split as JSON has the amount that its parts come to, worked out by the test's own reckoning."""
    unit, cities = tree.get("unit", "ha"), tree["cities"]
    assert Decimal(tree["total"]) == Decimal(parent(unit, "", cities)["target"])
    for city in cities:
        assert Decimal(city["target"]) == Decimal(parent(unit, "", city["counties"])["target"])
        for county in city["counties"]:
            if county.get("townships"):
                assert Decimal(county["target"]) == Decimal(parent(unit, "", county["townships"])["target"])


def amend(number: int, tree: Tree) -> Amend:
    return Amend(
        command_id=f"amend-{number}", actor=PROVINCE, effective_at=on(8, 1 + number, 9), amendment=number,
        document=f"豫自然资发〔2021〕{number}号", title="任务调整", digest="d", terms={"targets": tree},
    )  # fmt: skip


def in_force(terms: CampaignTerms) -> Tree:
    assert terms.targets is not None
    return terms.targets.model_dump(mode="json")


@bounded
@given(splits(), st.lists(st.tuples(splits(), st.sampled_from([None, "total", "city", "county"])), max_size=4))
def test_sums_of_splits_add_up_through_any_amendments(first: Tree, later: list[tuple[Tree, str | None]]) -> None:
    life = CampaignLife(CampaignAggregate(campaign_terms(targets=Targets.model_validate(first))))
    life.at(on(7, 17, 9))
    for number, (tree, broken) in enumerate(later, 1):
        before = in_force(life.core.terms)
        sums_hold(before)
        if broken == "total":
            tree["total"] = str(Decimal(tree["total"]) + (1 if Decimal(tree["total"]) < 50 else -1))
        elif broken is not None:
            part = tree["cities"][0] if broken == "city" else tree["cities"][-1]["counties"][-1]
            part["target"] = str(Decimal(part["target"]) + (1 if Decimal(part["target"]) < 50 else -1))
        command = amend(number, tree)
        result = life.at(on(8, 1 + number, 9), command).result_of(command.command_id)
        after = in_force(life.core.terms)
        sums_hold(after)
        if result.verdict is Verdict.REFUSED:
            assert broken is not None and after == before and "nothing is amended" in str(result.reason)
        else:
            assert after == Targets.model_validate(tree).model_dump(mode="json")


def hectares(first: str, second: str) -> Targets:
    split = [
        {"code": code, "target": amount, "counties": [{"code": f"{code}x", "target": amount}]}
        for code, amount in zip(CITIES, (first, second), strict=True)
    ]
    return Targets.model_validate({"total": str(Decimal(first) + Decimal(second)), "cities": split})


def test_resplit_keeps_old_and_new_in_ledger_and_tells_cities() -> None:
    life = CampaignLife(CampaignAggregate(campaign_terms(targets=hectares("10.5", "4.5"))))
    life.at(on(7, 17, 9))
    outcome = life.at(on(8, 2, 9), amend(1, hectares("9", "6").model_dump(mode="json")))
    (entry,) = life.of("plan_amended")
    event = PlanAmended.model_validate_json(entry.data)
    moves = [(one.city, one.county, str(one.before), str(one.after)) for one in event.targets]
    assert moves == [
        ("", "", "15", "15"), ("410400", "", "10.5", "9"), ("410400", "410400x", "10.5", "9"),
        ("410600", "", "4.5", "6"), ("410600", "410600x", "4.5", "6"),
    ]  # fmt: skip
    assert [one.city for one in outcome.notices if one.kind == "target_change"] == list(CITIES)


def test_resplit_that_does_not_add_up_is_refused_whole() -> None:
    life = CampaignLife(CampaignAggregate(campaign_terms(targets=hectares("10.5", "4.5"))))
    life.at(on(7, 17, 9))
    command = amend(1, hectares("9", "6").model_dump(mode="json") | {"total": "16"})
    result = life.at(on(8, 2, 9), command).result_of("amend-1")
    assert result.verdict is Verdict.REFUSED and "the cities add up to 15 ha, the total says 16 ha" in str(
        result.reason
    )
    assert life.core.terms.targets == hectares("10.5", "4.5") and life.core.state.amendment == 0
