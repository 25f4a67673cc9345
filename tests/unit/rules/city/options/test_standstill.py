"""One order suspends many sites of a city, with one document; it is the same as suspending them one by one."""

import json
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.plan.plan_file import read_plan
from rules.city.aggregate import CityAggregate
from rules.effects import OpenSites, TellSites
from rules.site.orders import fits, order_command
from schemas import commands as cmd
from schemas.actor import Actor
from schemas.options.standstill import SiteScope, SitesToldReport, SuspensionOrder, TellSitesOrder
from schemas.register import Problem, Site
from schemas.work import SitesOpenedReport
from tests.support.budget import examples
from tests.support.imagined_city import CityLife, city_terms
from tests.support.sample_terms import CITY, PROVINCE, SiteLife, all_work, deadline, on, refused, resumed, suspended

HENAN = Path(__file__).parents[5] / "examples/henan-2021/plan.yaml"


def said(kind: str, at: datetime, by: Actor = PROVINCE, **content: Any) -> cmd.Command:
    content |= {"command_id": f"{kind}-{at}", "actor": by, "effective_at": at}
    return cmd.CITY_COMMANDS[kind].model_validate(content)


def opened_city() -> CityLife:
    life = CityLife(CityAggregate(city_terms()))
    life.at(on(7, 19, 9))
    life.at(on(7, 20), cmd.SubmitDeployment(command_id="1", actor=CITY, effective_at=on(7, 20), opinion="实施意见"))
    life.at(on(7, 21), cmd.ApproveDeployment(command_id="2", actor=PROVINCE, effective_at=on(7, 21)))
    life.at(on(7, 21, 12))
    assert any(isinstance(one, OpenSites) for one in life.done)
    return life


def told(life: CityLife) -> list[TellSites]:
    return [one for one in life.done if isinstance(one, TellSites)]


def test_order_tells_the_sites_once_and_again_when_more_open() -> None:
    life = opened_city()
    life.at(on(7, 22), said("suspend_sites", on(7, 22), reason="汛情", basis="flood"))
    life.quiet_until(on(7, 27))
    assert [(one.order.number, one.lifted_by) for one in told(life)] == [(1, None)]
    life.core.observe(SitesOpenedReport(sites=1, due=deadline(9, 30)), on(7, 27))
    life.at(on(7, 27, 12), said("suspend_sites", on(7, 27, 12), reason="汛情", county="示例县"))
    assert [one.order.number for one in told(life)] == [1, 2]


def test_order_before_the_opening_waits_for_it() -> None:
    life = CityLife(CityAggregate(city_terms()))
    life.at(on(7, 19, 9))
    life.at(on(7, 19, 12), said("suspend_sites", on(7, 19, 12), reason="汛情"))
    assert told(life) == []
    life.at(on(7, 20), cmd.SubmitDeployment(command_id="1", actor=CITY, effective_at=on(7, 20), opinion="实施意见"))
    life.at(on(7, 21), cmd.ApproveDeployment(command_id="2", actor=PROVINCE, effective_at=on(7, 21)))
    life.at(on(7, 21, 12))
    life.at(on(7, 21, 13))
    assert [one.order.name for one in told(life)] == [f"{life.core.terms.code}-suspension-1"]


def test_order_for_the_same_sites_again_is_refused_until_it_ends() -> None:
    life = opened_city()
    life.at(on(7, 22), said("suspend_sites", on(7, 22), reason="汛情", until=date(2021, 7, 25)))
    again = said("suspend_sites", on(7, 23), reason="汛情")
    assert "holds for these sites already" in str(life.core.refusal(again, on(7, 23)))
    assert life.core.refusal(said("suspend_sites", on(7, 26), reason="汛情"), on(7, 26)) is None
    over = said("suspend_sites", on(7, 23), reason="汛情", until=date(2021, 7, 22))
    assert "has passed" in str(life.core.refusal(over, on(7, 23)))


def test_resumption_ends_the_orders_that_hold() -> None:
    life = opened_city()
    assert "no such order holds" in str(life.core.refusal(said("resume_sites", on(7, 22)), on(7, 22)))
    for hour, county in enumerate(("甲县", "乙县"), 9):
        life.at(on(7, 22, hour), said("suspend_sites", on(7, 22, hour), reason="汛情", county=county))
    life.at(on(7, 26), said("resume_sites", on(7, 26), order=2))
    life.at(on(7, 27), said("resume_sites", on(7, 27)))
    assert [(one.order.number, one.lifted_by is None) for one in told(life)] == [
        (1, True), (2, True), (2, False), (1, False),
    ]  # fmt: skip


