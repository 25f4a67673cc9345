"""Events between midnight, when sites climb, and nine o'clock, when documents are issued, are taken into account."""

from datetime import date, datetime
from typing import Any

from rules.calendar import local_date
from rules.documents.addressing import addressing
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.documents.document import DocumentState, Progress
from tests.support.escalating_city import (
    APPROVER,
    CHIEF,
    REGISTRY,
    Act,
    EscalatingCity,
    approves,
    closes,
    days,
    extends,
    frozen,
    rejects,
    replies,
    resumes,
    suspends,
    working,
)

ORDER = {
    "rung": 2,
    "instrument": "supervision_order",
    "after": days(1),
    "reply": working(5),
    "reply_holds": working(15),
}
CIRCULAR = {"rung": 3, "instrument": "circular", "after": working(5), "approver": APPROVER, "approval": working(1)}
DUE = date(2021, 8, 20)  # a Friday: the order is issued on Mon 23, the circular proposed on Mon 30


def at(text: str) -> datetime:
    """A moment of 2021 in Henan."""
    return datetime.fromisoformat(f"2021-{text.replace(' ', 'T')}:00+08:00")


def city(*ladder: dict[str, Any], sites: tuple[str, ...] = ("a", "b"), **plan: Any) -> EscalatingCity:
    return EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=list(ladder), **plan), DUE, sites)


def issued(life: EscalatingCity, kind: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(f"{local_date(life.plan.calendar, d.issued_at):%m-%d}", d.sites) for d in life.of(kind)]


def test_order_omits_site_closed_before_dispatch() -> None:
    life = city(ORDER)
    life.live(at("09-10 10:00"), [(at("08-23 08:00"), closes("a"))])
    assert issued(life, "supervision_order") == [("08-23", ("b",))]


def test_extension_before_dispatch_omits_site_and_resets_ladder() -> None:
    life = city(ORDER)
    granted = extends(date(2021, 9, 10), at("08-20 23:50"))  # on the last day; received on Monday morning
    life.live(at("09-20 10:00"), [(at("08-23 08:00"), granted)])
    assert issued(life, "supervision_order") == [("08-23", ("b",)), ("09-13", ("a",))]
    assert life.cases["a"].state.round == 1 and life.cases["a"].state.rung == 2


def test_suspended_site_ordered_after_resumption() -> None:
    life = city(ORDER)
    life.live(at("09-20 10:00"), [(at("08-23 08:00"), suspends("a")), (at("09-01 10:00"), resumes("a"))])
    (first, second) = issued(life, "supervision_order")
    assert first == ("08-23", ("b",)) and second[1] == ("a",) and second[0] > "09-01"


def test_suspensions_of_a_day_make_one_document_to_the_province() -> None:
    life = city(ORDER, sites=("a", "b", "c"))
    office = Actor(id="sun", role=Role.CITY, unit="410400")

    def stops(site: str) -> Act:
        return lambda of, at: of.tells(site, cmd.Suspend, office, at, reason="洪水")

    acts = [(at("08-03 10:00"), stops("a")), (at("08-03 11:00"), stops("b")), (at("08-05 10:00"), suspends("c"))]
    life.live(at("08-10 10:00"), acts)
    assert issued(life, "city_suspension") == [("08-04", ("a", "b"))]
    document = life.of("city_suspension")[0]
    to = addressing(life.plan.plan, "410400", document.kind, document.rung, Progress())
    assert to.addressee == tuple(agency.name for agency in life.plan.plan.issuing_agencies)
    assert document.progress.units == (), "nobody in the city signs for it"


def test_order_without_sites_withdrawn_without_number() -> None:
    life = city(ORDER, sites=("a",))
    life.live(at("09-20 10:00"), [(at("08-23 08:00"), closes("a"))])
    assert issued(life, "supervision_order") == []
    withdrawn = [d for d in life.drafts.values() if d.kind == "supervision_order"]
    assert [(d.state, d.number, d.sites) for d in withdrawn] == [(DocumentState.WITHDRAWN, None, ("a",))]
    assert [n for _, _, n in life.numbers.values()] == list(range(1, len(life.numbers) + 1))


def test_reply_holds_site_when_next_rung_is_already_proposed() -> None:
    # Proposed at midnight of Mon 30 Aug. Ten minutes after the dispatch the city answers the order and promises 10 Sep,
    # a Friday; approved the same day, the circular goes out without the site. On Mon 13 Sep it is proposed again.
    life = city(ORDER, CIRCULAR, sites=("a",))
    promise = replies("supervision_order", date(2021, 9, 10))
    life.live(at("09-10 12:00"), [(at("08-30 09:10"), promise), (at("08-30 11:00"), approves("circular"))])
    assert issued(life, "circular") == [] and life.cases["a"].state.rung == 2
    life.live(at("09-14 10:00"), [(at("09-13 11:00"), approves("circular"))])
    assert issued(life, "circular") == [("09-14", ("a",))]


