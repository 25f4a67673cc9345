"""Notifications of a city to its sites: always known commands, and the same notification has the same command id."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations, product

import pytest
from pydantic import ValidationError

from rules.calendar import next_working_day
from rules.effects import NotifySites
from rules.site.escalation import escalation_command
from schemas.commands import SITE_COMMANDS
from schemas.register import Proposal
from schemas.site.commands import HoldClimb, RungIssued, RungWithdrawn
from schemas.work import EscalationUpdate, NotifyOrder
from tests.support.escalating_city import EscalatingCity, days, frozen, replies, resumes, suspends, working

NINE = datetime(2021, 9, 1, 1, tzinfo=UTC)
DAY = date(2021, 9, 1)
FIRST = Proposal("a", 1)
CIRCULAR = "henan/410400:circular:3:2021-09-01"


def told(news: EscalationUpdate, document: str = CIRCULAR, reason: str = "") -> NotifySites:
    return NotifySites(NINE, news, document, 3, DAY, ("a",), reason)


@pytest.mark.parametrize("news", EscalationUpdate)
def test_escalation_update_becomes_site_command_of_same_name(news: EscalationUpdate) -> None:
    effect = told(news)
    order = NotifyOrder(
        campaign_id="henan", city="410400", at=NINE, news=news, document=CIRCULAR, rung=3, day=DAY, sites=("a",)
    )
    command = escalation_command(effect, Proposal("a", 2))
    assert command == escalation_command(order, Proposal("a", 2)), "the engine and the simulator say the same"
    assert command.kind == news and type(command) is SITE_COMMANDS[news]
    assert (command.document, command.rung, command.round, command.effective_at) == (CIRCULAR, 3, 2, NINE)


def test_each_kind_of_news_says_its_day_and_why() -> None:
    issued, withdrawn, held = (escalation_command(told(news, reason="道路被毁"), FIRST) for news in EscalationUpdate)
    assert isinstance(issued, RungIssued) and issued.on == DAY
    assert isinstance(withdrawn, RungWithdrawn) and (withdrawn.on, withdrawn.reason) == (DAY, "道路被毁")
    assert isinstance(held, HoldClimb) and held.until == DAY


def test_escalation_command_id_stable_and_distinct_per_document() -> None:
    first = escalation_command(told(EscalationUpdate.RUNG_ISSUED), FIRST).command_id
    assert first == escalation_command(told(EscalationUpdate.RUNG_ISSUED), FIRST).command_id
    others = {
        escalation_command(told(EscalationUpdate.RUNG_WITHDRAWN), FIRST).command_id,
        escalation_command(told(EscalationUpdate.RUNG_ISSUED, "other"), FIRST).command_id,
    }
    assert first not in others and len(others) == 2


def test_unknown_escalation_update_is_refused() -> None:
    known = told(EscalationUpdate.HOLD_CLIMB)
    with pytest.raises(ValidationError, match="rung_forgotten"):
        NotifyOrder(
            campaign_id="henan", city="410400", at=NINE, news="rung_forgotten",
            document=known.document, rung=3, day=DAY,
        )  # fmt: skip


ORDER = {
    "rung": 2, "instrument": "supervision_order", "after": days(1), "reply": working(5), "reply_holds": working(15),
}  # fmt: skip
SUPERVISED = frozen("2021-07-19", "2021-12-31", ladder=[ORDER])


@pytest.mark.parametrize("days_of_replies", sorted(product((1, 3, 10), repeat=3)))
@pytest.mark.parametrize("heard", sorted({*permutations((1, 2, 3)), (1, 3, 2, 3, 2), (3, 3, 1, 2, 2)}))
def test_last_reply_holds_whatever_order_site_hears(heard: tuple[int, ...], days_of_replies: tuple[int, ...]) -> None:
    """A notification that overtook another, or comes twice, leaves the hold of the last reply, also of equal days."""
    life = EscalatingCity(SUPERVISED, date(2021, 8, 20))
    life.live(datetime(2021, 8, 24, 2, tzinfo=UTC))
    order = life.newest("supervision_order")
    for number in heard:
        until = date(2021, 9, days_of_replies[number - 1])
        life._notify_sites(NotifySites(NINE, EscalationUpdate.HOLD_CLIMB, order, 2, until, ("a",), reply=number))
    last = date(2021, 9, days_of_replies[-1])
    assert life.cases["a"].state.not_before == next_working_day(SUPERVISED.calendar, last + timedelta(days=1))
    assert not life.refused


def test_shorter_hold_leaves_what_a_suspension_gave_back() -> None:
    life = EscalatingCity(
        frozen("2021-07-19", "2021-12-31", ladder=[ORDER, {"rung": 3, "instrument": "circular", "after": working(5)}]),
        date(2021, 8, 20),
    )
    monday = datetime(2021, 8, 23, 4, tzinfo=UTC)
    life.live(monday + timedelta(days=11), [(monday, suspends()), (monday + timedelta(days=10), resumes())])
    resumed = life.cases["a"].state.climbs_from
    replies("supervision_order", date(2021, 9, 20))(life, life.now)
    assert life.cases["a"].state.not_before == date(2021, 9, 22), "the 21st is a holiday"
    replies("supervision_order", date(2021, 9, 3))(life, life.now)
    assert resumed is not None and life.cases["a"].state.not_before == resumed
