"""Spot checks ordered by the campaign: on the plan's days for every city, and by command of the province."""

from datetime import date
from typing import Any

import pytest

from rules.campaign.aggregate import CampaignAggregate
from rules.campaign.options.spot_checks import spot_check_terms
from rules.effects import StartSpotCheck
from schemas.amendments import Amend
from schemas.answers import Verdict
from schemas.options.spot_checks import DrawSpotCheck, SpotCheckPlan, sampling_contradictions
from tests.support.imagined_city import campaign_terms, city_name
from tests.support.sample_terms import CITY, PROVINCE, Life, on

PLAN = SpotCheckPlan(draws=(date(2021, 9, 24), date(2021, 8, 20)), seed=5)


class CampaignLife(Life):
    core: CampaignAggregate

    def __init__(self, plan: SpotCheckPlan | None = PLAN) -> None:
        super().__init__(CampaignAggregate(campaign_terms(spot_check=plan)))
        self.started: list[StartSpotCheck] = []

    def keep(self, outcome: Any) -> None:
        super().keep(outcome)
        self.started += [effect for effect in outcome.effects if isinstance(effect, StartSpotCheck)]


def order(check: str, **more: Any) -> DrawSpotCheck:
    return DrawSpotCheck(
        **{"command_id": f"draw-{check}", "actor": PROVINCE, "effective_at": on(8, 2, 15), "check": check} | more
    )


def test_planned_spot_check_drawn_per_city_at_configured_hour() -> None:
    board = CampaignLife()
    board.quiet_until(on(10, 1))
    codes = [city.code for city in board.core.terms.cities]
    assert [one.check for one in board.started] == [
        f"{day}-{code}" for day in ("2021-08-20", "2021-09-24") for code in codes
    ]
    assert {(one.at, one.seed) for one in board.started} == {(on(8, 20, 5), 5), (on(9, 24, 5), 5)}
    terms = spot_check_terms(board.core.terms, board.started[0])
    assert (terms.city, terms.ordered_at, terms.plan) == (codes[0], on(8, 20, 5), PLAN)
    again = CampaignAggregate(board.core.terms)
    again.restore(board.entries)
    assert again.state.spot_checks == board.core.state.spot_checks


def test_after_an_outage_what_was_missed_is_drawn_as_of_its_hour() -> None:
    board = CampaignLife()
    board.at(on(7, 19, 10))
    board.at(on(9, 1, 10))
    assert {one.at for one in board.started} == {on(8, 20, 5)}


def test_city_added_by_amendment_not_checked_for_earlier_days() -> None:
    board = CampaignLife()
    board.quiet_until(on(9, 1))
    cities = [*board.core.terms.cities, city_name("411200", "三门峡市")]
    added = Amend(
        command_id="amend-1", actor=PROVINCE, effective_at=on(9, 1, 9), amendment=1, document="第9号", title="补充通知",
        digest="d", terms={"cities": [city.model_dump() for city in cities]}, added=("411200",),
    )  # fmt: skip
    board.at(on(9, 1, 9), added)
    board.quiet_until(on(10, 1))
    assert [one.check for one in board.started if one.city == "411200"] == ["2021-09-24-411200"]
    again = CampaignAggregate(campaign_terms(spot_check=PLAN))
    again.restore(board.entries)
    assert again.state.joined == board.core.state.joined == {"411200": on(9, 1, 9)}


def test_the_province_orders_one_with_a_seed_of_its_own() -> None:
    board = CampaignLife(SpotCheckPlan(seed=5))
    board.quiet_until(on(8, 2))
    code = board.core.terms.cities[0].code
    board.at(on(8, 2, 15), order("one", city=code, seed=9), order("two"))
    assert [(one.check, one.city, one.seed) for one in board.started] == [("one", code, 9), ("two", None, 5)]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (order("x", actor=CITY), "is for the roles province"),
        (order("x", city="999999"), "no city '999999'; it has"),
    ],
)
def test_what_may_not_be_ordered(command: DrawSpotCheck, why: str) -> None:
    board = CampaignLife()
    board.quiet_until(on(8, 2))
    assert why in str(board.core.refusal(command, on(8, 2, 15)))


def test_spot_check_id_unique_and_refused_without_plan_option() -> None:
    board = CampaignLife()
    board.quiet_until(on(8, 2))
    board.at(on(8, 2, 15), order("x"))
    outcome = board.at(on(8, 2, 15), order("x", command_id="other"))
    assert outcome.result_of("other").verdict is Verdict.REFUSED
    assert "exists already" in str(outcome.result_of("other").reason)
    without = CampaignLife(None)
    without.quiet_until(on(8, 2))
    assert "the plan has no spot_check" in str(without.core.refusal(order("x"), on(8, 2, 15)))
    without.quiet_until(on(10, 30))
    assert not without.started


def test_after_the_end_none_is_ordered() -> None:
    board = CampaignLife()
    board.quiet_until(on(11, 1, 12))
    late = order("x", effective_at=on(11, 1, 12))
    assert "allowed while it is running" in str(board.core.refusal(late, on(11, 1, 12)))


def test_draws_outside_campaign_and_unknown_levels_are_faults() -> None:
    plan = SpotCheckPlan(draws=(date(2021, 7, 1), date(2021, 8, 1), date(2021, 8, 1)), passed="town")
    said = list(sampling_contradictions(plan, date(2021, 7, 17), date(2021, 10, 31), ("county", "city")))
    assert any("2021-07-01 lies outside" in one for one in said)
    assert any("2021-08-01 stands twice" in one for one in said)
    assert any("no level 'town'; the levels are county, city" in one for one in said)


def test_order_of_before_the_issue_of_the_plan_counts_as_of_its_receipt() -> None:
    board = CampaignLife()
    board.quiet_until(on(7, 18))
    early = order("x", effective_at=on(7, 16, 9))
    [warning] = board.at(on(7, 18, 9), early).result_of(early.command_id).warnings
    assert "it is before the plan was issued (2021-07-17 09:00)" in warning
