"""Documents of a city and its sites: issued once, in order, answered in time, and none lost after an interruption."""

from datetime import date, datetime
from typing import Any

import pytest

from rules.calendar import end_of, local_date, start_of
from rules.campaign.aggregate import CampaignAggregate
from rules.campaign.options.briefing import notices_of
from rules.campaign.ranking import ranked
from rules.campaign.state import CampaignState
from rules.city.aggregate import CityAggregate
from rules.documents.rules import above
from rules.effects import GatherNotices, NumberDocuments
from rules.terms.documents import document_terms, levels_of
from schemas import commands as cmd
from schemas.actor import ENGINE
from schemas.documents.terms import DocumentTerms
from schemas.ladder import Briefing, UnitLevel
from schemas.offices import AddresseeLevel, City
from schemas.options.briefing import (
    BriefingFrozen,
    BriefingReport,
    FrozenBriefing,
    Measures,
    RankedUnit,
    UnitMeasures,
)
from tests.support.escalating_city import (
    APPROVER,
    CHIEF,
    GOVERNOR,
    ISSUER,
    REGISTRY,
    EscalatingCity,
    approves,
    days,
    extends,
    frozen,
    rejects,
    replies,
    signs,
    working,
    works,
)
from tests.support.imagined_city import campaign_terms

ORDER = {"rung": 2, "instrument": "supervision_order", "after": days(1)}
CIRCULAR = {"rung": 3, "instrument": "circular", "after": working(5), "approver": APPROVER, "approval": working(1)}
DUE = date(2021, 8, 20)


def at(text: str) -> datetime:
    """A moment of 2021 in Henan."""
    return datetime.fromisoformat(f"2021-{text.replace(' ', 'T')}:00+08:00")


def city(*ladder: dict[str, Any], ends_on: str = "2021-12-31", plan: dict[str, Any] | None = None, **more: Any) -> Any:
    return EscalatingCity(
        frozen("2021-07-19", ends_on, ladder=list(ladder), **(plan or {})), more.pop("due", DUE), **more
    )


# -- once and in order -----------------------------------------------------------------------------------------------


def test_approval_received_with_late_dispatch_waits_for_next() -> None:
    # Proposed on Mon 30 Aug. The worker is down on Tue 31 from eight in the morning until noon, when the dispatch
    # of nine o'clock and the approval of half past nine are processed together: the circular is issued on Wed 1 Sep.
    life = city(ORDER, CIRCULAR)
    life.live(at("08-31 07:59"))
    life.now = at("08-31 12:00")
    life.says(cmd.Approve, CHIEF, at("08-31 09:30"), document=life.newest("circular"))
    life.live(at("09-02 10:00"))
    assert [(d.kind, str(local_date(life.plan.calendar, d.issued_at))) for d in life.of("circular")] == [
        ("circular", "2021-09-01")
    ]
    assert life.cases["a"].state.rung == 3 and not life.cases["a"].state.rung_waits


@pytest.mark.parametrize("newer_first", [False, True])
def test_reproposed_site_listed_in_one_document_per_rung(newer_first: bool) -> None:
    # Both sites are proposed on Mon 30 Aug. One is extended to Fri 10 Sep and proposed again on Fri 17 Sep, while the
    # first draft still waits.
    life = city(ORDER, CIRCULAR, sites=("a", "b"))
    life.live(at("09-17 10:00"), [(at("08-31 10:00"), extends(date(2021, 9, 10)))])
    older, newer = (key for key, draft in life.drafts.items() if draft.kind == "circular")
    for minute, key in enumerate((newer, older) if newer_first else (older, newer)):
        life.live(at(f"09-17 11:0{minute}"))
        life.says(cmd.Approve, CHIEF, document=key)
        if newer_first and key == newer:
            life.live(at("09-18 10:00"))  # it is issued before the older one is approved
    life.live(at("10-20 10:00"))
    assert {document.key: document.sites for document in life.of("circular")} == {older: ("b",), newer: ("a",)}
    assert [case.state.rung for case in life.cases.values()] == [3, 3]


def test_site_reproposed_on_issue_day_listed_in_newer_document() -> None:
    # Extended to Fri 10 Sep; five working days after, Fri 17 Sep, it is proposed again. Approved the evening before.
    life = city(ORDER, CIRCULAR, sites=("a", "b"))
    acts = [(at("08-31 10:00"), extends(date(2021, 9, 10))), (at("09-16 20:00"), approves("circular"))]
    life.live(at("09-17 12:00"), acts)
    assert [document.sites for document in life.of("circular")] == [("b",)]
    (newer,) = [draft for draft in life.drafts.values() if draft.state == "drafted"]
    assert newer.sites == ("a",)
    assert life.cases["a"].state.rung_waits and not life.cases["b"].state.rung_waits


