"""Closure by problem: each is accepted separately, and no site closes with an unaccepted problem."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from rules.site.aggregate import SiteAggregate
from rules.terms.plan import requirements_of
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.evidence import EvidencePhase
from schemas.options.acceptance import AcceptanceTerms, CloseProblem
from schemas.plan import CatalogueEntry
from schemas.register import Problem, Site
from schemas.site.terms import Requirement
from tests.support.sample_terms import (
    BUILDER,
    CITY,
    COUNTY,
    SiteLife,
    failed,
    on,
    passed,
    refused,
    report,
    site_terms,
)

REQUIREMENTS = (
    Requirement(id="seal", quantity=2, unit="处", evidence=(EvidencePhase.AFTER,), problems=("adit",)),
    Requirement(id="signs:adit", quantity=2, unit="块", problems=("adit",)),
    Requirement(id="signs:pit", quantity=1, unit="块", problems=("pit",)),
    Requirement(id="patrol", quantity=1, unit="次"),
)
BY_PROBLEM = AcceptanceTerms(problems_level="county", problems=("adit", "pit"))


def life() -> SiteLife:
    return SiteLife(requirements=REQUIREMENTS, acceptance=BY_PROBLEM)


def closing(
    problem: str,
    day: int,
    by: Actor = COUNTY,
    level: str = "county",
    good: bool = True,
    opinion: str | None = None,
    again: tuple[str, ...] = (),
) -> CloseProblem:
    return CloseProblem(
        command_id=f"close-{problem}-{day}-{by.id}", actor=by, effective_at=on(7, day, 12), level=level,
        problem=problem, passed=good, opinion=opinion, failed_requirements=again,
    )  # fmt: skip


def adit_is_done(site: SiteLife, day: int) -> None:
    site.at(on(7, day, 9), report(on(7, day, 9), "seal", 2, "after"), report(on(7, day, 9), "signs:adit", 2))


def test_entry_for_two_problems_gives_requirement_for_each() -> None:
    entry = CatalogueEntry(id="signs", title="警示牌", unit="块", quantity=2, problems=("adit", "pit"))
    place = Site(
        id="s", name="n", city="c", county="x", type="t",
        problems=(Problem(kind="adit", count=2), Problem(kind="pit"), Problem(kind="adit")),
    )  # fmt: skip
    whole, parts = requirements_of((entry,), place), requirements_of((entry,), place, True)
    assert [(r.id, r.quantity, r.problems) for r in whole] == [("signs", Decimal(8), ("adit", "pit"))]
    assert [(r.id, r.quantity, r.problems) for r in parts] == [
        ("signs:adit", Decimal(6), ("adit",)),
        ("signs:pit", Decimal(2), ("pit",)),
    ]


def test_a_problem_is_accepted_while_work_on_the_others_goes_on() -> None:
    site = life()
    adit_is_done(site, 20)
    assert site.core.view(on(7, 20, 10)).problems == {"adit": "done", "pit": "open"}
    site.at(on(7, 21, 12), closing("adit", 21))
    assert site.core.view(on(7, 21, 12)).problems == {"adit": "accepted", "pit": "open"}
    facts = site.core.row().facts
    assert facts is not None
    assert (facts.problems, facts.problems_closed) == (2, 1)
    assert site.state.stage == "rectifying"


def test_accepted_problem_is_told_to_its_city_each_time() -> None:
    site = life()
    adit_is_done(site, 20)
    outcome = site.at(on(7, 21, 12), closing("adit", 21))
    (first,) = [one for one in outcome.notices if one.kind == "problem_closure"]
    assert first.data == {"problem": "adit", "level": "county", "round": 1} and first.site_id is not None
    site.at(on(7, 21, 13), report(on(7, 21, 13), "signs:pit", 1), report(on(7, 21, 13), "patrol", 1))
    site.at(on(7, 22, 12), closing("pit", 22), failed(on(7, 22, 13), "county", "seal"))
    adit_is_done(site, 23)
    again = site.at(on(7, 24, 12), closing("adit", 24))
    (second,) = [one for one in again.notices if one.kind == "problem_closure"]
    assert second.data["round"] == 2 and second.key != first.key


def test_unfinished_problem_refused_with_outstanding_work() -> None:
    site = life()
    site.at(on(7, 20, 9), report(on(7, 20, 9), "seal", 2, "after"))
    assert "signs:adit" in refused(site, closing("adit", 21))
    assert "no problem 'shed'" in refused(site, closing("shed", 22))
    assert "by level 'county'" in refused(site, closing("adit", 23, level="city"))


def test_worker_cannot_accept_problem_and_acceptor_cannot_work() -> None:
    site = life()
    adit_is_done(site, 20)
    worker = BUILDER.model_copy(update={"role": Role.COUNTY, "unit": COUNTY.unit})
    assert "reported work" in refused(site, closing("adit", 21, by=worker))
    site.at(on(7, 22, 12), closing("adit", 22))
    assert "reports no work" in refused(site, report(on(7, 23, 9), "signs:pit", 1, by=COUNTY))
    assert "nothing more is reported" in refused(site, report(on(7, 24, 9), "seal", 1))


@pytest.mark.parametrize("rework_first", [True, False])
@pytest.mark.parametrize("whole", [True, False], ids=["failed level", "returned problem"])
def test_rework_counts_in_either_order_of_arrival(whole: bool, rework_first: bool) -> None:
    site = SiteLife(requirements=REQUIREMENTS, acceptance=BY_PROBLEM, refuse_beyond=Decimal(1))
    adit_is_done(site, 20)
    if whole:
        site.at(on(7, 21, 12), closing("adit", 21))
        site.at(on(7, 21, 13), report(on(7, 21, 13), "signs:pit", 1), report(on(7, 21, 13), "patrol", 1))
        site.at(on(7, 21, 14), closing("pit", 21))
    verdict: cmd.Command = closing("adit", 22, good=False, opinion="重做", again=("signs:adit",))
    if whole:
        verdict = failed(on(7, 22, 12), "county", "signs:adit")
    rework = report(on(7, 23, 9), "signs:adit", 2)
    for number, command in enumerate((rework, verdict) if rework_first else (verdict, rework)):
        site.at(on(7, 23, 12, number), command)
    assert site.state.done["signs:adit"] == 2
    assert "signs:adit" not in site.core.outstanding()
    assert site.state.reports[rework.command_id].counts


def test_returned_problem_keeps_deadline_and_gets_opinion() -> None:
    site = life()
    adit_is_done(site, 20)
    due = site.state.due
    assert "written rectification opinion" in refused(site, closing("adit", 21, good=False))
    assert "does not serve" in refused(site, closing("adit", 22, good=False, opinion="no", again=("patrol",)))
    site.at(on(7, 23, 12), closing("adit", 23, good=False, opinion="seal of 12 cm", again=("seal",)))
    assert site.core.outstanding() == {"seal": 2, "signs:pit": 1, "patrol": 1}
    assert (site.state.round, site.state.due) == (1, due)
    assert [n.kind for n in site.notices] == ["rectification_opinion"]
    assert site.notices[0].data["problem"] == "adit"


def everything_is_done(site: SiteLife) -> None:
    adit_is_done(site, 20)
    site.at(on(7, 21, 9), report(on(7, 21, 9), "signs:pit", 1), report(on(7, 21, 9), "patrol", 1))


def test_level_cannot_pass_site_with_unaccepted_problem() -> None:
    site = life()
    everything_is_done(site)
    assert site.state.stage == "verifying"
    site.at(on(7, 22, 12), closing("adit", 22))
    assert "not accepted: pit" in refused(site, passed(on(7, 23, 9), "county"))
    site.at(on(7, 24, 12), closing("pit", 24))
    site.at(on(7, 25, 9), passed(on(7, 25, 9), "county"))
    assert "each level is judged by another person" in refused(site, passed(on(7, 26, 9), "city", by=COUNTY))
    site.at(on(7, 27, 9), passed(on(7, 27, 9), "city", by=CITY))
    assert site.state.stage == "closed"


def test_who_accepted_a_part_judges_no_other_level() -> None:
    site = life()
    everything_is_done(site)
    colleague = COUNTY.model_copy(update={"id": "other county inspector"})
    for problem, day in (("adit", 22), ("pit", 23)):
        site.at(on(7, day, 12), closing(problem, day, by=colleague))
    site.at(on(7, 24, 9), passed(on(7, 24, 9), "county"))
    other = CITY.model_copy(update={"id": colleague.id})
    assert "accepted the problem" in refused(site, passed(on(7, 25, 9), "city", by=other))


def test_what_a_level_fails_is_not_accepted_any_more() -> None:
    site = life()
    everything_is_done(site)
    site.at(on(7, 22, 12), closing("adit", 22), closing("pit", 22))
    site.at(on(7, 23, 9), passed(on(7, 23, 9), "county"))
    site.at(on(7, 24, 9), failed(on(7, 24, 9), "city", "seal", by=CITY))
    assert site.core.view(on(7, 24, 9)).problems == {"adit": "open", "pit": "accepted"}


def test_a_plan_that_closes_sites_as_a_whole_knows_no_parts() -> None:
    site = SiteLife()
    assert "closes sites as a whole" in refused(site, closing("adit", 21))
    assert "problems" not in site.core.view(on(7, 21, 12)).model_dump()


PEOPLE = (BUILDER, COUNTY, CITY, *(one.model_copy(update={"id": f"second {one.role}"}) for one in (BUILDER, COUNTY)))


def said_by_somebody(draw: Random, site: SiteLife, number: int, now: datetime) -> list[cmd.Command]:
    """A random command: mostly the awaited one by the right person, sometimes any by anybody."""
    awaited = draw.random() < 0.7
    usual: dict[str, Any] = {"command_id": f"c{number}", "actor": draw.choice(PEOPLE), "effective_at": now}
    what = draw.choice(["work", "part", "part", "verdict"])
    if awaited and site.state.stage == "rectifying":
        what = draw.choice(["work", "part"])
    elif awaited:
        what = draw.choice(["part", "verdict"])
    if what == "work":
        by = BUILDER if awaited else usual["actor"]
        return [report(now, name, left or 0.1, "after", by=by) for name, left in site.core.outstanding().items()]
    if what == "part":
        good, problem = draw.random() < 0.8, draw.choice(["adit", "pit"])
        if awaited:
            usual["actor"] = COUNTY
        return [CloseProblem(**usual, level="county", problem=problem, passed=good, opinion="x")]
    level = site.state.level or "county"
    if awaited:
        usual["actor"] = CITY if level == "city" else COUNTY
    again = draw.choice([(), ("seal",), ("signs:pit",)])
    good = draw.random() < 0.7
    return [cmd.Verify(**usual, level=level, passed=good, opinion="x", failed_requirements=() if good else again)]


def test_no_site_closes_with_unaccepted_problem_random_commands() -> None:
    closed = 0
    for seed in range(250):
        site, draw, now = life(), Random(seed), on(7, 20, 9)
        for number in range(25):
            now += timedelta(hours=3)
            site.at(now, *said_by_somebody(draw, site, number, now))
            if site.state.stage == "closed":
                closed += 1
                assert site.core.view(now).problems == {"adit": "accepted", "pit": "accepted"}
                assert {json.loads(e.data)["problem"] for e in site.of("problem_closed")} == {"adit", "pit"}
                break
        again = SiteAggregate(site_terms(requirements=REQUIREMENTS, acceptance=BY_PROBLEM))
        again.restore(site.entries)
        assert again.state == site.state
    assert closed > 60, "lives that never close prove nothing"