def test_rejection_of_older_draft_keeps_newer_proposal() -> None:
    # Extended to Fri 10 Sep and proposed again at midnight of Fri 17 Sep; at eight the draft of 30 Aug is rejected.
    life = city(ORDER, CIRCULAR)
    life.live(at("09-17 07:00"), [(at("08-31 10:00"), extends(date(2021, 9, 10)))])
    life.live(at("09-17 08:30"), [(at("09-17 08:00"), rejects("circular"))])
    assert life.cases["a"].state.rung == 3 and life.cases["a"].state.rung_waits, "its newer proposal stands"
    assert life.cases["b"].state.rung == 2 and not life.cases["b"].state.rung_waits
    life.live(at("09-17 12:00"), [(at("09-17 11:00"), approves("circular"))])
    life.live(at("09-18 10:00"))
    assert issued(life, "circular") == [("09-18", ("a",))]


def test_rejection_during_suspension_restores_only_lost_time() -> None:
    # Proposed on Mon 30 Aug; suspended from Thu 2 to Thu 16 Sep. Rejected on Fri 10 Sep, the fresh grace of five
    # working days would end on Fri 17; the six days from Fri 10 to Thu 16 are given back: Thu 23.
    life = city(ORDER, CIRCULAR, sites=("a",))
    events = [(at("09-02 10:00"), suspends()), (at("09-10 10:00"), rejects("circular")), (at("09-16 10:00"), resumes())]
    life.live(at("10-15 10:00"), events)
    climbs = [entry.at for entry in life.site_entries["a"] if entry.kind == "climbed"]
    assert f"{local_date(life.plan.calendar, climbs[-1]):%m-%d}" in ("09-23", "09-24")


def test_receipt_before_dispatch_hour_prevents_overdue_document() -> None:
    conduct = {"no_receipt": {"instrument": "supervision_order", "after": working(1)}}
    plan = frozen("2021-07-19", "2021-12-31", ladder=[ORDER], behaviour=conduct)
    life = EscalatingCity(plan, DUE, deployed=False)
    # Issued on Mon 19 July: to be signed by Tue 20; overdue on Wed 21, ordered on Thu 22.
    life.live(at("07-21 08:00"))
    life.says(cmd.SignReceipt, REGISTRY)
    life.live(at("07-30 10:00"))
    assert not life.of("receipt_overdue") and not life.of("no_receipt")


def test_no_deployment_draft_withdrawn_after_deployment() -> None:
    conduct = {
        "no_deployment": {
            "instrument": "interview", "after": working(1), "approver": APPROVER, "approval": working(5),
        }
    }  # fmt: skip
    life = EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=[ORDER], behaviour=conduct), DUE, deployed=False)
    life.says(cmd.SignReceipt, REGISTRY)
    life.live(at("08-02 12:00"))  # due on Thu 29 July, proposed on Mon 2 Aug at the latest
    assert [d.state for d in life.drafts.values() if d.kind == "no_deployment"] == [DocumentState.DRAFTED]
    life.says(cmd.SubmitDeployment, REGISTRY, opinion="实施意见")
    key = life.newest("no_deployment")
    life.says(cmd.Approve, CHIEF, document=key)
    life.live(at("08-10 12:00"))
    assert not life.of("no_deployment") and life.states[key] is DocumentState.WITHDRAWN


def test_who_answers_a_document_has_received_it() -> None:
    life = city(ORDER)
    life.signing = False
    life.live(at("08-30 12:00"), [(at("08-23 11:00"), replies("supervision_order", date(2021, 9, 10)))])
    key = life.newest("supervision_order")
    assert set(life.progress[key].signed) == set(life.progress[key].units)
    assert not [d for d in life.of("document_receipt_overdue") if key in str(d.data)]


def test_outage_never_issues_two_rungs_of_site_on_one_day() -> None:
    # Back on Mon 6 Sep at ten: the city processes the dispatch of nine o'clock before any site runs. The letter and the
    # order, whose grace is one day, must not meet on Tue 7.
    letter = {"rung": 1, "instrument": "reminder_letter", "after": days(0)}
    life = city(letter, ORDER, sites=("a",))
    life.outages = ((at("08-20 12:00"), at("09-06 10:00")),)
    life.city_first = True
    life.live(at("09-20 10:00"))
    days_of = [issued(life, kind)[0][0] for kind in ("reminder_letter", "supervision_order")]
    assert days_of == ["09-07", "09-08"]


def test_receipt_overdue_not_sent_for_undelivered_document() -> None:
    # Issued on Mon 23 Aug, to be signed by Tue 24. The mail server is down until Fri 27 at noon: on Wed 25 nobody is
    # notified, and the grace of a working day restarts: Thu 26. So on Fri 27: Mon 30. On Tue 31 the overdue receipt is
    # reported, and after Wed 1 Sep the next level is notified.
    life = city({**ORDER, "reply": working(30)})
    life.signing = False
    life.unreached_until = at("08-27 12:00")
    life.live(at("09-02 10:00"))
    days_of = [f"{local_date(life.plan.calendar, d.issued_at):%m-%d}" for d in life.of("document_receipt_overdue")]
    assert days_of == ["08-31", "09-02"]
