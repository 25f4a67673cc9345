"""Counties and townships: who acts for whom, what is due when, who is told, and when sites open."""

from datetime import datetime
from typing import Any

import pytest

from rules.city.aggregate import CityAggregate
from rules.effects import OpenSites, TellSites
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.answers import Verdict
from schemas.options.counties import Told
from schemas.options.surveys import AddSurvey
from tests.support.city_with_counties import (
    BAOFENG,
    LUSHAN,
    MAYOR,
    OF_BAOFENG,
    OF_LUSHAN,
    OF_T1,
    PROVINCE,
    CountyLife,
    life_of_counties,
    say,
    terms_of_counties,
)
from tests.support.imagined_city import CityLife, city_terms
from tests.support.sample_terms import deadline, on, working


def begun(**option: Any) -> CountyLife:
    life = life_of_counties(**option)
    life.at(on(7, 19, 9))
    return life


def refused(life: CityLife, at: datetime, command: Any) -> str:
    judged = life.at(at, command).result_of(command.command_id)
    assert judged.verdict is Verdict.REFUSED
    return str(judged.reason)


def county_approved(life: CountyLife, day: int, county: str = LUSHAN, by: Actor = OF_LUSHAN) -> None:
    life.at(on(7, day, 9), say("submit_county_deployment", by, on(7, day, 9), county=county))
    life.at(on(7, day, 10), say("approve_county_deployment", MAYOR, on(7, day, 10), county=county))


def city_approved(life: CountyLife, day: int) -> None:
    life.at(on(7, day, 9), say("submit_deployment", MAYOR, on(7, day, 9)))
    life.at(on(7, day, 10), say("approve_deployment", PROVINCE, on(7, day, 10)))


# -- who -------------------------------------------------------------------------------------------------------------


def test_county_never_acts_for_another_one() -> None:
    life = begun()
    said = refused(life, on(7, 19, 10), say("sign_county_receipt", OF_BAOFENG, on(7, 19, 10), county=LUSHAN))
    assert said.startswith("rule sign_county_receipt/county") and "sun acts for 宝丰县政府" in said


@pytest.mark.parametrize("kind", ["return_county_deployment", "approve_county_deployment"])
def test_no_county_decides_on_its_own_deployment(kind: str) -> None:
    life = begun()
    life.at(on(7, 20), say("submit_county_deployment", OF_LUSHAN, on(7, 20), county="鲁山县"))
    for by in (OF_LUSHAN, OF_BAOFENG):
        assert refused(life, on(7, 20, 1), say(kind, by, on(7, 20, 1), county=LUSHAN)).startswith(f"rule {kind}/")


def test_county_decides_on_its_township_and_city_does_not() -> None:
    life = begun(townships=True)
    life.at(on(7, 19, 10), say("sign_county_receipt", OF_LUSHAN, on(7, 19, 10), county=LUSHAN))
    below = {"county": LUSHAN, "township": "示例镇"}
    life.at(on(7, 20), say("submit_county_deployment", OF_T1, on(7, 20), **below))
    assert refused(life, on(7, 20, 1), say("approve_county_deployment", MAYOR, on(7, 20, 1), **below)).startswith(
        "rule "
    )
    life.at(on(7, 20, 2), say("approve_county_deployment", OF_LUSHAN, on(7, 20, 2), **below))
    assert life.core.state.counties[f"{LUSHAN}/t1"].deployment == "approved"


def test_province_decides_in_place_of_city() -> None:
    life = begun()
    life.at(on(7, 20), say("submit_county_deployment", OF_LUSHAN, on(7, 20), county=LUSHAN))
    life.at(on(7, 20, 1), say("return_county_deployment", PROVINCE, on(7, 20, 1), county=LUSHAN))
    assert life.core.state.counties[LUSHAN].deployment == "returned"


def test_unknown_county_is_refused_with_those_that_deploy() -> None:
    said = refused(begun(), on(7, 19, 10), say("sign_county_receipt", OF_LUSHAN, on(7, 19, 10), county="叶县"))
    assert said == "平顶山市 has no county 叶县; its counties that deploy: 410423 鲁山县, 410421 宝丰县"


