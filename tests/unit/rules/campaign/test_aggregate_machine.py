"""State machine of the campaign aggregate: phases, anchors, cities that settle in any order, stops, outages."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rules.calendar import end_of, local_date, start_of
from rules.campaign.aggregate import CampaignAggregate
from rules.campaign.state import CampaignState
from rules.command_results import command_key
from rules.effects import CountSettled, StartCities, StopCities, TakeAnchor, TakePhaseMeasures
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor
from schemas.calendar import Calendar
from schemas.campaign import CampaignTerms, PhaseTerms
from schemas.city import CityName
from schemas.offices import AddresseeLevel
from schemas.options.phases import Gate, Milestone, PhaseMeasures, PhaseReport
from tests.support.budget import examples
from tests.support.chain_proof import proved
from tests.support.drawn_terms import FIRST, PEOPLE, SEEDS, STEPS, UNITS, calendar, claim, clause
from tests.support.imagined_city import CampaignLife, campaign_terms, city_name
from tests.support.joint_plans import agency_actor, joint_terms

MOVES = {
    ("issuing", "plan_issued"): "running",
    ("issuing", "stopped"): "closing",
    ("issuing", "ended"): "closing",
    ("running", "ended"): "closing",
    ("running", "stopped"): "closing",
}
AGENCIES = ("u", "v")
NOT_FOLDED = {"anchored_at", "counting", "counted", "measured", "numbering"}
"""Requested effects, which are not in the ledger: after a restore they are requested again."""


def drawn_terms(seed: int) -> CampaignTerms:
    draw = Random(seed)
    days = calendar(draw)
    issues_at = FIRST + timedelta(minutes=draw.randint(0, 3 * 24 * 60))
    first, length = local_date(days, issues_at), draw.randint(10, 60)
    starts = [first + timedelta(days=draw.randint(0, length)) for _ in range(draw.randint(0, 4))]
    return campaign_terms(
        issues_at=issues_at,
        ends_at=end_of(days, first + timedelta(days=length)),
        phases=tuple(_phase(draw, days, n, day) for n, day in enumerate(sorted(starts))),
        cities=tuple(_city(draw, n) for n in range(draw.randint(1, 4))),
        calendar=days,
        **({"units": UNITS} | _joint(draw, issues_at)),
    )


def _joint(draw: Random, issues_at: datetime) -> dict[str, Any]:
    """Every second campaign has two agencies, and somebody has started it."""
    if draw.random() < 0.5:
        return {}
    by = draw.choice([None, *map(agency_actor, AGENCIES)])
    return (
        joint_terms(*AGENCIES)
        | {"units": UNITS.model_copy(update={"agency": AGENCIES})}
        | {
            "started_at": issues_at - timedelta(days=2),
            "started_by": by,
        }
    )


def _city(draw: Random, n: int) -> CityName:
    """A city in which one office may be two levels."""
    levels = {level.value: (draw.choice(["office", f"{level} {n}"]),) for level in AddresseeLevel}
    return city_name(f"c{n}", f"市{n}").model_copy(update={"levels": levels})


def _phase(draw: Random, days: Calendar, n: int, day: date) -> PhaseTerms:
    """A phase of some days; neighbours overlap or not, with and without gates that hold."""
    gate = None
    if draw.random() < 0.7:
        of = draw.choice(["campaign", "each_city"])
        share = {"check": "closed", "per_cent": draw.choice([10, 66.6, 90]), "of": of}
        conditions = [share, {"check": "deployments_approved"}][: draw.randint(1, 2)]
        gate = Gate.model_validate({"conditions": conditions, "grace": clause(draw, 0, 3)})
    return PhaseTerms(
        id=f"phase-{n}",
        starts_at=start_of(days, day),
        ends_at=end_of(days, day + timedelta(days=draw.randint(0, 6))),
        gate=gate,
        holds_next=gate is not None and draw.random() < 0.7,
        milestones=(Milestone(measure="sites", per_cent=Decimal(50)),) if draw.random() < 0.3 else (),
    )


def measures(terms: CampaignTerms, effect: TakePhaseMeasures) -> PhaseReport:
    """What the cities have at the moment of an effect: it goes up and down, and is the same for the same moment."""
    draw = Random(f"{effect.phase} {effect.at}")
    cities = tuple(
        PhaseMeasures(code=c.code, name=c.name, deployed=draw.random() < 0.8, sites=9, closed=draw.randint(0, 9))
        for c in terms.cities
    )
    return PhaseReport(phase=effect.phase, as_of=effect.at, cities=cities)


class BoardMachine(RuleBasedStateMachine):
    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        self.terms = drawn_terms(seed)
        note(f"terms: {self.terms}")
        self.life = CampaignLife(CampaignAggregate(self.terms))
        self.life.measures = partial(measures, self.terms)
        self.now = self.terms.issues_at - timedelta(days=2)
        self.number = self.read = self.effects = 0
        self.stage, self.stopped = "issuing", False
        self.told: set[str] = set()
        self.head, self.seq = "", 0
        self._live([])

    @rule(step=STEPS)
    def nobody_says_anything(self, step: timedelta) -> None:
        self.now += step
        self._live([])

    @rule(deadlines=st.integers(1, 8))
    def the_board_is_left_alone(self, deadlines: int) -> None:
        for _ in range(deadlines):
            due = self.life.core.next_due(self.now)
            if due is not None:
                self.now = max(due, self.now)
                self._live([])

    @rule(step=STEPS, seed=SEEDS)
    def cities_report(self, step: timedelta, seed: int) -> None:
        self.now += step
        draw = Random(seed)
        codes = [draw.choice(["c0", "c1", "c2", "c3"]) for _ in range(draw.randint(1, 4))]
        self._live([self._said(draw, {"kind": "city_settled", "code": code}) for code in codes])

    @rule(step=STEPS, seed=SEEDS)
    def an_agency_signs(self, step: timedelta, seed: int) -> None:
        self.now += step
        draw = Random(seed)
        self._live([self._said(draw, {"kind": "sign_plan"}, agency_actor(draw.choice(AGENCIES)))])

    @rule(seed=SEEDS)
    def somebody_stops_it(self, seed: int) -> None:
        draw = Random(seed)
        if draw.random() < 0.3:
            self.now += timedelta(minutes=draw.randint(0, 999))
            self._live([self._said(draw, {"kind": "stop", "reason": "flood"})])

    @precondition(lambda self: self.stage == "closing")
    @rule()
    def the_database_knows_a_settled_city(self) -> None:
        city = self.terms.cities[-1].code
        self.life.settled_cities = (city,)

    @rule()
    def the_workflow_continues_as_new(self) -> None:
        moved = json.loads(json.dumps(self.life.core.state.model_dump(mode="json")))
        state = CampaignState.model_validate(moved)
        assert state == self.life.core.state
        self.life.core = CampaignAggregate(self.terms, state)

    def _said(self, draw: Random, said: dict[str, Any], by: Actor | None = None) -> cmd.Command:
        self.number += 1
        actor = by if by is not None else ENGINE if draw.random() < 0.8 else draw.choice(PEOPLE)
        command: cmd.Command = cmd.CAMPAIGN_COMMANDS[said["kind"]].model_validate(
            said | {"command_id": f"c{self.number}", "actor": actor, "effective_at": self.now + claim(draw)}
        )
        return command

    def _live(self, batch: list[cmd.Command]) -> None:
        note(f"{self.now}: {batch}")
        outcome = self.life.at(self.now, *batch)
        assert set(outcome.judgements) == {command_key(c) for c in batch}
        while (due := self.life.core.next_due(self.now)) is not None and due <= self.now:
            self.life.at(self.now)  # what follows from measures is due at their own moment
        fresh, self.read = self.life.entries[self.read :], len(self.life.entries)
        self.head, self.seq = proved(fresh, self.head, self.seq)
        for entry in fresh:
            self.stopped = self.stopped or entry.kind == "stopped"
            self.stage = MOVES.get((self.stage, entry.kind), self.stage)
            if entry.kind == "city_settled":
                self.told.add(json.loads(entry.data)["code"])
            if entry.kind == "campaign_closed":
                assert self.stage == "closing"
                assert self.told == {c.code for c in self.terms.cities}, "only when every city is settled"
                self.stage = "stopped" if self.stopped else "closed"
        anchors = [e for e in self.life.done[self.effects :] if isinstance(e, TakeAnchor)]
        assert len(anchors) <= 1, "one anchor stands for all that were missed"
        self.effects = len(self.life.done)

    @invariant()
    def the_stage_went_by_the_table(self) -> None:
        assert self.life.core.state.stage == self.stage
        assert self.life.core.settled == (self.stage in ("closed", "stopped"))

    @invariant()
    def it_closes_as_soon_as_every_city_is_settled(self) -> None:
        assert not (self.stage == "closing" and self.told == {c.code for c in self.terms.cities})

    @invariant()
    def what_happens_once_happened_once(self) -> None:
        kinds = self.life.kinds()
        for once in ("plan_issued", "ended", "stopped", "campaign_closed"):
            assert kinds.count(once) <= 1
        assert len(self.life.of_effect(StartCities)) == (self.stage != "issuing")
        assert len(self.life.of_effect(StopCities)) == self.stopped
        assert len(self.life.of_effect(CountSettled)) == self.life.core.settled
        phases = [e.data for e in self.life.of("phase_began")]
        assert len(phases) == len(set(phases))
        keys = [d.key for d in self.life.documents]
        assert len(keys) == len(set(keys))

    @invariant()
    def no_phase_begins_through_a_closed_gate(self) -> None:
        met: set[str] = set()
        holders = {
            later.id: before.id
            for before, later in zip(self.terms.phases, self.terms.phases[1:], strict=False)
            if before.holds_next
        }
        for entry in self.life.entries:
            phase = json.loads(entry.data).get("phase")
            if entry.kind == "gate_met":
                assert phase not in met, "a gate is met once"
                met.add(phase)
            if entry.kind == "phase_began":
                assert holders.get(phase) is None or holders[phase] in met

    @invariant()
    def a_summary_is_issued_once_for_each_phase(self) -> None:
        ended = [json.loads(e.data)["phase"] for e in self.life.of("phase_ended")]
        assert len(ended) == len(set(ended))
        keys = [notice.key for notice in self.life.notices]
        assert len(keys) == len(set(keys))
        told = Counter(notice.city for notice in self.life.notices if notice.kind == "phase_summary")
        assert told == dict.fromkeys((c.code for c in self.terms.cities), len(ended)) or not ended
        issued = [d for d in self.life.documents if d.kind == "phase_summary"]
        assert len(issued) <= len(ended)
        if self.life.core.settled:
            assert len(issued) == len(ended), "nothing is left when the campaign is closed"

    @invariant()
    def an_unmet_gate_is_told_level_by_level(self) -> None:
        steps: dict[str, int] = {}
        for entry in self.life.of("gate_overdue"):
            said = json.loads(entry.data)
            assert said["step"] in (steps.get(said["phase"], 0) + 1, 4)
            assert steps.get(said["phase"], 0) < said["step"]
            steps[said["phase"]] = said["step"]

    def a_joint_plan_is_issued_after_every_signature_only(self) -> None:
        signed = [json.loads(e.data)["agency"] for e in self.life.of("plan_signed")]
        assert len(signed) == len(set(signed))
        if self.terms.signing is not None and (issued := self.life.of("plan_issued")):
            assert set(signed) == set(AGENCIES)
            assert all(e.seq < issued[0].seq for e in self.life.of("plan_signed"))

    @invariant()
    def anchors_are_a_day_apart(self) -> None:
        days = [local_date(self.terms.calendar, e.at) for e in self.life.of_effect(TakeAnchor)]
        assert days == sorted(set(days))

    @invariant()
    def something_is_always_due_until_all_is_settled(self) -> None:
        due = self.life.core.next_due(self.now)
        assert (due is None) == self.life.core.settled
        assert due is None or due > self.now

    @invariant()
    def the_ledger_gives_the_state_again(self) -> None:
        again = CampaignAggregate(self.terms)
        again.restore(self.life.entries)
        assert again.state.model_dump(exclude=NOT_FOLDED) == self.life.core.state.model_dump(exclude=NOT_FOLDED)

    def teardown(self) -> None:
        if not hasattr(self, "life") or self.life.core.settled:
            return
        self.life.settled_cities = tuple(c.code for c in self.terms.cities)
        self.now = max(self.now, self.terms.ends_at) + timedelta(days=2)
        self._live([])
        assert self.life.core.settled, "a lost word of a city is found at the next anchor"
        self.what_happens_once_happened_once()
        if not self.stopped and self.life.core.state.issued_at is not None:
            free = [p.id for n, p in enumerate(self.terms.phases) if not n or not self.terms.phases[n - 1].holds_next]
            assert set(free) <= {json.loads(e.data)["phase"] for e in self.life.of("phase_began")}
            acting = [p for p in self.terms.phases if p.acts and p.ends_at <= self.terms.ends_at]
            assert self.life.kinds().count("phase_ended") == len(acting)


TestBoardMachine = BoardMachine.TestCase
TestBoardMachine.settings = settings(
    max_examples=examples(80), stateful_step_count=25, derandomize=True, deadline=None, database=None
)
