"""The versions of a county's opinion, from its city's ledger."""

import json

from rules.city.options.counties.opinions import KINDS, county_versions
from tests.support.city_with_counties import BAOFENG, LUSHAN, MAYOR, OF_BAOFENG, OF_LUSHAN, life_of_counties, say
from tests.support.sample_terms import deadline, on


def test_county_versions_are_those_of_each_unit() -> None:
    life = life_of_counties()
    life.at(on(7, 19, 9))
    life.at(on(7, 20), say("submit_county_deployment", OF_LUSHAN, on(7, 20), county=LUSHAN, points=3))
    life.at(on(7, 21), say("return_county_deployment", MAYOR, on(7, 21), county=LUSHAN))
    life.at(on(7, 22), say("submit_county_deployment", OF_LUSHAN, on(7, 22), county=LUSHAN))
    life.at(on(7, 22), say("submit_county_deployment", OF_BAOFENG, on(7, 22), county=BAOFENG))
    life.at(on(7, 23), say("approve_county_deployment", MAYOR, on(7, 23), county=LUSHAN))
    events = [
        (life.core.events[e.kind].model_validate_json(e.data), e.at, json.loads(e.actor)["id"])
        for e in life.entries
        if e.kind in KINDS
    ]
    found = county_versions(events)
    assert set(found) == {LUSHAN, BAOFENG}
    first, second = found[LUSHAN]
    assert (first.points, first.decision, first.decided_by, first.reason) == (3, "returned", "zhao", "补充")
    assert "decision_due" in first.clauses and "due" in second.clauses
    assert (second.due, second.decision, second.submitted_by) == (deadline(7, 26), "approved", "li")
    assert [one.decision for one in found[BAOFENG]] == [None]
