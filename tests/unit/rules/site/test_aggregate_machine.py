"""State machine of the site aggregate: random actors, batches and outages, over random terms."""

import json
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rules.calendar import local_date, start_of
from rules.command_results import Received, command_key
from rules.site.aggregate import SiteAggregate
from rules.site.state import SiteState
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor, Role
from schemas.answers import Verdict
from schemas.evidence import EvidencePhase
from schemas.site.terms import SiteTerms
from tests.support.budget import examples
from tests.support.chain_proof import proved
from tests.support.drawn_terms import PEOPLE, SEEDS, STEPS, claim, site_terms, words
from tests.support.site_oracle import SiteOracle

WORKERS = [p for p in PEOPLE if p.role in (Role.ENTERPRISE, Role.COUNTY)]
JUDGES = [p for p in PEOPLE if p.role in (Role.COUNTY, Role.CITY, Role.EXPERT)]
PROVINCE = next(p for p in PEOPLE if p.role is Role.PROVINCE)
CITY = next(p for p in PEOPLE if p.role is Role.CITY)

bounded = settings(max_examples=examples(140), stateful_step_count=30, derandomize=True, deadline=None, database=None)


class SiteMachine(RuleBasedStateMachine):
    """Every rule sends a batch (perhaps empty) and lets time pass; then every invariant is checked."""

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        self.terms = terms = site_terms(seed)
        note(f"terms: {terms}")
        self.case = SiteAggregate(terms)
        self.witness = SiteOracle(terms)
        self.entries: list[Any] = []
        self.sent: list[cmd.Command] = []
        self.number = 0
        self.head, self.seq = "", 0
        assert terms.opened_at is not None
        self.now = terms.opened_at
        self._live([])

    # -- what may happen -------------------------------------------------------------------------------------------

    @rule(step=STEPS)
    def nobody_says_anything(self, step: timedelta) -> None:
        self.now += step
        self._live([])

    @rule(deadlines=st.integers(1, 8))
    def the_site_is_left_alone(self, deadlines: int) -> None:
        for _ in range(deadlines):
            due = self.case.next_due(self.now)
            if due is not None and due < self.terms.ends_at:
                self.now = due
                self._live([])

    @rule(step=STEPS, seed=SEEDS, again=st.booleans(), forged=st.booleans())
    def people_say_things(self, step: timedelta, seed: int, again: bool, forged: bool) -> None:
        self.now += step
        draw = Random(seed)
        batch: list[cmd.Command | cmd.Unreadable] = []
        for _ in range(draw.randint(1, 4)):
            batch.append(self._command(*words(draw, self.case.state.level), claim(draw)))
        if again and self.sent:
            batch.append(draw.choice(self.sent))
        if forged and self.sent:
            batch.append(draw.choice(self.sent).model_copy(update={"actor": PEOPLE[0], "effective_at": self.now}))
        self._live(batch)

    @rule(step=STEPS, content=st.text(max_size=20))
    def something_unreadable_comes(self, step: timedelta, content: str) -> None:
        self.now += step
        self.number += 1
        bad = cmd.Unreadable(
            command_id=f"bad-{self.number}", actor=ENGINE, effective_at=self.now, name="?", content=content, reason="?"
        )
        self._live([bad])

    @precondition(lambda self: self.case.state.stage == "rectifying")
    @rule(step=st.timedeltas(timedelta(0), timedelta(days=4)), by=st.sampled_from(WORKERS), late=SEEDS)
    def all_work_is_reported(self, step: timedelta, by: Actor, late: int) -> None:
        self.now += step
        evidence = [{"phase": phase, "ref": "p.jpg"} for phase in EvidencePhase]
        self._live(
            [
                self._command(
                    {"kind": "complete_task", "requirement": r, "quantity": left or 0.1, "evidence": evidence},
                    by,
                    claim(Random(late)),
                )
                for r, left in self.case.outstanding().items()
            ]
        )

    @precondition(lambda self: self.case.state.stage == "verifying" and not self.case.state.suspended)
    @rule(step=st.timedeltas(timedelta(0), timedelta(days=4)), seed=SEEDS)
    def the_awaited_level_judges(self, step: timedelta, seed: int) -> None:
        self.now += step
        draw, state = Random(seed), self.case.state
        passed = draw.random() < 0.8
        said = {"kind": "verify", "level": state.level or "level-0", "passed": passed, "opinion": "again"}
        others = [p for p in JUDGES if p.id not in state.reporters and p.id not in state.verifiers.values()]
        late = claim(draw) if draw.random() < 0.5 else timedelta(0)
        self._live([self._command(said, draw.choice(others or JUDGES), late)])

    @precondition(lambda self: self.case.state.stage == "rectifying")
    @rule(step=STEPS, days=st.integers(-1, 20), late=SEEDS)
    def the_province_extends(self, step: timedelta, days: int, late: int) -> None:
        self.now += step
        until = local_date(self.terms.calendar, self.case.state.due or self.now) + timedelta(days=days)
        said = {"kind": "extend", "until": until, "reason": "rain"}
        self._live([self._command(said, PROVINCE, claim(Random(late)))])

    @precondition(lambda self: self.case.state.suspended)
    @rule(step=STEPS, late=SEEDS)
    def the_province_resumes(self, step: timedelta, late: int) -> None:
        self.now += step
        self._live([self._command({"kind": "resume"}, PROVINCE, claim(Random(late)))])

    @rule()
    def the_workflow_continues_as_new(self) -> None:
        moved = json.loads(json.dumps(self.case.state.model_dump(mode="json")))
        state = SiteState.model_validate(moved)
        assert state == self.case.state
        self.case = SiteAggregate(SiteTerms.model_validate_json(self.terms.model_dump_json()), state)

    # -- how it happens --------------------------------------------------------------------------------------------

    def _command(self, said: dict[str, Any], by: Actor, claim: timedelta) -> cmd.Command:
        self.number += 1
        command: cmd.Command = cmd.SITE_COMMANDS[said["kind"]].model_validate(
            said | {"command_id": f"c{self.number}", "actor": by, "effective_at": self.now + claim}
        )
        self.sent.append(command)
        return command

    def _live(self, batch: list[cmd.Command | cmd.Unreadable]) -> None:
        note(f"{self.now}: {batch}")
        known, before = set(self.case.state.processed), self.case.snapshot()
        foreseen = [self.case.foreseen(one, self.now) for one in batch if not isinstance(one, cmd.Unreadable)]
        assert self.case.snapshot() == before
        outcome = self.case.advance([Received(c, self.now) for c in batch], self.now)
        if len(batch) == len(foreseen) == 1:
            assert foreseen == [outcome.result_of(batch[0].command_id)], "a preview says what comes"
        self.head, self.seq = proved(outcome.entries, self.head, self.seq)
        self.witness.read(outcome.entries, self.now)
        self.entries.extend(outcome.entries)
        self._judged(batch, outcome, known)
        keys = [n.key for n in outcome.notices]
        assert len(keys) == len(set(keys))
        self._adopted(before, outcome)

    def _adopted(self, before: str, outcome: Any) -> None:
        """A rebase on the recorded entries gives the same state as without an interruption."""
        twin = SiteAggregate(self.terms)
        adopted = twin.rebase(before, outcome.entries)
        assert twin.state == self.case.state
        assert adopted.judgements.items() <= outcome.judgements.items()
        rest = outcome.judgements.keys() - adopted.judgements.keys()
        assert {outcome.judgements[one].verdict for one in rest} <= {Verdict.DUPLICATE}

    def _judged(self, batch: list[cmd.Command | cmd.Unreadable], outcome: Any, known: set[str]) -> None:
        assert set(outcome.judgements) == {command_key(c) for c in batch}
        refused = [json.loads(e.data)["command_id"] for e in outcome.entries if e.kind == "refused"]
        accepted = [
            data["command_id"]
            for e in outcome.entries
            if e.kind != "refused" and "command_id" in (data := json.loads(e.data))
        ]
        for (command_id, _), judgement in outcome.judgements.items():
            match judgement.verdict:
                case Verdict.ACCEPTED:
                    assert accepted.count(command_id) == 1
                case Verdict.REFUSED:
                    assert command_id in refused
                    assert judgement.reason
                case Verdict.DUPLICATE:
                    assert command_id in known

    # -- what always holds -----------------------------------------------------------------------------------------

    @invariant()
    def sums_are_those_of_the_reports_that_count(self) -> None:
        state = self.case.state
        recorded = [entry for entry in self.entries if entry.kind == "task_reported"]
        assert list(state.reports) == [json.loads(entry.data)["command_id"] for entry in recorded]
        counting = [one for one in state.reports.values() if one.counts]
        for requirement, done in state.done.items():
            of_it = [one for one in counting if one.requirement == requirement]
            assert done == sum(one.quantity for one in of_it)
            assert set(state.evidence[requirement]) == {phase for one in of_it for phase in one.phases}

    @invariant()
    def earlier_work_never_counts_later(self) -> None:
        for requirement, done in self.case.state.done.items():
            assert done == self.witness.times.done(requirement)

    @invariant()
    def the_witness_saw_the_same_stage(self) -> None:
        assert self.case.state.stage == self.witness.stage
        assert self.case.state.suspended == self.witness.suspended
        assert self.case.state.due == self.witness.due
        assert self.case.settled == (self.witness.stage in ("closed", "carried_over"))

    @precondition(lambda self: self.case.state.stage == "rectifying" and self.case.state.due < self.terms.ends_at)
    @invariant()
    def the_deadline_gained_what_stood_still_and_less_than_a_day_more(self) -> None:
        """From the ledger alone, where every day has 24 hours; for others see test_standing_time."""
        if self.terms.calendar.time_zone != "Asia/Shanghai":
            return
        set_at, due, still, since = self.now, self.now, timedelta(), None
        for entry in self.entries:
            data = json.loads(entry.data)
            if entry.kind in ("opened", "extended", "level_failed"):
                over = [one.at for one in self.entries if one.seq < entry.seq and one.kind == "resumed"]
                set_at, due, still = max([entry.at, *over]), datetime.fromisoformat(data["due"]), timedelta()
            if entry.kind == "suspended":
                since = entry.at
            if entry.kind == "resumed" and since is not None and max(since, set_at) < due + _whole_days(still):
                still += max(entry.at - max(since, set_at), timedelta())
        assert self.case.state.due == due + _whole_days(still)

    @precondition(lambda self: self.case.state.stage == "rectifying" and not self.case.state.suspended)
    @rule(step=st.timedeltas(timedelta(seconds=1), timedelta(hours=30)), pauses=st.integers(1, 5), length=STEPS)
    def the_city_stops_its_own_clock(self, step: timedelta, pauses: int, length: timedelta) -> None:
        for _ in range(pauses):
            for kind, ahead in (("suspend", step), ("resume", min(length, timedelta(days=2)))):
                self.now += ahead
                said = {"kind": kind, "reason": "rain"} if kind == "suspend" else {"kind": kind}
                self._live([self._command(said, CITY, timedelta())])

    @invariant()
    def something_is_always_due_until_all_is_settled(self) -> None:
        due = self.case.next_due(self.now)
        if self.case.settled:
            assert due is None
        else:
            assert due is not None
            assert self.now < due <= self.terms.ends_at
            assert self.now < self.terms.ends_at, "settled by the end at the latest"

    @invariant()
    def overdue_is_derived(self) -> None:
        row, view = self.case.row(), self.case.view(self.now)
        awaited = row.due_at is not None and row.due_at < self.now and not row.suspended
        assert view.overdue == awaited
        assert "overdue" not in SiteState.model_fields

    @invariant()
    def the_ledger_gives_the_state_again(self) -> None:
        again = SiteAggregate(self.terms)
        again.restore(self.entries)
        assert again.state == self.case.state

    def teardown(self) -> None:
        if hasattr(self, "case") and not self.case.settled:
            self.now = max(self.now, self.terms.ends_at)
            self._live([])
            assert self.case.settled
            self.the_ledger_gives_the_state_again()


