"""The police track beside the works: deadlines of its steps, no effect on the works, closure by both or one."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.actor import Actor, Role, Units
from schemas.options.police import CaseClosure, CaseEnd, PoliceTerms
from tests.support import sample_terms
from tests.support.budget import examples
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    EXPERT,
    SiteLife,
    all_work,
    deadline,
    failed,
    on,
    passed,
    refused,
    site_terms,
    working,
)

LAND, POLICE = "自然资源厅", "公安厅"
BUREAU = Actor(id="officer", role=Role.POLICE, unit="市公安局")
AGENCY = Actor(id="inspector", role=Role.POLICE, unit=POLICE)
BOTH = PoliceTerms(
    agency=POLICE,
    works_agency=LAND,
    bureau="市公安局",
    transfer=working(10),
    acceptance=working(1),
    decision=working(3),
    closure=CaseClosure.BOTH,
    ends_with=CaseEnd.DECISION,
)
UNITS = sample_terms.UNITS.model_copy(update={"police": (BUREAU.unit, POLICE)})
WORKS = BOTH.model_copy(update={"closure": CaseClosure.WORKS})
TO_THE_END = BOTH.model_copy(update={"ends_with": CaseEnd.CONCLUSION, "conclusion": working(20)})


def said(command: str, by: Actor, at: datetime, **content: Any) -> cmd.Command:
    model = cmd.SITE_COMMANDS[command]
    name = f"{command}-{at}-{content.get('decision')}"
    return model.model_validate({"command_id": name, "actor": by, "effective_at": at} | content)


def transfers(at: datetime, by: Actor = CITY) -> cmd.Command:
    return said("transfer_case", by, at, reference="移〔2021〕3号")


def accepts(at: datetime, by: Actor = BUREAU) -> cmd.Command:
    return said("accept_case", by, at)


def decides(at: datetime, decision: str, by: Actor = BUREAU, reason: str | None = "evidence") -> cmd.Command:
    return said("decide_case", by, at, decision=decision, reason=reason)


def site(police: PoliceTerms = BOTH, **changes: Any) -> SiteLife:
    return SiteLife(**({"police": police, "units": UNITS} | changes))


def accepted(life: SiteLife, day: int = 10) -> None:
    """All work is done, and both levels pass."""
    life.at(on(8, day, 9), *all_work(on(8, day, 9)))
    life.at(on(8, day, 10), passed(on(8, day, 10), "county"))
    life.at(on(8, day, 11), passed(on(8, day, 11), "city", by=EXPERT))


def case(life: SiteLife) -> Any:
    return life.core.view(life.now).case


def test_case_opens_with_site_and_names_both_agencies() -> None:
    seen = case(site())
    assert (seen.state, seen.agency, seen.works_agency) == ("to_transfer", POLICE, LAND)
    assert seen.due == deadline(8, 2) and seen.waits_for == "410400"


def test_case_transferred_accepted_and_filed_with_dates() -> None:
    life = site()
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    assert (case(life).state, case(life).reference, case(life).due) == ("transferred", "移〔2021〕3号", deadline(7, 23))
    life.at(on(7, 23, 9), accepts(on(7, 23, 9)))
    assert (case(life).state, case(life).due, case(life).waits_for) == ("accepted", deadline(7, 28), "市公安局")
    life.at(on(7, 26, 9), decides(on(7, 26, 9), "filed"))
    assert (case(life).state, case(life).due, case(life).waits_for) == ("filed", None, None)


def test_case_decided_only_after_single_transfer() -> None:
    life = site()
    assert "while the case is to transfer; allowed: transfer_case" in refused(life, decides(on(7, 21), "filed"))
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    assert "allowed: accept_case, decide_case" in refused(life, transfers(on(7, 22, 10)))
    assert "decide_case (concluded) is not allowed" in refused(life, decides(on(7, 22, 11), "concluded"))


def test_who_decides_has_received_the_case() -> None:
    life = site()
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    life.at(on(7, 23, 9), decides(on(7, 23, 9), "not_filed"))
    assert case(life).state == "not_filed"


def test_what_is_not_filed_needs_its_reason() -> None:
    life = site()
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    assert "its reason in writing" in refused(life, decides(on(7, 23, 9), "not_filed", reason=None))


def test_the_works_side_transfers_and_the_police_decide() -> None:
    units = Units(
        province=("河南省", LAND, POLICE), city=("410400", "市公安局"), county=("鲁山县",), police=("市公安局", POLICE)
    )
    life = site(units=units)
    at = on(7, 22, 9)
    assert "for the roles" in refused(life, transfers(at, by=BUREAU))
    as_city = Actor(id="officer", role=Role.CITY, unit="市公安局")
    assert "by the works' side" in refused(life, transfers(at + timedelta(minutes=1), by=as_city))
    of_province = Actor(id="wang", role=Role.PROVINCE, unit="河南省")
    assert f"by the works' agency {LAND}" in refused(life, transfers(at + timedelta(minutes=2), by=of_province))
    life.at(
        at + timedelta(hours=1), transfers(at + timedelta(hours=1), by=Actor(id="w", role=Role.PROVINCE, unit=LAND))
    )
    stranger = Actor(id="officer", role=Role.POLICE, unit="别市公安局")
    assert "police of its subject (市公安局, 公安厅)" in refused(life, accepts(on(7, 22, 12), by=stranger))
    life.at(on(7, 22, 13), accepts(on(7, 22, 13), by=AGENCY))
    assert case(life).state == "accepted"


def test_the_transfer_stops_nothing_of_the_works() -> None:
    """Without any report, with a case and without: the same reminders and rungs on the same days."""
    plain, life = SiteLife(reminder_days=(3,)), site(reminder_days=(3,))
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    for one in (plain, life):
        one.quiet_until(on(9, 20))
    assert life.climbs() == plain.climbs() != [] and life.reminders() == plain.reminders() != []
    assert life.state.due == plain.state.due


def test_the_citys_silence_is_told_level_by_level() -> None:
    life = site()
    life.quiet_until(on(9, 20))
    told = [(notice.rung, notice.data["due"]) for notice in life.notices if notice.kind == "case_transfer_overdue"]
    assert told == [(1, "2021-08-02"), (2, "2021-08-02"), (3, "2021-08-02")]
    # Ten working days after 3 August, the first day on which the government can read it; and so again.
    assert [entry.at for entry in life.of("case_overdue")] == [deadline(8, 2), deadline(8, 17), deadline(9, 1)]
    life.at(on(9, 20, 9), transfers(on(9, 20, 9)))
    assert case(life).told == 0


def test_the_polices_silence_is_told_to_their_agency() -> None:
    life = site()
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    life.at(on(7, 22, 10), accepts(on(7, 22, 10)))
    life.quiet_until(on(8, 10))
    told = [notice.data for notice in life.notices if notice.kind == "case_decision_overdue"]
    assert [one["case"] for one in told] == ["accepted"] * 3, "and then no more"
    assert told[0].pop("clauses")["due"] == {"name": "", "amount": 3, "unit": "working_days"}
    assert told[0] == {"case": "accepted", "bureau": "市公安局", "reference": "移〔2021〕3号", "due": "2021-07-27"}


def test_accepted_site_awaits_case_without_escalation() -> None:
    life = site()
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    accepted(life)
    assert (life.state.stage, life.state.level) == ("verifying", "police_track")
    assert "works_accepted" in life.kinds() and "closed" not in life.kinds()
    life.quiet_until(on(9, 30))
    assert life.climbs() == [] and not life.core.is_overdue(on(9, 30)) and life.of("acceptance_overdue") == []
    life.at(on(9, 30, 9), decides(on(9, 30, 9), "filed"))
    assert life.core.settled and life.state.stage == "closed"
    assert life.kinds()[-2:] == ["case_decided", "closed"]
    assert life.state.verifiers == {"county": COUNTY.id, "city": EXPERT.id}, "the police verify nothing"
    closure = next(notice for notice in life.notices if notice.kind == "closure")
    assert closure.data == {"level": "city", "round": 1}


def test_nobody_verifies_while_the_case_alone_is_awaited() -> None:
    life = site()
    accepted(life)
    assert "waits for its case alone, at 410400" in refused(life, passed(on(8, 11, 9), "city", by=EXPERT))
    assert "waits for its case alone" in refused(life, passed(on(8, 11, 9), "police_track", by=CITY))


def test_a_case_that_is_decided_first_holds_nothing_up() -> None:
    life = site()
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    life.at(on(7, 23, 9), decides(on(7, 23, 9), "not_filed"))
    accepted(life)
    assert life.state.stage == "closed" and life.core.settled


def test_filed_case_awaited_until_conclusion_if_configured() -> None:
    life = site(TO_THE_END)
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    life.at(on(7, 23, 9), decides(on(7, 23, 9), "filed"))
    assert case(life).due == deadline(8, 20)
    accepted(life)
    assert life.state.level == "police_track"
    life.at(on(8, 12, 9), decides(on(8, 12, 9), "concluded"))
    assert life.state.stage == "closed"


def test_failed_level_starts_new_round_and_keeps_case_state() -> None:
    life = site()
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    life.at(on(8, 10, 9), *all_work(on(8, 10, 9)))
    life.at(on(8, 10, 10), failed(on(8, 10, 10), "county", "signs"))
    assert life.state.round == 2 and case(life).state == "transferred"


def test_site_closes_on_works_alone_and_case_continues() -> None:
    life = site(WORKS)
    accepted(life)
    assert life.state.stage == "closed" and not life.core.settled and life.state.settled_at is not None
    assert "complete_task is not allowed while the site is closed; allowed: nothing" in refused(
        life, all_work(on(8, 11, 8))[0]
    )
    life.at(on(8, 11, 9), transfers(on(8, 11, 9)))
    life.at(on(8, 12, 9), decides(on(8, 12, 9), "filed"))
    assert life.core.settled and life.core.next_due(on(8, 12, 10)) is None
    assert life.core.row().facts.case.state == "filed"


def test_open_case_of_closed_site_carried_over_at_end() -> None:
    life = site(WORKS)
    accepted(life)
    life.at(on(8, 11, 9), transfers(on(8, 11, 9)))
    life.quiet_until(deadline(10, 31))
    assert life.core.settled and life.state.stage == "closed"
    assert life.kinds()[-1] == "case_carried_over"
    assert (case(life).state, case(life).carried_over, case(life).waits_for) == ("transferred", True, None)


def test_an_open_site_is_carried_over_with_the_state_of_its_case() -> None:
    life = site()
    life.at(on(7, 22, 9), transfers(on(7, 22, 9)))
    life.quiet_until(deadline(10, 31))
    told = next(notice for notice in life.notices if notice.kind == "carry_over")
    assert told.data["case"] == "transferred" and case(life).carried_over and life.core.settled


def test_a_site_without_a_case_takes_no_step_of_one() -> None:
    assert "the site has no case" in refused(SiteLife(), transfers(on(7, 22, 9)))
    assert SiteLife().core.view(on(7, 22)).case is None


MOVES = st.lists(
    st.tuples(
        st.integers(1, 8 * 24),
        st.sampled_from(
            ["transfer", "accept", "filed", "not_filed", "concluded", "work", "county", "city", "fail", "wait"]
        ),
    ),
    max_size=16,
)


@settings(deadline=None, max_examples=examples(200))
@given(MOVES, st.sampled_from([BOTH, WORKS, TO_THE_END]))
def test_police_case_replay_gives_state_and_closure_conditions(
    moves: list[tuple[int, str]], police: PoliceTerms
) -> None:
    life = SiteLife(police=police)
    now = on(7, 20, 9)
    for hours, what in moves:
        now += timedelta(hours=hours)
        life.quiet_until(now - timedelta(minutes=1))
        if life.core.settled:
            break
        said_now: dict[str, list[cmd.Command]] = {
            "transfer": [transfers(now)],
            "accept": [accepts(now)],
            "work": all_work(now),
            "county": [passed(now, "county")],
            "city": [passed(now, "city", by=EXPERT)],
            "fail": [failed(now, life.state.level or "county", by=CITY)],
            "wait": [],
        }
        life.at(now, *(said_now[what] if what in said_now else [decides(now, what)]))
    life.quiet_until(deadline(10, 31))
    assert life.core.settled
    kinds = life.kinds()
    if "closed" in kinds and police.closure is CaseClosure.BOTH:
        before = life.entries[: kinds.index("closed")]
        wanted = {"not_filed", "concluded"} | ({"filed"} if police.ends_with is CaseEnd.DECISION else set())
        assert any(entry.kind == "case_decided" and any(f'"{one}"' in entry.data for one in wanted) for entry in before)
    again = SiteAggregate(site_terms(police=police))
    again.restore(life.entries)
    assert again.state == life.state
