"""A stopped programme: no further year begins, and no campaign starts without an entry in the ledger."""

from datetime import timedelta

from rules.command_results import Received
from rules.effects import StartYear
from rules.programme.aggregate import ProgrammeAggregate
from rules.terms.plan import programme_terms
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.clock import Clock
from schemas.programme import Amount
from schemas.programme_events import YearStartedReport
from tests.support.programme_years import YEARS, programme_of

TERMS = programme_terms(programme_of(YEARS), Clock())
FIRST = TERMS.years[0].starts_at
CHEN = Actor(id="chen", role=Role.PROVINCE, unit=TERMS.units.province[0])


def stop(command_id: str = "stop") -> cmd.Stop:
    return cmd.Stop(command_id=command_id, actor=CHEN, effective_at=FIRST + timedelta(hours=1), reason="merged")


def test_stop_received_with_first_day_starts_no_campaign() -> None:
    """The worker was down at the hour of the start: both are processed in one `advance`, before any effect."""
    board = ProgrammeAggregate(TERMS)
    before = FIRST - timedelta(days=1)
    board.advance((), before)
    now = FIRST + timedelta(hours=2)
    outcome = board.advance([Received(stop(), now)], now)
    assert [entry.kind for entry in outcome.entries] == ["programme_stopped", "programme_ended"]
    assert not [effect for effect in outcome.effects if isinstance(effect, StartYear)]
    assert board.state.ended_at is not None


def test_a_stop_that_is_refused_keeps_no_year_from_beginning() -> None:
    board = ProgrammeAggregate(TERMS)
    board.advance((), FIRST - timedelta(days=1))
    now = FIRST + timedelta(hours=2)
    stranger = stop().model_copy(update={"actor": CHEN.model_copy(update={"role": Role.COUNTY})})
    outcome = board.advance([Received(stranger, now)], now)
    assert [type(effect) for effect in outcome.effects] == [StartYear]


def test_the_year_that_runs_comes_to_its_end() -> None:
    board = ProgrammeAggregate(TERMS)
    board.advance((), FIRST)
    nothing = Amount()
    board.observe(
        YearStartedReport(year=0, at=FIRST, stock=nothing, target=0.0, chosen=nothing, carried_over=nothing), FIRST
    )
    now = FIRST + timedelta(hours=2)
    assert [entry.kind for entry in board.advance([Received(stop(), now)], now).entries] == ["programme_stopped"]
    assert not board.settled
    assert board.next_due(now) is not None, "it is counted after its end"


def test_stop_claimed_before_the_programme_began_counts_as_of_its_receipt() -> None:
    board = ProgrammeAggregate(TERMS)
    board.advance((), FIRST)
    now = FIRST + timedelta(hours=2)
    early = stop().model_copy(update={"effective_at": FIRST - timedelta(days=400)})
    outcome = board.advance([Received(early, now)], now)
    assert outcome.entries[0].at == now
    assert "it is before the programme began" in outcome.result_of("stop").warnings[0]
