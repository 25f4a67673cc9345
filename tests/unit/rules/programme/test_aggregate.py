"""Any programme: stocks, surveys in time, late, empty or larger, and any outcome of each year's campaign."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.command_results import Outcome, Received
from rules.effects import CountYear, NumberDocuments, StartYear, TakeSurvey
from rules.programme.aggregate import Observation, ProgrammeAggregate
from rules.programme.state import ProgrammeState
from rules.programme.stock import added, measured
from rules.terms.plan import programme_terms
from schemas.actor import Actor, Role
from schemas.answers import Verdict
from schemas.clock import Clock
from schemas.event import Event
from schemas.ledger import DocumentDraft
from schemas.programme import FrozenProgramme, Measure
from schemas.programme_events import (
    HandInSurvey,
    ProgrammeEnded,
    SurveyOverdue,
    SurveyTaken,
    YearClosed,
    YearStarted,
)
from schemas.quantity import to_six_decimals
from schemas.register import Site, register_digest
from simulation.forecast.programme_stock import SimulatedStock
from tests.support.budget import examples
from tests.support.programme_years import SURVEYED, YEARS, programme_of, stock_of


def surveyed(measure: Measure = Measure.AREA) -> FrozenProgramme:
    return programme_of(YEARS, **SURVEYED, measure=measure)


PROVINCE = programme_terms(surveyed(), Clock()).units.province[0]


@dataclass
class Life:
    """A programme with a simulated stock. State and reports go through JSON, as they do between its years."""

    frozen: FrozenProgramme
    stock: SimulatedStock
    dice: random.Random
    state: ProgrammeState = field(default_factory=ProgrammeState)
    told: list[Event] = field(default_factory=list)
    documents: list[DocumentDraft] = field(default_factory=list)
    rows: dict[str, list[Site]] = field(default_factory=dict)
    chosen: list[list[str]] = field(default_factory=list)

    @property
    def board(self) -> ProgrammeAggregate:
        return ProgrammeAggregate(programme_terms(self.frozen, Clock()), self.state)

    def at(self, now: datetime, *commands: HandInSurvey) -> Outcome:
        board = self.board
        outcome = board.advance([Received(one, now) for one in commands], now)
        self._perform(board, outcome, now)
        self.state = ProgrammeState.model_validate_json(board.state.model_dump_json())
        return outcome

    def until(self, moment: datetime) -> None:
        while (due := None if self.board.settled else self.board.next_due(moment)) is not None and due <= moment:
            self.at(due)

    def survey(self, city: str, rows: list[Site], now: datetime) -> HandInSurvey:
        digest = register_digest(rows) if rows else None
        self.rows[digest or ""] = rows
        year = self.frozen.years[self.state.year].plan.id
        return HandInSurvey(
            command_id=f"{year}-{city}-{now.isoformat()}",
            actor=Actor(id="li", role=Role.CITY, unit=city),
            effective_at=now,
            campaign=year,
            city=city,
            sites=len(rows),
            digest=digest,
            reason=None if rows else "nothing new",
        )

    def _perform(self, board: ProgrammeAggregate, outcome: Outcome, now: datetime) -> None:
        self.told += [ProgrammeAggregate.events[e.kind].model_validate_json(e.data) for e in outcome.entries]
        self.documents += outcome.documents
        for effect in outcome.effects:
            report: Observation
            match effect:
                case TakeSurvey(at, year, city, digest):
                    report = self.stock.take_survey(at, year, city, self.rows[digest])
                case StartYear(at, year):
                    assert not self.stock.running, "no site is in two running years"
                    report, _, sites = self.stock.start_year(at, year)
                    self.chosen.append([site.id for site in sites])
                case CountYear(at, year):
                    closed = [one for one in self.stock.running if self.dice.random() < 0.6]
                    found = stock_of([2.5], "north")[0].model_copy(update={"id": f"found-{year}"})
                    new = {found.id: found} if self.dice.random() < 0.3 else {}
                    report = self.stock.count_year(at, year, closed, new)
                case NumberDocuments():
                    report = self.stock.number(effect)
                case _:
                    raise AssertionError(effect)
            self._perform(board, board.observe(type(report).model_validate_json(report.model_dump_json()), now), now)
            s = board.state
            if s.left.sites:
                assert (s.left, s.treated.sites) == (self.stock.untreated, len(self.stock.treated)), "at every moment"


def drawn_rows(dice: random.Random, stock: SimulatedStock, city: str, name: str) -> list[Site]:
    """A survey: new sites, waiting ones that are larger or smaller, or as they are, in any mix; often empty."""
    new = [one.model_copy(update={"id": f"{name}-{one.id}"}) for one in stock_of([3.2] * dice.randint(0, 3), city)]
    known = [one for one in stock.waiting.values() if one.city == city]
    again = dice.sample(known, dice.randint(0, len(known)))
    area = to_six_decimals(Decimal(f"{dice.uniform(0.1, 40):.4f}"))
    return [*new, *(one.model_copy(update={"area_ha": area}) if dice.random() < 0.5 else one for one in again)]


@settings(max_examples=examples(80), derandomize=True, deadline=None, database=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.sampled_from(Measure))
def test_programme_keeps_its_share_and_its_sums(seed: int, count: int, measure: Measure) -> None:
    dice = random.Random(seed)
    areas = [float(f"{dice.uniform(0.0001, 90):.4f}") for _ in range(count)]
    stock = [one.model_copy(update={"city": dice.choice(("north", "south"))}) for one in stock_of(areas, "north")]
    life = Life(surveyed(measure), SimulatedStock(surveyed(measure), stock), dice)
    terms = life.board.terms
    now = terms.years[0].starts_at - timedelta(days=60)
    while not life.board.settled:
        now += timedelta(days=dice.randint(1, 30), hours=dice.randint(0, 23))
        life.until(now)
        if life.state.ended_at is None and dice.random() < 0.4:
            city = dice.choice(("north", "south"))
            command = life.survey(city, drawn_rows(dice, life.stock, city, now.date().isoformat()), now)
            life.at(now, command)
    started = [e for e in life.told if isinstance(e, YearStarted)]
    for year in started:
        stock_then, chosen = measured(year.stock, measure), measured(year.chosen, measure)
        assert chosen >= min(terms.share * stock_then, stock_then)
        assert stock_then >= year.target >= terms.share * stock_then
        assert sum(place.chosen.sites for place in year.places) == year.chosen.sites
        assert sum(place.target for place in year.places) == year.chosen.area_ha, "made from the chosen sites"
    if len(started) == len(terms.years):
        assert started[-1].chosen == started[-1].stock, "the last year takes all that is left"
    closed = [e for e in life.told if isinstance(e, YearClosed)]
    found = sum(e.found.sites for e in closed) + sum(e.added.sites for e in life.told if isinstance(e, SurveyTaken))
    (end,) = [e for e in life.told if isinstance(e, ProgrammeEnded)]
    assert end.treated.sites + end.left.sites == count + found
    assert added(end.treated, end.left).area_ha == life.stock.untreated.area_ha + sum(
        (one.area_ha or Decimal() for one in life.stock.treated.values()), Decimal()
    )
    for year, over in zip(started, closed, strict=True):
        assert over.closed.sites + over.carried_over.sites == year.chosen.sites + over.found.sites
        assert {(p.city, p.county) for p in year.places} <= {(p.city, p.county) for p in over.places}
        assert sum(p.closed.sites for p in over.places) == over.closed.sites
    kinds = [one.kind for one in life.documents]
    assert (kinds.count("year_task"), kinds.count("year_report")) == (len(started), len(closed))
    assert kinds[-1] == "programme_report" and kinds.count("programme_report") == 1
    overdue = [e for e in life.told if isinstance(e, SurveyOverdue)]
    assert kinds.count("stock_survey_overdue") == len(overdue)
    assert all(document.number for document in life.documents)


def started_life(stock: list[Site]) -> Life:
    life = Life(surveyed(), SimulatedStock(surveyed(), stock), random.Random(1))
    life.at(life.board.terms.years[0].starts_at - timedelta(days=40))
    return life


def test_missing_survey_is_told_upward_with_fresh_grace() -> None:
    life = started_life(stock_of([1.0] * 4, "north"))
    now = life.board.terms.years[0].survey_due
    assert now is not None
    life.at(now - timedelta(days=1), life.survey("south", [], now - timedelta(days=1)))
    life.until(life.board.terms.years[0].ends_at)
    told = [e for e in life.told if isinstance(e, SurveyOverdue)]
    assert [e.cities for e in told] == [("north",)] * 4, "the government, the deputy head, the head, the province"
    assert [e.step for e in told] == [1, 2, 3, 4] and told[-1].next_due is None
    assert all(a.next_due > a.due for a in told[:-1] if a.next_due)
    (started,) = [e for e in life.told if isinstance(e, YearStarted)]
    assert started.silent == ("north",) and started.stock.sites == 4, "by the stock that was known last"


def test_late_survey_counts_for_the_next_year() -> None:
    life = started_life(stock_of([1.0] * 4, "north"))
    life.until(life.board.terms.years[0].starts_at + timedelta(days=3))
    new = [one.model_copy(update={"id": "late-1"}) for one in stock_of([5.0], "north")]
    now = life.board.terms.years[0].starts_at + timedelta(days=4)
    life.at(now, life.survey("north", new, now))
    life.until(life.board.terms.years[1].starts_at + timedelta(days=1))
    first, second = [e for e in life.told if isinstance(e, YearStarted)]
    assert (first.stock.sites, second.stock.sites) == (4, 5 - len(life.stock.treated))
    assert "late-1" not in life.chosen[0]


def test_survey_with_sites_while_last_year_runs_is_refused() -> None:
    life = started_life(stock_of([1.0] * 40, "north"))
    now = life.board.terms.years[2].starts_at + timedelta(days=2)
    life.until(now)
    new = [one.model_copy(update={"id": "late-1"}) for one in stock_of([5.0], "north")]
    command = life.survey("north", new, now)
    with_sites = life.at(now, command).result_of(command.command_id)
    assert with_sites.verdict is Verdict.REFUSED and "starter.py survey basin-2" in (with_sites.reason or "")
    later = now + timedelta(hours=1)
    empty = life.survey("north", [], later)
    assert life.at(later, empty).result_of(empty.command_id).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"city": "nowhere", "actor": Actor(id="chen", role=Role.PROVINCE, unit=PROVINCE)}, "no city"),
        ({"campaign": "basin-1"}, "is not open"),
        ({"actor": Actor(id="li", role=Role.CITY, unit="south")}, "for the city of its subject"),
        ({"actor": Actor(id="li", role=Role.COUNTY, unit="north")}, "is for the roles"),
    ],
)
def test_survey_that_is_not_the_senders_is_refused(changes: dict[str, object], why: str) -> None:
    life = started_life(stock_of([1.0] * 4, "north"))
    now = life.board.terms.years[0].starts_at - timedelta(days=30)
    command = life.survey("north", [], now).model_copy(update=changes)
    assert why in (life.at(now, command).result_of(command.command_id).reason or "")


def test_survey_with_other_content_is_refused() -> None:
    life = started_life(stock_of([1.0] * 4, "north"))
    now = life.board.terms.years[0].starts_at - timedelta(days=30)
    life.at(now, life.survey("north", [], now))
    again = life.survey("north", [], now + timedelta(hours=1))
    assert life.at(now + timedelta(hours=1), again).result_of(again.command_id).verdict is Verdict.DUPLICATE
    other = life.survey("north", stock_of([9.0], "north"), now + timedelta(hours=2))
    assert "another content" in (life.at(now + timedelta(hours=2), other).result_of(other.command_id).reason or "")


def test_restored_programme_asks_again_for_what_was_lost() -> None:
    """The worker died between an entry and its effect: a survey is taken, a document numbered, after a restart."""
    life = started_life(stock_of([1.0] * 4, "north"))
    now = life.board.terms.years[0].starts_at - timedelta(days=30)
    board = life.board
    rows = stock_of([9.0], "north")
    entries = board.advance([Received(life.survey("north", rows, now), now)], now).entries
    anew = ProgrammeAggregate(board.terms, life.state)
    anew.restore(entries)
    assert [type(effect) for effect in anew.advance((), now).effects] == [TakeSurvey]