def test_sites_told_are_counted_in_the_ledger() -> None:
    life = opened_city()
    life.at(on(7, 22), said("suspend_sites", on(7, 22), reason="汛情"))
    life.keep(life.core.observe(SitesToldReport(number=1, told=7), on(7, 22)))
    life.keep(life.core.observe(SitesToldReport(number=1, told=0), on(7, 22)))
    assert [json.loads(entry.data)["told"] for entry in life.of("sites_suspended")] == [7]


def test_scope_fits_by_county_type_problem_and_requirement() -> None:
    plan, _ = read_plan(HENAN)
    assert plan is not None
    site = Site(
        id="1", name="一", city="410400", county="410402", type="adit", problems=(Problem(kind="adit_open"),),
        latitude=33.7, longitude=113.3,
    )  # fmt: skip
    asked = next(entry for entry in plan.catalogue if "adit_open" in entry.problems)
    for scope in ({}, {"county": "410402"}, {"type": "adit"}, {"problem": "adit_open"}, {"requirement": asked.id}):
        assert fits(plan, SiteScope.model_validate(scope), site), scope
    for scope in ({"county": "410404"}, {"type": "pit"}, {"problem": "shed"}, {"requirement": "roof"}):
        assert not fits(plan, SiteScope.model_validate(scope), site), scope


def order(at: datetime, by: Actor = PROVINCE) -> SuspensionOrder:
    return SuspensionOrder(number=1, name="防汛令1", since=at, by=by, reason="汛期")


def by_order(of: SuspensionOrder, opened_at: datetime, ended_at: datetime | None = None) -> cmd.Command:
    ends = {"lifted_by": PROVINCE} if ended_at is not None else {}
    return order_command(
        TellSitesOrder(campaign_id="c", city="1", at=ended_at or of.since, order=of, **ends), opened_at
    )


def test_site_told_by_an_order_says_which_and_is_listed() -> None:
    life = SiteLife()
    opened_at = life.core.terms.opened_at
    assert opened_at is not None
    life.at(on(7, 22), by_order(order(on(7, 22)), opened_at))
    said_ = json.loads(life.of("suspended")[0].data)
    assert (said_["order"], said_["document"]) == (1, "防汛令1")
    notice = next(n for n in life.notices if n.kind == "suspension_order")
    assert (notice.rung, notice.data["order"]) == (1, "防汛令1")
    life.at(on(7, 26), by_order(order(on(7, 22)), opened_at, on(7, 26)))
    assert not life.state.suspended and [n.kind for n in life.notices][-1] == "resumption_order"
    life.at(on(7, 27), by_order(order(on(7, 22)), opened_at))
    assert not life.state.suspended, "told again it stays as it is"


def test_site_suspended_by_itself_is_not_resumed_by_an_order() -> None:
    life = SiteLife()
    life.at(on(7, 22), suspended(on(7, 22)))
    assert "does not stand still by order 1" in refused(life, by_order(order(on(7, 21)), on(7, 19), on(7, 26)))


def test_site_opened_meanwhile_stands_still_from_its_opening() -> None:
    life = SiteLife()
    life.at(on(7, 19, 11), by_order(order(on(7, 19, 8)), on(7, 19, 10)))
    assert life.state.suspensions[0].since == on(7, 19, 10)


@settings(max_examples=examples(40), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_order_is_the_same_as_one_suspension_each(seed: int) -> None:
    draw = Random(seed)
    by, begins, ends = draw.choice([PROVINCE, CITY]), on(7, draw.randint(20, 30)), on(8, draw.randint(2, 25))
    lives = [(SiteLife(), SiteLife()) for _ in range(3)]
    for ordered, alone in lives:
        opened_at = ordered.core.terms.opened_at
        assert opened_at is not None
        works = on(7, draw.randint(20, 31), 8)
        for life in (ordered, alone):
            if works < begins:
                done = [one.model_copy(update={"command_id": f"w{n}"}) for n, one in enumerate(all_work(works))]
                life.at(works, *done)
        ordered.at(begins, by_order(order(begins, by), opened_at))
        alone.at(begins, suspended(begins, by=by))
        ordered.at(ends, by_order(order(begins, by), opened_at, ends))
        alone.at(ends, resumed(ends))
        for life in (ordered, alone):
            life.quiet_until(on(10, 20))
        for field in ("stage", "due", "level_due", "rung", "rung_on", "climbs_from", "reminded"):
            assert getattr(ordered.state, field) == getattr(alone.state, field), field
        assert [e.at for e in ordered.entries] == [e.at for e in alone.entries]
        facts = [one.core.row().facts for one in (ordered, alone)]
        deferred = [one.deferrals for one in facts if one is not None and one.deferrals is not None]
        assert deferred[0].days_suspended_by_city == deferred[1].days_suspended_by_city