def test_draft_with_all_sites_reproposed_is_withdrawn() -> None:
    life = city(ORDER, CIRCULAR)
    life.live(at("10-08 18:00"), [(at("08-31 10:00"), extends(date(2021, 9, 10)))])
    first, second = (key for key, draft in life.drafts.items() if draft.kind == "circular")
    assert (life.states[first], life.states[second]) == ("withdrawn", "drafted")
    after = [d for d in life.of("approval_overdue") if d.issued_at > at("09-17 10:00")]
    assert {d.data["key"] for d in after} == {second}


def test_reported_work_removes_site_from_draft_before_acceptance() -> None:
    life = city(ORDER, CIRCULAR, sites=("a", "b"))
    # Reported on 31 Aug; the county has not judged by 10 Sep; approved on 15 Sep.
    life.live(at("09-20 10:00"), [(at("08-31 10:00"), works()), (at("09-15 10:00"), approves("circular"))])
    assert [document.sites for document in life.of("circular")] == [("b",)]
    assert life.cases["a"].state.rung == 2


# -- answered in time ------------------------------------------------------------------------------------------------


def test_receipt_before_dispatch_hour_not_reported_overdue() -> None:
    # Ordered on Mon 23 Aug, to be signed by Tue 24.
    life = city(ORDER, signing=False)
    life.live(at("08-25 12:00"), [(at("08-25 08:00"), signs("supervision_order", "公安局"))])
    (chase,) = life.of("document_receipt_overdue")
    assert [line["units"] for line in chase.data["documents"]] == [["自然资源局"]]
    life = city(ORDER, signing=False)
    life.live(at("09-20 12:00"), [(at("08-25 08:00"), signs("supervision_order"))])
    assert life.of("document_receipt_overdue") == []


def test_reply_before_dispatch_hour_not_reported_overdue() -> None:
    life = city({**ORDER, "reply": working(5)})
    life.live(at("09-20 12:00"), [(at("08-31 08:00"), replies("supervision_order"))])
    assert len(life.events("reply_overdue")) == 1
    assert life.of("reply_overdue") == []


# -- levels ----------------------------------------------------------------------------------------------------------


def test_silence_goes_higher_than_the_document_that_met_it() -> None:
    life = city({**ORDER, "addressee": "government"}, signing=False)
    life.live(at("09-20 12:00"))
    told = life.of("document_receipt_overdue")
    assert [LEVEL[d.rung] for d in told] == [AddresseeLevel.DEPUTY_HEAD, AddresseeLevel.HEAD]
    life = city({**ORDER, "addressee": "deputy_head", "reply": working(5)}, signing=False)
    life.live(at("09-20 12:00"))
    assert [LEVEL[d.rung] for d in life.of("document_receipt_overdue")] == [AddresseeLevel.HEAD]
    assert [LEVEL[d.rung] for d in life.of("reply_overdue")] == [AddresseeLevel.HEAD]


LEVEL = tuple(AddresseeLevel)


@pytest.mark.parametrize(
    ("offices", "addressed", "expected"),
    [
        ({}, "bureaus", ["government"]),
        ({}, "head", ["head"]),
        ({"head": {"name": "市长"}}, "bureaus", ["government", "head"]),
        ({"head": {"name": "市长"}}, "government", ["head"]),
        (
            {"head": {"name": "市长"}, "deputy_head": {"name": "副市长"}},
            "bureaus",
            ["government", "deputy_head", "head"],
        ),
        ({"head": {"name": "市长"}, "deputy_head": {"name": "副市长"}}, "head", ["head"]),
    ],
)
def test_unnamed_office_gets_no_repeated_escalation(
    offices: dict[str, Any], addressed: str, expected: list[str]
) -> None:
    whose = City.model_validate(
        {"code": "1", "name": "市", "lead": "市政府", "recipients": [{"name": "局"}], **offices}
    )
    levels = levels_of(whose)
    documents = DocumentTerms(series="s", receipt=ORDER["after"], levels=levels)
    assert list(above(documents.levels, levels[addressed])) == expected


def test_approval_documents_use_number_series_of_issuer() -> None:
    silent = {**CIRCULAR, "issuer": "公安厅"}
    life = city(ORDER, silent)
    life.live(at("09-10 12:00"), [(at("09-09 10:00"), approves("circular"))])
    series = {
        life.numbers[d.key][0] for d in life.documents if d.kind in ("approval_request", "approval_overdue", "circular")
    }
    assert series == {"豫公督"}
    assert life.of("approval_overdue")


# -- approvals -------------------------------------------------------------------------------------------------------


