"""Years that have passed when a programme is checked, and years that will not begin."""

from datetime import UTC, datetime, timedelta

from commands.programme.view import checked_page
from commands.programme.years_view import programme_page
from rules.command_results import Received
from rules.programme.aggregate import ProgrammeAggregate
from rules.terms.plan import programme_terms
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.clock import Clock
from tests.support.programme_years import YEARS, programme_of, stock_of

FROZEN = programme_of(YEARS)
BEFORE_THE_END = datetime(2021, 3, 20, tzinfo=UTC)
BETWEEN = datetime(2021, 6, 1, tzinfo=UTC)


def test_a_check_says_which_years_have_passed() -> None:
    stock = stock_of([1.0, 2.0], "north")
    assert [y["passed"] for y in checked_page(FROZEN, stock, BETWEEN).data["years"]] == [True, False, False]
    assert not any(y["passed"] for y in checked_page(FROZEN, stock, BEFORE_THE_END).data["years"])


def test_programme_years_cancelled_by_stop_shown_as_stopped() -> None:
    terms = programme_terms(FROZEN, Clock())
    board = ProgrammeAggregate(terms)
    now = terms.years[0].starts_at - timedelta(days=2)
    entries = list(board.advance((), now).entries)
    assert {y["state"] for y in programme_page(FROZEN, entries).data["years"]} == {"waiting"}
    chen = Actor(id="chen", role=Role.PROVINCE, unit=terms.units.province[0])
    stop = cmd.Stop(command_id="stop", actor=chen, effective_at=now, reason="merged")
    entries += board.advance([Received(stop, now)], now).entries
    assert {y["state"] for y in programme_page(FROZEN, entries).data["years"]} == {"stopped"}
