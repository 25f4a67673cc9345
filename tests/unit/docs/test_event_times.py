"""The page on event times names every command that has one, and its rows on sites say what sites do."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.site.reopening import reopen_command
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor
from schemas.options.acceptance import Member, ReplaceExpert
from schemas.options.grading import Grade
from schemas.options.modes import ModeTerms
from schemas.register import Hazard
from schemas.reopening import Cause, Reopening
from tests.support.modes_sample import booking, moded, switched
from tests.support.sample_terms import (
    CITY,
    PROVINCE,
    SiteLife,
    all_work,
    extended,
    failed,
    on,
    passed,
    resumed,
    suspended,
)
from tests.support.signed_site import BUILDER as SIGNED_BUILDER
from tests.support.signed_site import OF_LAND, OF_WATER, signed, to_be_signed
from tests.unit.rules.site.options.acceptance.test_panel import awaiting_the_city, drawn, expert, thinks
from tests.unit.rules.site.options.acceptance.test_problems import adit_is_done, closing
from tests.unit.rules.site.options.acceptance.test_problems import life as by_problem
from tests.unit.rules.site.options.test_builders import asks as replaces
from tests.unit.rules.site.options.test_builders import charges, replaced, takes_over
from tests.unit.rules.site.options.test_builders import decides as decides_replacement
from tests.unit.rules.site.options.test_builders import site as built
from tests.unit.rules.site.options.test_extensions import asks, grants
from tests.unit.rules.site.options.test_extensions import site as extensible
from tests.unit.rules.site.options.test_police import accepts, decides, transfers
from tests.unit.rules.site.options.test_police import site as with_a_case
from tests.unit.rules.site.options.test_responsible import NEXT as SUCCESSOR
from tests.unit.rules.site.options.test_responsible import assigned, handed_over
from tests.unit.rules.site.options.test_responsible import site as charged
from tests.unit.rules.site.test_verdict_times import second_round
from tests.unit.rules.site.test_verdicts import BUILDER as WORKER
from tests.unit.rules.site.test_verdicts import checked
from tests.unit.rules.site.test_verdicts import life as self_checked

PAGE = Path(__file__).parents[3] / "docs" / "event-times.md"
RECEIPT, REFUSED = "counts as of its receipt", "is refused"
NOTHING = {"rung_issued", "rung_withdrawn", "hold_climb", "amend_site", "complete_task"}
"""Commands of a site whose rows say something else."""


def rows() -> Iterator[tuple[list[str], str]]:
    """The commands of each row of the table, and what becomes of a claim of before that."""
    kinds: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `") or line.startswith("| |"):
            first, _, outcome = line.split("|")[1:4]
            kinds = re.findall(r"`(\w+)`", first) or kinds
            yield kinds, outcome.strip()


def test_page_has_a_row_for_every_command() -> None:
    named = {kind for kinds, _ in rows() for kind in kinds}
    tables = (
        cmd.SITE_COMMANDS,
        cmd.CITY_COMMANDS,
        cmd.CAMPAIGN_COMMANDS,
        cmd.SPOT_CHECK_COMMANDS,
        cmd.PROGRAMME_COMMANDS,
    )
    assert named == {kind for table in tables for kind in table}


# -- sites -------------------------------------------------------------------------------------------------------------

Case = tuple[SiteLife, datetime, cmd.Command]
"""A site, the time of the receipt, and a command that claims a time of before the page's *not before*."""

NOON = on(7, 26, 12)


def said(kind: str, by: Actor, at: datetime, **content: Any) -> cmd.Command:
    content |= {"command_id": f"{kind}-{at}", "actor": by, "effective_at": at}
    return cmd.SITE_COMMANDS[kind].model_validate(content)


def verified(by_hour: int) -> Case:
    site = SiteLife()
    site.at(on(7, 26, 9), *all_work(on(7, 26, 9)))
    return site, NOON, passed(on(7, 26, by_hour), "county")


def checked_again(day: int) -> Case:
    """The self-check failed on the 21st at nine, and the work was done again on the 23rd."""
    site = self_checked()
    site.at(on(7, 20, 8), *all_work(on(7, 20, 8), by=WORKER))
    site.at(on(7, 21, 9), checked(21, good=False))
    site.at(on(7, 23, 12), *all_work(on(7, 23, 12), by=WORKER))
    return site, NOON, checked(day)


def sitting(site: SiteLife) -> Member:
    """The first expert of the last draw."""
    *_, event = site._events("panel_drawn")
    first: Member = event.experts[0]
    return first