def test_city_without_the_option_takes_no_county_command() -> None:
    life = CityLife(CityAggregate(city_terms()))
    life.at(on(7, 19, 9))
    by = Actor(id="li", role=Role.CITY, unit="平顶山市")
    assert refused(life, on(7, 20), say("approve_county_deployment", by, on(7, 20), county=LUSHAN))
    assert life.core.view(on(7, 20)).counties == () and "counties" not in (life.core.row().facts or {})


def test_chapters_are_those_of_the_option() -> None:
    life = begun(opinion={"chapters": ["资金来源"]})
    said = refused(life, on(7, 20), say("submit_county_deployment", OF_LUSHAN, on(7, 20), county=LUSHAN))
    assert "lacks 1 of the 1 chapters" in said
    chapters = [{"title": "资金来源", "text": "财政"}]
    given = say("submit_county_deployment", OF_LUSHAN, on(7, 20, 1), county=LUSHAN, chapters=chapters)
    assert life.at(on(7, 20, 1), given).result_of(given.command_id).verdict is Verdict.ACCEPTED


# -- when ------------------------------------------------------------------------------------------------------------


def test_plan_reaches_counties_at_once_and_townships_by_them() -> None:
    life = begun(townships=True)
    below = {"county": LUSHAN, "township": "t1"}
    assert "has the plan when its county has signed" in refused(
        life, on(7, 19, 10), say("sign_county_receipt", OF_T1, on(7, 19, 10), **below)
    )
    life.at(on(7, 21, 9), say("sign_county_receipt", OF_LUSHAN, on(7, 21, 9), county=LUSHAN))
    counties = life.core.state.counties
    assert counties[BAOFENG].owed["receipt"].due == deadline(7, 20)
    assert counties[f"{LUSHAN}/t1"].owed["receipt"].due == deadline(7, 22)
    assert counties[f"{LUSHAN}/t1"].owed["deployment"].due == deadline(7, 26)


def test_returned_deployment_has_its_clause_from_when_it_was_heard() -> None:
    life = begun(opinion={"resubmission": working(1)})
    life.at(on(7, 20), say("submit_county_deployment", OF_LUSHAN, on(7, 20), county=LUSHAN))
    life.at(on(7, 22, 9), say("return_county_deployment", MAYOR, on(7, 21, 9), county=LUSHAN))
    assert life.core.state.counties[LUSHAN].owed["deployment"].due == deadline(7, 23)


def test_silence_is_told_level_by_level_with_fresh_grace() -> None:
    life = begun()
    life.quiet_until(on(7, 30))
    said = [(e["told"], e["next_due"]) for e in life.told() if (e["county"], e["duty"]) == (LUSHAN, "receipt")]
    # Told on the 21st, a Wednesday, then on the Friday, on Tuesday and on Thursday: each has its whole working day.
    assert said == [
        (Told.COUNTY, deadline(7, 22)), (Told.COUNTY_HEAD, deadline(7, 26)), (Told.CITY, deadline(7, 28)),
        (Told.CITY_HEAD, None),
    ]  # fmt: skip
    # Baofeng names no head: its government is told once.
    baofeng = [e["told"] for e in life.told() if (e["county"], e["duty"]) == (BAOFENG, "receipt")]
    assert baofeng == [Told.COUNTY, Told.CITY, Told.CITY_HEAD]


def test_city_levels_get_one_document_for_all_silent_counties() -> None:
    life = begun()
    life.quiet_until(on(7, 30))
    documents = [(d.rung, d.progress.county, len(d.data["counties"])) for d in life.documents if "receipt_ov" in d.kind
                 and d.kind.startswith("county")]  # fmt: skip
    assert documents.count((Told.COUNTY, LUSHAN, 1)) == 1 and documents.count((Told.COUNTY, BAOFENG, 1)) == 1
    assert (Told.CITY_HEAD, None, 1) in documents


