"""The ladder against dates that were computed by hand from the State Council's calendars of 2021 and 2026.

2021: rest on 19-21 September and 1-7 October; work on Sat 18 September, Sun 26 September, Sat 9 October.
2026: rest on 15-23 February, 25-27 September and 1-7 October; work on Sat 14 and Sat 28 February, Sun 20 September,
Sat 10 October. Saturdays and Sundays rest otherwise.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from rules.calendar import start_of
from tests.support.escalating_city import (
    APPROVER,
    Act,
    EscalatingCity,
    approves,
    closes,
    days,
    extends,
    frozen,
    lifts,
    rejects,
    replies,
    resumes,
    signs,
    suspends,
    working,
    works,
)

PLAIN = (
    {"rung": 2, "instrument": "supervision_order", "after": days(1)},
    {"rung": 3, "instrument": "circular", "after": working(5)},
    {"rung": 4, "instrument": "interview", "after": working(5)},
)
ANSWERED = (
    {**PLAIN[0], "reply": working(5), "reply_holds": working(10)},
    PLAIN[1],
)
SPOKEN = ({**ANSWERED[0], "reply_holds_without_day": working(3)}, PLAIN[1])
PATIENT = ({**ANSWERED[0]}, {**PLAIN[1], "after": working(10)})
APPROVED = (PLAIN[0], {**PLAIN[1], "approver": APPROVER, "approval": working(1)}, PLAIN[2])
NATURAL = (PLAIN[0], {**PLAIN[1], "approver": APPROVER, "approval": days(1)})
ORDER = (PLAIN[0],)
LISTED = (
    {
        "rung": 5,
        "instrument": "listed_supervision",
        "after": days(1),
        "publication": working(5),
        "lifting": "sites_closed",
    },
)


@dataclass
class Case:
    """`due` is the site's last day; `events` are (moment, command); a moment is `09-23 15:00` of `due`'s year."""

    name: str
    due: date
    expected: list[str]
    ladder: tuple[dict[str, Any], ...] = PLAIN
    events: list[tuple[str, Act]] = field(default_factory=list)
    until: str = "10-25"
    outages: list[tuple[str, str]] = field(default_factory=list)
    signing: bool = True


# fmt: off
CASES = [
    # -- holiday weeks and make-up days of 2021 --
    # Thu 16 Sep + 1 day = Fri 17. Five working days: Sat 18, Wed 22, Thu 23, Fri 24, Sun 26. Then Mon 27, 28, 29,
    # Thu 30, Fri 8 Oct.
    Case("the grace counts the make-up Saturday and ends on the make-up Sunday", date(2021, 9, 16),
         ["09-17 supervision_order 2", "09-26 circular 3", "10-08 interview 4"]),
    # Fri 17 + 1 day = Sat 18, which works. Wed 22, 23, 24, Sun 26, Mon 27. Then 28, 29, 30, Fri 8 Oct, Sat 9 Oct.
    Case("a rung fires on the make-up Saturday itself", date(2021, 9, 17),
         ["09-18 supervision_order 2", "09-27 circular 3", "10-09 interview 4"]),
    # Sat 18 + 1 day = Sun 19, off until Tue 21: Wed 22. Thu 23, 24, Sun 26, 27, Tue 28. 29, 30, 8 Oct, 9 Oct, Mon 11.
    Case("Mid-Autumn moves a rung to the Wednesday, and the grace counts from there", date(2021, 9, 18),
         ["09-22 supervision_order 2", "09-28 circular 3", "10-11 interview 4"]),
    # Thu 30 Sep + 1 = Fri 1 Oct, off until the 7th: Fri 8. Sat 9, Mon 11, 12, 13, Thu 14. Fri 15, 18, 19, 20, Thu 21.
    Case("the golden week burns no rung", date(2021, 9, 30),
         ["10-08 supervision_order 2", "10-14 circular 3", "10-21 interview 4"]),
    # -- 2026 --
    # Thu 12 Feb + 1 = Fri 13. Sat 14 (works), Tue 24, 25, 26, Fri 27. Then Sat 28 (works), Mon 2 Mar, 3, 4, Thu 5.
    Case("the Spring Festival lies within the grace", date(2026, 2, 12), until="03-20", expected=
         ["02-13 supervision_order 2", "02-27 circular 3", "03-05 interview 4"]),
    # Sat 14 (works) + 1 = Sun 15, off until Mon 23: Tue 24. 25, 26, 27, Sat 28, Mon 2 Mar. 3, 4, 5, 6, Mon 9.
    Case("a due day before the Spring Festival is overdue after it", date(2026, 2, 14), until="03-20", expected=
         ["02-24 supervision_order 2", "03-02 circular 3", "03-09 interview 4"]),
    # Thu 17 Sep + 1 = Fri 18. Sun 20 (works), Mon 21, 22, 23, Thu 24. Fri 25 - Sun 27 rest: 28, 29, 30, 8 Oct, Fri 9.
    Case("the autumn of 2026, with its make-up Sunday", date(2026, 9, 17),
         ["09-18 supervision_order 2", "09-24 circular 3", "10-09 interview 4"]),
    # Wed 30 Sep + 1 = Thu 1 Oct, off: Thu 8. Fri 9, Sat 10 (works), Mon 12, 13, Wed 14. 15, 16, 19, 20, Wed 21.
    Case("the golden week of 2026 and its make-up Saturday", date(2026, 9, 30),
         ["10-08 supervision_order 2", "10-14 circular 3", "10-21 interview 4"]),
    # -- suspension --
    # Fri 20 Aug + 1 = Sat 21: Mon 23. Circular would be Mon 30 Aug. Suspended for 14 days from Thu 26 Aug 10:00:
    # four days of grace were left, so Mon 13 Sep. Then 14, 15, 16, 17, Sat 18 (works).
    Case("a suspension over a rung gives the rest of the grace back", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-13 circular 3", "09-18 interview 4"],
         events=[("08-26 10:00", suspends()), ("09-09 10:00", resumes())]),
    # From 18 Aug 10:00 to 1 Sep 10:00: the due day Fri 20 Aug becomes Fri 3 Sep; + 1 = Sat 4: Mon 6. 7, 8, 9, 10, 13.
    Case("a suspension over the due day moves the whole ladder", date(2021, 8, 20),
         ["09-06 supervision_order 2", "09-13 circular 3", "09-18 interview 4"],
         events=[("08-18 10:00", suspends()), ("09-01 10:00", resumes())]),
    Case("a site that stays suspended does not climb", date(2021, 8, 20), ["08-23 supervision_order 2"],
         events=[("08-26 10:00", suspends())]),
    # -- outages --
    # Down from Mon 23 Aug to Sat 28 Aug noon: the order goes out on Mon 30. 31, 1, 2, 3, Mon 6 Sep. 7, 8, 9, 10, 13.
    Case("an outage of five days moves a rung and the next has its fresh grace", date(2021, 8, 20),
         ["08-30 supervision_order 2", "09-06 circular 3", "09-13 interview 4"],
         outages=[("08-23 00:00", "08-28 12:00")]),
    # Down over two rungs, until Wed 8 Sep 14:00. The city may have processed the dispatch of that morning already,
    # before its sites ran, so the order is of Thu 9, the circular after 10, 13, 14, 15, Thu 16, the interview after 17,
    # Sat 18, Wed 22, Thu 23, Fri 24.
    Case("an outage over two rungs is caught up in order", date(2021, 8, 20),
         ["09-09 supervision_order 2", "09-16 circular 3", "09-24 interview 4"],
         outages=[("08-23 00:00", "09-08 14:00")]),
    # Back on Wed 8 Sep at eight in the evening, after office hours: the order on Thu 9. 10, 13, 14, 15, Thu 16. 17,
    # Sat 18, Wed 22, 23, Fri 24.
    Case("what is caught up after office hours is told the day after, and the grace counts from there",
         date(2021, 8, 20), ["09-09 supervision_order 2", "09-16 circular 3", "09-24 interview 4"],
         outages=[("08-23 00:00", "09-08 20:00")]),
    # Down on Mon 23 Aug until seven in the evening: the order on Tue 24. 25, 26, 27, 30, Tue 31. 1, 2, 3, 6, Tue 7.
    Case("an outage over one day's office hours moves the rung by a day", date(2021, 8, 20),
         ["08-24 supervision_order 2", "08-31 circular 3", "09-07 interview 4"],
         outages=[("08-22 12:00", "08-23 19:00")]),
    # Down from Fri 27 Aug to Wed 1 Sep 10:00, after the dispatch hour: the circular of Mon 30 Aug goes out on
    # Thu 2 Sep. 3, 6, 7, 8, Thu 9.
    Case("an outage between rungs delays the one that was missed only", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-02 circular 3", "09-09 interview 4"],
         outages=[("08-27 18:30", "09-01 10:00")]),
    # -- extensions --
    # Fri 10 Sep + 1 = Sat 11: Mon 13. 14, 15, 16, 17, Sat 18. Wed 22, 23, 24, Sun 26, Mon 27.
    Case("an extension granted at the last hour stops the ladder before it begins", date(2021, 8, 20),
         ["09-13 supervision_order 2", "09-18 circular 3", "09-27 interview 4"],
         events=[("08-20 23:50", extends(date(2021, 9, 10)))]),
    # Granted in time, received on Mon 23 Aug at ten, three days after: the order of nine o'clock stays issued (once
    # a round). The circular counts from the new due day Fri 10 Sep: 13, 14, 15, 16, Fri 17. Sat 18, 22, 23, 24, Sun 26.
    Case("an extension that is heard late leaves what went out and stops the rest", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-17 circular 3", "09-26 interview 4"],
         events=[("08-23 10:00", extends(date(2021, 9, 10), datetime.fromisoformat("2021-08-20T23:50:00+08:00")))]),
    # Received on Sat 21 Aug, before the rung of Monday: as if received in time.
    Case("an extension that is heard on the Saturday comes before the rung of Monday", date(2021, 8, 20),
         ["09-13 supervision_order 2", "09-18 circular 3", "09-27 interview 4"],
         events=[("08-21 11:00", extends(date(2021, 9, 10), datetime.fromisoformat("2021-08-20T23:50:00+08:00")))]),
    # -- replies --
    # Ordered on Mon 23 Aug, answered by Mon 30 Aug (24, 25, 26, 27, 30); nobody answers: reported on Tue 31.
    Case("a reply that does not come is demanded a level higher, and the climb goes on", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-30 circular 3", "08-31 reply_overdue 1"], ANSWERED),
    # Answered on Thu 26 Aug: done by Fri 3 Sep. The circular of 30 Aug waits for the first working day after, Mon 6.
    Case("a reply stops the climb until the day that it promises", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-06 circular 3"], ANSWERED,
         events=[("08-26 15:00", replies("supervision_order", date(2021, 9, 3)))]),
    # Ten working days from Thu 26 Aug: 27, 30, 31, 1, 2, 3, 6, 7, 8, Thu 9 Sep; so Fri 10 Sep.
    Case("a promise is capped by what a reply may hold", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-10 circular 3"], ANSWERED,
         events=[("08-26 15:00", replies("supervision_order", date(2021, 9, 30)))]),
    Case("a reply without a day holds nothing where the plan has no clause for it", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-30 circular 3"], ANSWERED,
         events=[("08-26 15:00", replies("supervision_order"))]),
    # Three working days from Thu 26 Aug: 27, 30, Tue 31; so Wed 1 Sep.
    Case("a reply without a day holds as long as the plan says for that", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-01 circular 3"], SPOKEN,
         events=[("08-26 15:00", replies("supervision_order"))]),
    # The circular would be due ten working days after Mon 23 Aug: Mon 6 Sep. The reply comes on Thu 2 Sep, late (told
    # on 31 Aug), and holds for ten working days: 3, 6, 7, 8, 9, 10, 13, 14, 15, Thu 16; so Fri 17 Sep.
    Case("a late reply is demanded first and holds all the same", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-31 reply_overdue 1", "09-17 circular 3"], PATIENT,
         events=[("09-02 10:00", replies("supervision_order", date(2021, 9, 30)))]),
    Case("a second reply puts its later day in place of the first", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-02 circular 3"], ANSWERED,
         events=[("08-24 15:00", replies("supervision_order", date(2021, 8, 30))),
                 ("08-26 15:00", replies("supervision_order", date(2021, 9, 1)))]),
    Case("a second reply puts its earlier day in place of the first", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-31 circular 3"], ANSWERED,
         events=[("08-24 15:00", replies("supervision_order", date(2021, 9, 3))),
                 ("08-26 15:00", replies("supervision_order", date(2021, 8, 30)))]),
    # Ten working days from Tue 24 Aug: 25, 26, 27, 30, 31, 1, 2, 3, 6, Tue 7 Sep; so Wed 8 Sep.
    Case("no number of replies holds beyond the limit from the first", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-08 circular 3"], ANSWERED,
         events=[("08-24 15:00", replies("supervision_order", date(2021, 8, 27))),
                 ("08-27 15:00", replies("supervision_order", date(2021, 9, 3))),
                 ("09-03 15:00", replies("supervision_order", date(2021, 9, 30)))]),
    # On Wed 1 Sep the city takes its promise of Fri 3 back: nobody climbs on the same day.
    Case("a last reply without a day ends the hold with that day", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-02 circular 3"], ANSWERED,
         events=[("08-26 15:00", replies("supervision_order", date(2021, 9, 3))),
                 ("09-01 15:00", replies("supervision_order"))]),
    Case("a reply that comes late does not replace one that was sent after it", date(2021, 8, 20),
         ["08-23 supervision_order 2", "09-03 circular 3"], ANSWERED,
         events=[("08-26 15:00", replies("supervision_order", date(2021, 9, 2))),
                 ("08-27 15:00", lambda life, _: replies("supervision_order", date(2021, 8, 30))(
                     life, datetime.fromisoformat("2021-08-26T10:00:00+08:00")))]),
    # Answered on Tue 31 Aug at ten: the circular of 30 Aug is out, and the interview of Mon 6 Sep comes all the same.
    Case("a reply to the document of another rung says nothing to the site", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-30 circular 3", "08-31 reply_overdue 1", "09-06 interview 4"],
         (*ANSWERED, PLAIN[2]),
         events=[("08-31 10:00", replies("supervision_order", date(2021, 9, 30)))]),
    # -- approvals --
    # Proposed on Mon 30 Aug, to be decided by Tue 31: overdue told on 1 Sep (again due Thu 2), 3 Sep (Mon 6),
    # Tue 7 Sep (Wed 8). Approved on Wed 8 at three: out on Thu 9. Interview: 10, 13, 14, 15, Thu 16.
    Case("an approval of nine days is not overtaken, and the grace counts from the issue", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-30 approval_request 3", "09-01 approval_overdue 1",
          "09-03 approval_overdue 2", "09-07 approval_overdue 3", "09-09 circular 3", "09-16 interview 4"], APPROVED,
         events=[("09-08 15:00", approves("circular"))]),
    # Rejected on Tue 31 Aug: back on the order, five working days from there: 1, 2, 3, 6, Tue 7: proposed again.
    Case("a rejected circular is proposed again after a fresh grace", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-30 approval_request 3", "09-07 approval_request 3", "09-08 circular 3",
          "09-15 interview 4"], APPROVED,
         events=[("08-31 15:00", rejects("circular")), ("09-07 11:00", approves("circular"))]),
    # Thu 19 Aug + 1 = Fri 20. Circular Fri 27 Aug; one working day: Mon 30; so the superior is notified on Tue 31.
    Case("a weekend is not the approver's silence", date(2021, 8, 19), until="08-31", expected=
         ["08-20 supervision_order 2", "08-27 approval_request 3", "08-31 approval_overdue 1"], ladder=APPROVED),
    # One natural day ends on Sat 28: told on Mon 30, and from there a day again: Tue 31; so Wed 1 Sep.
    Case("a natural day that ends on a Saturday is told on the Monday, with a fresh grace from there",
         date(2021, 8, 19), until="09-01", expected=
         ["08-20 supervision_order 2", "08-27 approval_request 3", "08-30 approval_overdue 1",
          "09-01 approval_overdue 2"], ladder=NATURAL),
    # Approved at eight o'clock on Wed 1 Sep: the overdue report of that night is not issued.
    Case("an approver who decides before the dispatch hour is not complained about", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-30 approval_request 3", "09-01 circular 3", "09-08 interview 4"], APPROVED,
         events=[("09-01 08:00", approves("circular"))]),
    # Work is done on 1 Sep; what is approved on 2 Sep has nothing left to list on 3 Sep.
    Case("what is approved too late is not issued", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-30 approval_request 3", "09-01 approval_overdue 1"], APPROVED,
         until="09-10",
         events=[("09-01 10:00", works()), ("09-02 10:00", approves("circular"))]),
    # Extended on Tue 31 Aug to Fri 10 Sep while the circular waits; approved on Mon 13 Sep, when the site is overdue
    # again but stands on the order: the old circular lists it no more. 5 working days from 10 Sep: Fri 17, proposed.
    Case("an extension takes a site out of the document that waits for approval", date(2021, 8, 20),
         ["08-23 supervision_order 2", "08-30 approval_request 3", "09-01 approval_overdue 1",
          "09-03 approval_overdue 2", "09-07 approval_overdue 3", "09-09 approval_overdue 4",
          "09-13 approval_overdue 5", "09-17 approval_request 3"], APPROVED, until="09-17",
         events=[("08-31 10:00", extends(date(2021, 9, 10))), ("09-13 10:00", approves("circular"))]),
    # -- receipts --
    # Wed 29 Sep + 1 = Thu 30 Sep. One working day: Fri 8 Oct; told on Sat 9 Oct (works). Mon 11: told on Tue 12.
    # Wed 13: told on Thu 14; there is nobody higher.
    Case("the silence of units goes up level by level, and rests in the golden week", date(2021, 9, 29),
         ["09-30 supervision_order 2", "10-09 document_receipt_overdue 1", "10-12 document_receipt_overdue 2",
          "10-14 document_receipt_overdue 3"], ORDER, signing=False),
    Case("who signs on the last day is not complained about", date(2021, 9, 29),
         ["09-30 supervision_order 2"], ORDER, signing=False, events=[("10-08 23:59", signs("supervision_order"))]),
    # One of two signs: the other one stays overdue.
    Case("each unit signs for itself", date(2021, 9, 29),
         ["09-30 supervision_order 2", "10-09 document_receipt_overdue 1", "10-12 document_receipt_overdue 2"], ORDER,
         signing=False, events=[("09-30 15:00", signs("supervision_order", "公安局")),
                                ("10-12 15:00", signs("supervision_order", "自然资源局"))]),
    # -- publication and lifting --
    # Wed 8 Sep + 1 = Thu 9. Published after 10, 13, 14, 15, Thu 16. Closed on Thu 23 Sep: lifted on Fri 24.
    Case("a listing is published, and lifted as openly when its site is struck off", date(2021, 9, 8),
         ["09-09 listed_supervision 5", "09-16 publication 5", "09-24 closure 0", "09-24 lifting 5"], LISTED,
         events=[("09-23 11:00", closes())]),
    # Tue 28 Sep; published after 29, 30, 8 Oct, 9 Oct, Mon 11.
    Case("five working days to the publication span the golden week", date(2021, 9, 27),
         ["09-28 listed_supervision 5", "10-11 publication 5"], LISTED),
    # Struck off on Sat 9 Oct, a working day: lifted on Mon 11 Oct, the day on which it was to be published.
    Case("what is lifted before it is published is not published", date(2021, 9, 27),
         ["09-28 listed_supervision 5", "10-11 closure 0", "10-11 lifting 5"], LISTED,
         events=[("10-09 11:00", closes())]),
    # Nobody lifts what still has an open site: the decision of 30 Sep is refused.
    Case("nobody lifts what still lists an open site", date(2021, 9, 8),
         ["09-09 listed_supervision 5", "09-16 publication 5"], LISTED,
         events=[("09-30 10:00", lifts("listed_supervision"))]),
    # By decision: lifted on Fri 10 Sep at three, told at the next dispatch, Mon 13.
    Case("a listing that its issuer lifts by decision is told at the next dispatch hour", date(2021, 9, 8),
         ["09-09 listed_supervision 5", "09-13 lifting 5"], ({**LISTED[0], "lifting": "decision"},),
         events=[("09-10 15:00", lifts("listed_supervision"))]),
]
# fmt: on


def lived(case: Case) -> EscalatingCity:
    year = case.due.year
    spring = year == 2026 and case.due.month < 6
    start, end = (f"{year}-01-12", f"{year}-04-30") if spring else (f"{year}-07-19", f"{year}-12-31")
    plan = frozen(start, end, ladder=list(case.ladder))

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(f"{year}-{text.replace(' ', 'T')}:00+08:00")

    outages = tuple((moment(begins), moment(ends)) for begins, ends in case.outages)
    city = EscalatingCity(plan, case.due, signing=case.signing, outages=outages)
    until = start_of(plan.calendar, date.fromisoformat(f"{year}-{case.until}"), plan.calendar.office.closes)
    city.live(until, [(moment(at), act) for at, act in case.events])
    return city


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_ladder_keeps_to_the_dates_of_the_calendar(case: Case) -> None:
    assert lived(case).ladder() == case.expected
