"""A site's restoration and funding mode: they select the requirements, and no done work is lost."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from rules.site.state import SiteState
from rules.site.work import in_force, modes_in_force
from schemas.options.modes import Pair
from schemas.site.commands import CompleteTask
from schemas.site.terms import SiteTerms
from tests.support.budget import examples
from tests.support.modes_sample import ALLOWED, booking, moded, ruled, switched
from tests.support.sample_terms import COUNTY, EXPERT, SiteLife, all_work, failed, on, passed, refused, report

NOON = on(7, 20, 12)


def needed(site: SiteLife) -> list[str]:
    return [r.id for r in in_force(site.core.terms, site.core.state)]


def work(day: int, *requirements: str) -> list[CompleteTask]:
    quantities = {"seal": 2, "slope": 50, "fence": 100, "survey": 1}
    return [report(on(7, day, 14), r, quantities[r], "after") for r in requirements]


def test_the_modes_of_the_register_choose_the_requirements() -> None:
    assert needed(moded("engineering", "fiscal")) == ["seal", "slope"]
    assert needed(moded("natural", "fiscal")) == ["seal", "fence"]
    assert needed(moded("market", "index_trading")) == ["seal", "slope", "survey"]
    assert needed(moded("industry", "enterprise")) == ["seal"]


def test_plan_without_modes_keeps_all_requirements() -> None:
    site = SiteLife()
    assert needed(site) == ["seal", "signs"]
    assert "its plan has no modes" in refused(site, switched(NOON, "market"))
    assert "neither modes (`modes`) nor costs" in refused(site, booking(NOON, "5"))
    view = site.core.view(NOON).model_dump(mode="json")
    assert not {"restoration_mode", "withheld", "realised"} & view.keys()
    facts = site.core.row().facts
    assert facts is not None and facts.restoration_mode is None and not facts.realised


def test_a_switch_tells_what_comes_and_what_falls_away() -> None:
    site = moded("engineering", "fiscal")
    site.at(NOON, switched(NOON, "natural"))
    (event,) = site._events("mode_set")
    assert (event.before, event.modes) == (
        Pair(restoration="engineering", funding="fiscal"),
        Pair(restoration="natural", funding="fiscal"),
    )
    assert (event.comes, event.falls_away) == (("fence",), ("slope",))
    assert site.core.outstanding() == {"seal": 2, "fence": 100}


def test_what_was_done_stands_and_comes_back_with_its_mode() -> None:
    site = moded("engineering", "fiscal")
    site.at(NOON, report(NOON, "seal", 1, "after"), report(NOON, "slope", 30))
    site.at(on(7, 21, 12), switched(on(7, 21, 12), "natural"))
    assert site.core.outstanding() == {"seal": 1, "fence": 100}
    site.at(on(7, 22, 12), switched(on(7, 22, 12), "engineering"))
    assert site.core.outstanding() == {"seal": 1, "slope": 20}


def test_work_on_a_requirement_that_fell_away_is_refused() -> None:
    site = moded("natural", "fiscal")
    assert "it has: seal, fence" in refused(site, report(NOON, "slope", 10))


def test_mode_switch_leaving_no_work_requests_verification() -> None:
    site = moded("engineering", "fiscal")
    site.at(on(7, 20, 14), *work(20, "seal"))
    assert site.state.stage == "rectifying"
    site.at(on(7, 21, 9), switched(on(7, 21, 9), "industry"))
    assert (site.state.stage, site.state.level) == ("verifying", "county")


def test_a_switch_does_not_move_the_deadline() -> None:
    site = moded()
    due = site.state.due
    site.at(NOON, switched(NOON, "natural"))
    assert site.state.due == due


@pytest.mark.parametrize(
    ("restoration", "funding", "said"),
    [
        ("market", "fiscal", "market with fiscal is not allowed by this plan"),
        ("natural", "enterprise", "allowed: natural with fiscal; engineering with fiscal or enterprise"),
        ("engineering", "fiscal", "the site is under engineering with fiscal already"),
    ],
)
def test_mode_switch_accepts_only_allowed_new_pairs(restoration: str, funding: str, said: str) -> None:
    assert said in refused(moded(), switched(NOON, restoration, funding))


def test_site_without_required_mode_cannot_request_verification() -> None:
    site = moded(None, None)
    assert needed(site) == ["seal"]
    site.at(on(7, 20, 14), *work(20, "seal"))
    assert site.state.stage == "rectifying"
    assert site.core.view(site.now).withheld == ("restoration_mode", "funding_mode")
    site.at(on(7, 21, 9), switched(on(7, 21, 9), "industry"))
    assert site.core.view(site.now).withheld == ("funding_mode",)
    site.at(on(7, 21, 10), switched(on(7, 21, 10), funding="enterprise"))
    assert site.state.stage == "verifying"
    assert site.core.view(site.now).withheld == ()


def test_site_without_optional_mode_is_verified() -> None:
    site = moded(None, None, required=False)
    site.at(on(7, 20, 14), *work(20, "seal"))
    assert site.state.stage == "verifying"


def test_mode_switch_allowed_until_configured_stage() -> None:
    site = moded("engineering", "fiscal")
    site.at(on(7, 20, 14), *work(20, "seal", "slope"))
    assert "while the site is verifying" in refused(site, switched(on(7, 21, 9), "natural"))
    site.at(on(7, 21, 10), failed(on(7, 21, 10), "county"))
    site.at(on(7, 21, 11), switched(on(7, 21, 11), "natural"))
    assert site.core.outstanding() == {"seal": 2, "fence": 100}


def test_a_switch_while_verifying_begins_the_verification_anew() -> None:
    site = moded("engineering", "fiscal", until="verifying")
    site.at(on(7, 20, 14), *work(20, "seal", "slope"))
    site.at(on(7, 21, 9), passed(on(7, 21, 9), "county", by=COUNTY))
    assert site.state.level == "city"
    due = site.state.due
    site.at(on(7, 21, 10), switched(on(7, 21, 10), "natural"))
    assert (site.state.stage, site.state.level, site.state.round) == ("rectifying", None, 1)
    assert site.state.due == due
    site.at(on(7, 22, 14), *work(22, "fence"))
    assert (site.state.stage, site.state.level, site.state.verifiers) == ("verifying", "county", {})
    site.at(on(7, 23, 9), passed(on(7, 23, 9), "county", by=EXPERT))
    assert site.state.level == "city"


def test_proposed_mode_takes_effect_on_province_confirmation() -> None:
    site = moded("engineering", "fiscal", confirmed_by_province=True)
    site.at(NOON, switched(NOON, "natural"))
    assert site.kinds()[-1] == "mode_proposed"
    assert needed(site) == ["seal", "slope"]
    facts = site.core.row().facts
    assert facts is not None and facts.mode_waits and facts.restoration_mode == "engineering"
    site.at(on(7, 21, 12), ruled(on(7, 21, 12), restoration_mode="natural"))
    assert needed(site) == ["seal", "fence"]
    facts = site.core.row().facts
    assert facts is not None and not facts.mode_waits and facts.restoration_mode == "natural"


def test_what_waits_for_the_province_holds_back_the_verification() -> None:
    site = moded("engineering", "fiscal", confirmed_by_province=True)
    site.at(NOON, switched(NOON, "natural"))
    site.at(on(7, 20, 14), *work(20, "seal", "slope"))
    assert site.state.stage == "rectifying"
    assert site.core.view(site.now).withheld == ("mode_decision",)
    site.at(on(7, 21, 12), ruled(on(7, 21, 12), confirmed=False))
    assert (site.state.stage, needed(site)) == ("verifying", ["seal", "slope"])


def test_a_proposal_is_taken_back_by_the_mode_that_holds() -> None:
    site = moded("engineering", "fiscal", confirmed_by_province=True)
    site.at(NOON, switched(NOON, "natural"))
    assert "is proposed already" in refused(site, switched(on(7, 20, 13), "natural"))
    site.at(on(7, 20, 14), switched(on(7, 20, 14), "engineering"))
    assert site.kinds()[-1] == "mode_withdrawn"
    assert "no mode of the site waits" in refused(site, ruled(on(7, 20, 15)))


def test_the_province_confirms_what_is_proposed_and_nothing_else() -> None:
    site = moded("engineering", "fiscal", confirmed_by_province=True)
    site.at(NOON, switched(NOON, "natural"))
    said = refused(site, ruled(on(7, 20, 13), restoration_mode="market"))
    assert said == "the site proposes natural with fiscal, not market"


modes = st.sampled_from([(r, f) for r in ALLOWED for f in (ALLOWED[r] or ("fiscal", "enterprise", "land_balance"))])
steps = st.lists(
    st.one_of(
        modes,
        st.tuples(st.sampled_from(["seal", "slope", "fence", "survey"]), st.integers(1, 3).map(float)),
    ),
    max_size=25,
)


@settings(max_examples=examples(150), deadline=None, derandomize=True, database=None)
@given(steps, st.booleans())
def test_mode_switches_lose_no_work_and_depend_on_state_only(said: list[tuple[str, Any]], confirms: bool) -> None:
    site = moded("engineering", "fiscal", confirmed_by_province=confirms, required=False)
    done: dict[str, float] = {}
    now = on(7, 20)
    for first, second in said:
        if site.state.stage != "rectifying":
            break
        now = now.replace(minute=(now.minute + 1) % 60, hour=now.hour + (now.minute == 59))
        if isinstance(second, float):
            holds = first in needed(site)
            site.at(now, report(now, first, second, "after"))
            done[first] = done.get(first, 0.0) + (second if holds else 0.0)
        else:
            site.at(now, switched(now, first, second))
            if site.state.modes is not None and site.state.modes.proposed is not None:
                site.at(now, ruled(now))
            assert modes_in_force(site.core.terms, site.core.state) == Pair(restoration=first, funding=second)
        assert {r: q for r, q in site.state.done.items() if q} == {r: q for r, q in done.items() if q}
    terms = SiteTerms.model_validate_json(site.core.terms.model_dump_json())
    moved = SiteState.model_validate_json(site.core.state.model_dump_json())
    assert in_force(terms, moved) == in_force(site.core.terms, site.core.state)
    again = SiteAggregate(terms)
    again.restore(site.entries)
    assert again.state == site.core.state
    assert in_force(again.terms, again.state) == in_force(site.core.terms, site.core.state)


def test_site_without_modes_verifies_after_all_work() -> None:
    site = SiteLife()
    site.at(NOON, *all_work(NOON))
    assert site.state.stage == "verifying"