def test_the_superior_may_decide_and_nobody_else() -> None:
    life = city(ORDER, CIRCULAR)
    life.live(at("09-01 12:00"))
    draft = life.newest("circular")
    life.says(cmd.Approve, CHIEF.model_copy(update={"unit": "公安厅"}), document=draft)
    assert "waits for 厅长 or 分管副省长; chief acts for 公安厅" in life.refused[-1]
    life.says(cmd.SignReceipt, REGISTRY, document=draft)
    assert "is a draft that waits for 厅长" in life.refused[-1]
    life.says(cmd.Approve, GOVERNOR, document=draft)
    life.says(cmd.Reject, CHIEF, document=draft, reason="不妥")
    assert "was approved already by governor" in life.refused[-1]
    life.live(at("09-02 12:00"))
    assert [d.progress.approved_by for d in life.of("circular")] == ["governor"]


def test_a_rejected_draft_leaves_no_gap_in_the_numbers() -> None:
    life = city(ORDER, CIRCULAR, sites=("a", "b"))
    life.live(at("09-20 12:00"), [(at("08-31 15:00"), rejects("circular")), (at("09-07 11:00"), approves("circular"))])
    given = sorted(n for series, _, n in life.numbers.values() if series == "豫自然资督")
    assert given == list(range(1, len(given) + 1)) and len(given) == len(life.documents)


# -- interruptions, and the end --------------------------------------------------------------------------------------


def lost_before_numbering(life: EscalatingCity, when: datetime) -> None:
    """The city's worker crashes after its drafts are recorded and before they are numbered."""
    perform = life._performed

    def dies(effect: Any) -> Any:
        if isinstance(effect, NumberDocuments):
            raise ConnectionError
        return perform(effect)

    life._performed = dies  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        life.live(when)
    life._performed = perform  # type: ignore[method-assign]
    life.desk = CityAggregate(life.terms)
    life.desk.restore(life.entries)


@pytest.mark.parametrize("back", ["08-30 15:00", "08-31 15:00", "09-03 22:00"])
def test_city_lost_before_numbering_still_sends_approval_request(back: str) -> None:
    life = city(ORDER, CIRCULAR)
    life.live(at("08-29 12:00"))
    lost_before_numbering(life, at("08-30 12:00"))
    assert "document_drafted" in [e.kind for e in life.entries] and life.of("approval_request") == []
    life.outages = ((life.now, at(back)),)
    life.live(at("09-06 12:00"))
    assert len(life.of("approval_request")) == 1
    assert len(life.events("document_drafted")) == 1


def test_a_desk_that_was_lost_does_not_lay_its_own_draft_twice() -> None:
    silent = {"no_receipt": {"instrument": "interview", "after": working(1), "approver": APPROVER}}
    life = city(ORDER, plan={"behaviour": silent}, deployed=False)
    # Signed by Tue 20 July; a working day later, Wed 21, the interview is proposed.
    life.live(at("07-21 08:00"))
    lost_before_numbering(life, at("07-21 12:00"))
    life.outages = ((life.now, at("07-23 10:00")),)
    life.live(at("07-28 12:00"))
    assert [e.document for e in life.events("document_drafted")] == ["no_receipt"]
    assert len(life.of("approval_request")) == 1


def test_rung_reached_at_end_withdrawn_and_city_closes() -> None:
    # The circular is reached on Wed 20 Oct, while the city is down until after the end.
    life = city(ORDER, CIRCULAR, due=date(2021, 10, 12), ends_on="2021-10-22")
    outage = (at("10-19 23:00"), at("10-25 08:00"))
    life.live(at("10-19 22:00"))
    life.cases["a"].advance([], life.now)
    life.outages = (outage,)
    # Only the city is down: the site runs on its own.
    case = life.cases["a"]
    while (due := case.next_due(life.now)) is not None and due < at("10-22 23:00"):
        life.now = due
        life._site("a")
    life.live(at("11-20 12:00"))
    assert [e.kind for e in life.entries][-1] == "city_closed", "no approver is waited for after the end"
    key = life.newest("circular")
    assert life.states[key] == "withdrawn"
    assert life.of("approval_request") == []


def test_lifted_document_without_reply_does_not_block_closure() -> None:
    listed = {**ORDER, "reply": working(60), "lifting": "decision"}
    life = city(listed, ends_on="2021-09-10", signing=False)
    life.live(at("08-25 10:00"))
    life.says(cmd.Lift, ISSUER, document=life.newest("supervision_order"), reason="整改到位")
    life.live(at("12-20 10:00"))
    assert life.desk.settled
    assert life.of("reply_overdue") == []


def test_what_is_to_be_published_is_published_after_the_end_too() -> None:
    listed = {"rung": 5, "instrument": "listed_supervision", "after": days(1), "publication": working(5),
              "lifting": "sites_closed"}  # fmt: skip
    # Listed on Thu 9 Sep; the campaign ends the day after; published on Thu 16 Sep.
    life = city(listed, due=date(2021, 9, 8), ends_on="2021-09-10")
    life.live(at("10-20 10:00"))
    assert life.desk.settled
    assert [local_date(life.plan.calendar, d.issued_at) for d in life.of("publication")] == [date(2021, 9, 16)]