TestSiteMachine = SiteMachine.TestCase
TestSiteMachine.settings = bounded


def _whole_days(still: timedelta) -> timedelta:
    return timedelta(days=-(-still // timedelta(days=1)))


def _told(entries: list[Any]) -> list[tuple[Any, ...]]:
    return [(e.seq, e.kind, e.at, e.actor, e.data) for e in entries]


@bounded
@given(SEEDS)
def test_frequent_and_daily_wakeups_write_same_ledger(seed: int) -> None:
    """Only the receive times and the hashes differ. After the dispatch hour a site climbs a working day later."""
    terms, draw = site_terms(seed), Random(seed)
    exact, sleepy = SiteAggregate(terms), SiteAggregate(terms)
    assert terms.opened_at is not None
    now = terms.opened_at
    ledgers: tuple[list[Any], list[Any]] = (exact.advance([], now).entries, sleepy.advance([], now).entries)
    while (due := exact.next_due(now)) is not None:
        now = due
        ledgers[0].extend(exact.advance([], now).entries)
    day, opens = local_date(terms.calendar, terms.opened_at), terms.calendar.office.opens
    while not sleepy.settled:
        day += timedelta(days=1)
        early = time(draw.randrange(opens.hour), draw.randrange(60))
        now = max(start_of(terms.calendar, day), start_of(terms.calendar, day, early))
        ledgers[1].extend(sleepy.advance([], now).entries)
    assert _told(ledgers[0]) == _told(ledgers[1])


@bounded
@given(SEEDS, st.integers(1, 40))
def test_an_outage_only_ever_moves_rungs_later(seed: int, days: int) -> None:
    terms = site_terms(seed)
    exact, absent = SiteAggregate(terms), SiteAggregate(terms)
    assert terms.opened_at is not None
    ledgers: list[list[Any]] = []
    for case, outage in ((exact, 0), (absent, days)):
        now = terms.opened_at
        entries = list(case.advance([], now).entries)
        now += timedelta(days=outage)
        entries.extend(case.advance([], now).entries)
        while (due := case.next_due(now)) is not None:
            now = due
            entries.extend(case.advance([], now).entries)
        ledgers.append([json.loads(e.data) for e in entries if e.kind == "climbed"])
    expected = {climb["rung"]: climb["on"] for climb in ledgers[0]}
    for climb in ledgers[1]:
        assert climb["on"] >= expected[climb["rung"]]
