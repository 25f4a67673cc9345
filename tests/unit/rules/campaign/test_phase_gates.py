"""Gates and milestones by measures: exact shares, who is behind, and cities with nothing to do."""

from decimal import Decimal
from typing import Any

import pytest

from rules.campaign.phase_gates import lagging_cities, milestones, missing
from schemas.campaign import PhaseTerms
from schemas.options.phases import Gate, Milestone, PhaseMeasures, PhaseReport
from tests.support.sample_terms import on


def phase(*conditions: dict[str, Any], **changes: Any) -> PhaseTerms:
    gate = Gate.model_validate({"conditions": conditions}) if conditions else None
    return PhaseTerms(id="sweep", starts_at=on(7, 17), ends_at=on(8, 7), gate=gate, **changes)


def report(*cities: dict[str, Any], surveys: tuple[str, ...] = ()) -> PhaseReport:
    made = tuple(PhaseMeasures(code=f"c{n}", name=f"市{n}", **one) for n, one in enumerate(cities, 1))
    return PhaseReport(phase="sweep", as_of=on(8, 7), cities=made, surveys=surveys)


@pytest.mark.parametrize(
    ("per_cent", "closed", "met"),
    [
        (66.6, 333, True),  # 66.6 % of 500 is 333, no more
        (66.6, 332, False),
        (33.3333, 167, True),  # 166.6665 of 500
        (33.3333, 166, False),
        (100, 499, False),
    ],
)
def test_share_is_compared_exactly(per_cent: float, closed: int, met: bool) -> None:
    found = missing(phase({"check": "closed", "per_cent": per_cent}), report({"sites": 500, "closed": closed}))
    assert (found == ()) is met


def test_share_of_campaign_names_cities_that_are_behind() -> None:
    asked = phase({"check": "in_work", "per_cent": 50, "of": "campaign"})
    both = report({"sites": 10, "in_work": 2}, {"sites": 10, "in_work": 7})
    (found,) = missing(asked, both)
    assert (found.city, found.have, found.wanted, found.of, found.lacking) == ("", 9, 10, 20, 1)
    assert found.lagging == ("c1",)
    assert missing(asked, report({"sites": 10, "in_work": 3}, {"sites": 10, "in_work": 7})) == ()


def test_condition_of_each_city_is_met_where_nothing_is_to_do() -> None:
    asked = phase({"check": "closed", "per_cent": 100}, {"check": "deployments_approved"})
    found = missing(asked, report({"sites": 0, "deployed": True}, {"sites": 1, "closed": 1}))
    assert [(one.check, one.city) for one in found] == [("deployments_approved", "c2")]
    assert lagging_cities(found) == ("c2",)


def test_sites_are_surveyed_when_rounds_are_added_and_opened() -> None:
    asked = phase({"check": "sites_surveyed"}, rounds=("S1", "S2"))
    opened, waiting = {"sites": 4}, {"sites": 4, "unopened": 3}
    assert missing(asked, report(opened, surveys=("S1", "S2", "S9"))) == ()
    (round_,) = missing(asked, report(opened, surveys=("S1",)))
    assert round_.rounds == ("S2",) and lagging_cities([round_]) == ()
    (unopened,) = missing(asked, report(opened, waiting, surveys=("S1", "S2")))
    assert (unopened.city, unopened.lacking) == ("c2", 3)


def test_milestone_in_hectares_is_exact_and_kept_without_any() -> None:
    asked = phase(milestones=(Milestone(measure="hectares", per_cent=Decimal("33.3")),))
    reached = milestones(
        asked,
        report(
            {"sites": 3, "hectares": Decimal("0.3"), "hectares_closed": Decimal("0.0999")},
            {"sites": 3, "hectares": Decimal("0.3"), "hectares_closed": Decimal("0.0998")},
            {},
        ),
    )
    assert [one.kept for one in reached] == [True, False, True]