def test_undecided_deployment_is_told_to_city_then_province() -> None:
    life = begun()
    life.at(on(7, 20), say("submit_county_deployment", OF_LUSHAN, on(7, 20), county=LUSHAN))
    life.quiet_until(on(8, 2))
    assert [e["told"] for e in life.told() if e["duty"] == "decision"] == [Told.CITY, Told.CITY_HEAD, Told.PROVINCE]


def test_what_is_done_before_the_dispatch_is_not_told() -> None:
    life = begun()
    life.at(deadline(7, 20))  # the receipts are overdue
    life.at(on(7, 21, 0), say("sign_county_receipt", OF_LUSHAN, on(7, 21, 0), county=LUSHAN))
    life.quiet_until(on(7, 21, 10))
    told = [d.progress.county for d in life.documents if d.kind == "county_receipt_overdue"]
    assert told == [BAOFENG]


# -- sites -----------------------------------------------------------------------------------------------------------


def test_sites_of_a_county_open_with_the_later_approval() -> None:
    life = begun()
    county_approved(life, 20)
    assert life.opened == []
    city_approved(life, 21)
    assert sorted(life.opened) == [("l1", on(7, 21, 10)), ("l2", on(7, 21, 10)), ("x1", on(7, 21, 10))]
    county_approved(life, 23, BAOFENG, OF_BAOFENG)
    assert life.opened[-1] == ("b1", on(7, 23, 10))
    assert [e.sites for e in life.events("county_sites_opened")] == [2, 1]


def test_all_sites_open_with_the_city_without_the_option() -> None:
    life = begun(opens_sites=False)
    city_approved(life, 21)
    assert sorted(site for site, _ in life.opened) == ["b1", "l1", "l2", "x1"]
    county_approved(life, 23)
    assert len(life.opened) == 4


def test_survey_waits_for_its_county() -> None:
    life = CountyLife(CityAggregate(terms_of_counties(terms={"surveys": True})))
    life.at(on(7, 19, 9))
    county_approved(life, 20)
    city_approved(life, 21)
    found = AddSurvey(
        command_id="S2", actor=PROVINCE, effective_at=on(7, 22), survey="S2", digest="a" * 64, sites=3, newly_found=3
    )
    life.at(on(7, 22), found)
    assert [site for site, at in life.opened if at == on(7, 22)] == ["l3", "x2"]
    county_approved(life, 23, BAOFENG, OF_BAOFENG)
    assert [site for site, at in life.opened if at == on(7, 23, 10)] == ["b1", "b2"]


def test_restored_city_asks_for_a_county_opening_again() -> None:
    life = begun()
    county_approved(life, 20)
    city_approved(life, 21)
    entries = [e for e in life.entries if e.kind != "county_sites_opened"]
    cut = entries.index(next(e for e in entries if e.kind == "deployment_approved")) + 1
    again = CityAggregate(life.core.terms)
    again.restore(entries[:cut])
    asked = [e for e in again.advance((), on(7, 21, 11)).effects if isinstance(e, OpenSites)]
    assert [(e.county, e.at) for e in asked] == [(None, on(7, 21, 10)), (LUSHAN, on(7, 21, 10))]


def test_suspension_order_reaches_the_sites_of_a_county_that_opens_later() -> None:
    life = begun(opens_sites=True)
    city_approved(life, 20)
    life.at(on(7, 21), cmd.CITY_COMMANDS["suspend_sites"].model_validate(
        {"command_id": "s", "actor": PROVINCE, "effective_at": on(7, 21), "reason": "汛情"}
    ))  # fmt: skip
    life.quiet_until(on(7, 21, 12))
    before = len([one for one in life.done if isinstance(one, TellSites)])
    county_approved(life, 22)
    life.quiet_until(on(7, 22, 12))
    assert len(life.events("county_sites_opened")) == 1
    assert len([one for one in life.done if isinstance(one, TellSites)]) == before + 1
