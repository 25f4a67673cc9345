"""Commands stay in the inbox until they are judged."""

from rules.command_results import Received
from schemas.clock import Clock
from tests.support.sample_terms import on, report
from workflows.campaign_time import ToldTime
from workflows.inbox import Inbox

NOW = on(7, 22)


def ids(received: list[Received]) -> list[str]:
    return [one.command.command_id for one in received]


async def test_inbox_keeps_what_is_not_judged_and_what_comes_meanwhile() -> None:
    inbox = Inbox(ToldTime(Clock(campaign_origin=NOW, stepped=True)))
    for name in "abc":
        inbox.put_signal(report(NOW, "signs", 1, command_id=name))
    given = await inbox.give(lambda _: False)
    assert ids(given) == ["a", "b", "c"] and inbox
    inbox.keep(given[1:])
    inbox.put(report(NOW, "signs", 1, command_id="d"))
    inbox.keep(given[2:])  # the ledger holds another one of an interrupted attempt
    left = await inbox.give(lambda _: False)
    assert ids(left) == ["c", "d"]
    inbox.keep([])
    assert not inbox


async def test_no_arrival_is_read_on_a_stepped_clock() -> None:
    inbox = Inbox(ToldTime(Clock(campaign_origin=NOW, stepped=True)))
    inbox.put_signal(report(on(7, 1), "signs", 1))
    [given] = await inbox.give(lambda _: True)
    assert given.arrived_at is None