def replacing(site: SiteLife, at: datetime) -> cmd.Command:
    silent = sitting(site).id
    return ReplaceExpert(
        command_id="replace", actor=PROVINCE, effective_at=at, level="city", expert=silent, reason="病假"
    )


def judged_by_experts(again: bool, replaced: bool) -> Case:
    site = awaiting_the_city()
    if again:
        for member in drawn(site):
            site.at(on(7, 22, 10), thinks(22, expert(member), good=False))
        site.at(on(7, 22, 12), failed(on(7, 22, 12), "city", by=CITY))
        site.at(on(7, 23, 9), *all_work(on(7, 23, 9)))
        site.at(on(7, 23, 10), passed(on(7, 23, 10), "county"))
    day, hour = (22, 11) if again else (21, 8)
    member = sitting(site)
    command = replacing(site, on(7, day, hour)) if replaced else thinks(day, expert(member), hour=hour)
    return site, NOON, command


def signing(again: bool) -> Case:
    site = to_be_signed()
    if not again:
        return site, on(7, 22, 9), signed(on(7, 20, 9), OF_WATER)
    site.at(on(7, 22, 9), signed(on(7, 22, 9), OF_LAND, passed=False, opinion="排水不畅"))
    site.at(on(7, 23, 9), *all_work(on(7, 23, 9), by=SIGNED_BUILDER))
    site.at(on(7, 23, 10), passed(on(7, 23, 10), "county"))
    site.at(on(7, 23, 11), passed(on(7, 23, 11), "city", by=CITY))
    return site, on(7, 23, 12), signed(on(7, 21, 15), OF_WATER)


def closed_by_problem(returned: bool) -> Case:
    site = by_problem()
    adit_is_done(site, 20)
    if returned:
        site.at(on(7, 21, 12), closing("adit", 21, good=False, opinion="松动"))
    adit_is_done(site, 22)
    return site, on(7, 22, 12), closing("adit", 20 if returned else 21)


def extending(requested: bool) -> Case:
    site = extensible()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 24, 12), failed(on(7, 24, 12), "county"))
    at = on(7, 23, 9)
    return site, on(7, 25, 9), asks(at) if requested else extended(at, date(2021, 9, 30))


def deciding() -> Case:
    site = extensible()
    site.at(on(8, 10, 9), asks(on(8, 10, 9)))
    return site, on(8, 11, 9), grants(on(8, 9, 9))


def resuming() -> Case:
    site = SiteLife()
    site.at(on(8, 10, 12), suspended(on(8, 10, 12)))
    return site, on(8, 10, 13), resumed(on(8, 9, 12))


def proposed() -> Case:
    site = SiteLife(modes=ModeTerms(confirmed_by_province=True))
    at = on(7, 22, 9)
    site.at(at, said("set_mode", CITY, at, restoration_mode="market", funding_mode="fiscal"))
    return site, on(7, 22, 12), said("decide_mode", PROVINCE, on(7, 21, 9), confirmed=True)


def case_stands(step: str) -> Case:
    site = with_a_case()
    if step == "transfer_case":
        return site, on(7, 20, 9), transfers(on(7, 18, 9))
    site.at(on(8, 10, 9), transfers(on(8, 10, 9)))
    early = on(8, 9, 9)
    return site, on(8, 11, 9), accepts(early) if step == "accept_case" else decides(early, "filed")


def struck_off() -> Case:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 23, 9), passed(on(7, 23, 9), "county"))
    site.at(on(7, 24, 9), passed(on(7, 24, 9), "city", CITY))
    order = reopen_command(Reopening(site_id="x", reason="扒开"), on(7, 23, 12), Cause.LOOK_BACK, "finding-1")
    return site, on(7, 25, 9), order


def before_the_opening(command: cmd.Command, site: SiteLife | None = None) -> Case:
    return site or SiteLife(), on(7, 20, 9), command


def handing_over() -> Case:
    site = charged()
    site.at(on(7, 22, 9), handed_over(on(7, 22, 9)))
    return site, on(7, 22, 12), said("take_over", SUCCESSOR, on(7, 21, 9))


def taken_over() -> SiteLife:
    site = built()
    site.at(on(7, 19, 11), takes_over(on(7, 19, 11)))
    return site


def replacing_enterprise() -> Case:
    site = built()
    site.at(on(7, 22, 9), replaces(on(7, 22, 9)))
    return site, on(7, 22, 12), decides_replacement(on(7, 21, 9))