def test_repeated_notices_and_numbers_change_nothing() -> None:
    life = city({**ORDER, "lifting": "sites_closed"}, CIRCULAR, sites=("a", "b"))
    perform = life._performed
    seen: list[Any] = []

    def remembered(effect: Any) -> Any:
        observation = perform(effect)
        if isinstance(effect, GatherNotices | NumberDocuments):
            seen.append(observation)
        return observation

    life._performed = remembered
    life.live(at("09-20 12:00"), [(at("09-01 15:00"), approves("circular"))])
    before = life.desk.snapshot()
    for observation in seen:
        again = life.desk.observe(observation, life.now)
        assert (again.entries, again.documents, again.document_rows) == ([], [], {})
    assert life.desk.snapshot() == before


def test_city_receipt_may_name_plan_document() -> None:
    life = city(ORDER, deployed=False)
    life.says(cmd.SignReceipt, REGISTRY, document="ladder/410400:plan_issue:0:2021-07-19")
    assert [e.kind for e in life.entries][-1] == "receipt_signed"


# -- the ranking -----------------------------------------------------------------------------------------------------


def test_bottom_of_ranking_proposed_per_full_run_of_weeks() -> None:
    plan = frozen(
        "2021-07-19", "2022-12-31", ladder=[ORDER], briefing={},
        behaviour={"bottom_of_ranking": {"instrument": "interview", "weeks": 2, "approver": APPROVER}},
    )  # fmt: skip
    terms = campaign_terms(documents=document_terms(plan.plan), briefing=Briefing(), starts_on=date(2021, 7, 19))
    board = CampaignAggregate(terms, CampaignState())
    proposed = []
    for week in range(1, 46):
        when = start_of(terms.calendar, date(2021, 7, 19)) + (at("07-26 18:00") - at("07-19 18:00")) * week
        cities = tuple(
            RankedUnit(code=c, name=c, baseline=Measures(), newly_found=Measures(), rank=n, score="1")
            for n, c in enumerate(("410600", "410400"), start=1)
        )
        briefing = FrozenBriefing(
            week=week, cutoff=when, as_of=when, formula="f", base=5, weights=Briefing().weights, cities=cities,
            total_baseline=Measures(), total_newly_found=Measures(), bottom=("410400",),
        )  # fmt: skip
        board.record_event(BriefingFrozen(week=week, briefing=briefing), when, when, ENGINE)
        proposed += [n.data["weeks"] for n in notices_of(terms, board.state, briefing, when) if n.kind != "briefing"]
    assert proposed == [[week - 1, week] for week in range(2, 46, 2)]


def test_counties_at_the_bottom_are_proposed_to_their_city() -> None:
    plan = frozen(
        "2021-07-19", "2022-12-31", ladder=[ORDER], briefing={},
        behaviour={"bottom_of_ranking": {"instrument": "interview", "weeks": 2, "approver": APPROVER}},
    )  # fmt: skip
    leads = Briefing(levels=(UnitLevel.COUNTY,))
    terms = campaign_terms(documents=document_terms(plan.plan), briefing=leads, starts_on=date(2021, 7, 19))
    board, when = CampaignAggregate(terms, CampaignState()), at("07-26 18:00")
    counts = {"410402": 1, "410404": 1, "410411": 3}
    counties = tuple(
        UnitMeasures(code=c, name=f"县{c}", level=UnitLevel.COUNTY, city="410400", baseline=Measures(sites=5, closed=n))
        for c, n in counts.items()
    )
    cities = (UnitMeasures(code="410400", name="平顶山市", baseline=Measures(sites=15, closed=5)),)
    for week in (1, 2):
        briefing = ranked(BriefingReport(week=week, cutoff=when, as_of=when, cities=cities, below=counties), leads)
        board.record_event(BriefingFrozen(week=week, briefing=briefing), when, when, ENGINE)
    (notice,) = [one for one in notices_of(terms, board.state, briefing, when) if one.kind != "briefing"]
    assert (notice.city, notice.data["rank"], notice.data["of"]) == ("410400", 2, 3)
    assert notice.data["units"] == [
        {"level": "county", "code": "410402", "name": "县410402"},
        {"level": "county", "code": "410404", "name": "县410404"},
    ]


def test_a_deadline_of_the_plan_ends_with_its_day() -> None:
    life = city(ORDER)
    life.live(at("08-23 12:00"))
    (order,) = life.of("supervision_order")
    assert order.progress.receipt_due == end_of(life.plan.calendar, date(2021, 8, 24))