EARLY = on(7, 18, 9)
CASES: dict[tuple[str, str], Callable[[], Case]] = {
    ("verify", RECEIPT): lambda: verified(8),
    ("verify", REFUSED): lambda: (second_round(), NOON, passed(on(7, 24, 9), "county")),
    ("self_check", RECEIPT): lambda: checked_again(22),
    ("self_check", REFUSED): lambda: checked_again(20),
    ("give_opinion", RECEIPT): lambda: judged_by_experts(again=False, replaced=False),
    ("give_opinion", REFUSED): lambda: judged_by_experts(again=True, replaced=False),
    ("replace_expert", RECEIPT): lambda: judged_by_experts(again=False, replaced=True),
    ("replace_expert", REFUSED): lambda: judged_by_experts(again=True, replaced=True),
    ("sign_off", RECEIPT): lambda: signing(again=False),
    ("sign_off", REFUSED): lambda: signing(again=True),
    ("close_problem", RECEIPT): lambda: closed_by_problem(returned=False),
    ("close_problem", REFUSED): lambda: closed_by_problem(returned=True),
    ("extend", REFUSED): lambda: extending(requested=False),
    ("request_extension", REFUSED): lambda: extending(requested=True),
    ("decide_extension", RECEIPT): deciding,
    ("suspend", RECEIPT): lambda: (second_round(), NOON, suspended(on(7, 23, 15))),
    ("resume", REFUSED): resuming,
    ("set_mode", RECEIPT): lambda: before_the_opening(
        switched(EARLY, "market", "index_trading"), moded("engineering", "fiscal")
    ),
    ("book", RECEIPT): lambda: before_the_opening(booking(EARLY, "10"), moded("market", "index_trading")),
    ("correct", RECEIPT): lambda: before_the_opening(said("correct", CITY, EARLY, record={"name": "示例矿"})),
    ("regrade", RECEIPT): lambda: before_the_opening(
        said("regrade", CITY, EARLY, hazard="high", reason="看过"),
        SiteLife(grade=Grade(hazard=Hazard.LOW, by="register")),
    ),
    ("decide_mode", RECEIPT): proposed,
    ("transfer_case", RECEIPT): lambda: case_stands("transfer_case"),
    ("accept_case", RECEIPT): lambda: case_stands("accept_case"),
    ("decide_case", RECEIPT): lambda: case_stands("decide_case"),
    ("take_over", RECEIPT): handing_over,
    ("assign", RECEIPT): lambda: before_the_opening(assigned(EARLY), charged()),
    ("hand_over", RECEIPT): lambda: before_the_opening(handed_over(EARLY), charged()),
    ("charge_cost", RECEIPT): lambda: before_the_opening(charges(EARLY, "1"), taken_over()),
    ("replace_enterprise", RECEIPT): lambda: (replaced(), on(7, 22, 15), replaces(on(7, 22, 9), "third")),
    ("take_over_works", RECEIPT): lambda: (replaced(), on(7, 22, 15), takes_over(on(7, 22, 9))),
    ("decide_replacement", RECEIPT): replacing_enterprise,
    ("reopen", RECEIPT): struck_off,
    ("carry_over", RECEIPT): lambda: before_the_opening(said("carry_over", ENGINE, EARLY, reason="stop")),
}


def test_every_row_on_sites_has_its_case() -> None:
    of_page = {
        (kind, RECEIPT if outcome.startswith(RECEIPT) else REFUSED if outcome.startswith(REFUSED) else outcome)
        for kinds, outcome in rows()
        for kind in kinds
        if kind in cmd.SITE_COMMANDS and kind not in NOTHING
    }
    assert of_page == CASES.keys()


@pytest.mark.parametrize(("kind", "outcome"), CASES)
def test_claim_of_before_has_the_outcome_of_its_row(kind: str, outcome: str) -> None:
    site, now, command = CASES[kind, outcome]()
    assert command.kind == kind and command.effective_at < now
    found = site.at(now, command)
    if outcome == REFUSED:
        assert found.result_of(command.command_id).verdict == "refused"
    else:
        assert found.result_of(command.command_id).verdict == "accepted"
        assert found.entries[0].at == now
    twin, _, _ = CASES[kind, outcome]()
    present = command.model_copy(update={"effective_at": now})
    assert twin.at(now, present).result_of(present.command_id).verdict == "accepted", "refused for its time alone"
