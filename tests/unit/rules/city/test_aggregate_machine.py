"""State machine of the city aggregate: random commands, site notices at any hour, outages of weeks."""

import json
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rules.calendar import clause_end, end_of, is_working_day, local_date, start_of
from rules.city.aggregate import CityAggregate
from rules.city.state import CityState
from rules.command_results import command_key
from rules.effects import GatherNotices, NotifyCampaign, OpenSites, ReconcileSites, SettleSites
from rules.terms.clause_names import named_parts
from schemas import commands as cmd
from schemas.actor import Role
from schemas.answers import Verdict
from schemas.city import CityTerms
from schemas.clause_paths import clauses_in
from tests.support.budget import examples
from tests.support.chain_proof import proved
from tests.support.clause_oracle import unnamed
from tests.support.drawn_terms import FIRST, PEOPLE, SEEDS, STEPS, UNITS, calendar, claim, clause
from tests.support.event_time_oracle import check_deadlines
from tests.support.imagined_city import PAPERS, CityLife, SiteNotice, city_terms

DEPLOYMENT = {
    ("awaited", "deployment_submitted"): "submitted",
    ("returned", "deployment_submitted"): "submitted",
    ("submitted", "deployment_submitted"): "submitted",
    ("submitted", "deployment_returned"): "returned",
    ("submitted", "deployment_approved"): "approved",
}
NOT_FOLDED = {"last_dispatch", "last_reconciled", "opening", "settle_asked", "settle_at", "issuing", "issuing_at"}
"""Requested effects, which are not in the ledger: after a restore they are requested again."""
DESK_KINDS = {
    "receipt_overdue": "receipt_overdue",
    "deployment_returned": "deployment_returned",
    "deployment_approved": "deployment_approved",
    "deployment_overdue": "deployment_overdue",
    "decision_overdue": "decision_overdue",
    "sites_opened": "rectification_notice",
}
"""Event of the city -> document that must follow it."""
CURED_BY = {
    "receipt_signed": "receipt_overdue",
    "deployment_submitted": "deployment_overdue",
    "deployment_returned": "decision_overdue",
    "deployment_approved": "decision_overdue",
}
"""Event of the city -> document that is not issued after it."""


def drawn_terms(seed: int) -> CityTerms:
    draw = Random(seed)
    days = calendar(draw)
    issued_at = FIRST + timedelta(minutes=draw.randint(0, 5 * 24 * 60))
    deployment = clause(draw, 1, 8)
    return city_terms(
        issued_at=issued_at,
        receipt_due=clause_end(days, issued_at, clause(draw, 1, 2)),
        deployment_due=clause_end(days, issued_at, deployment),
        deployment=deployment,
        deployment_decision=clause(draw, 1, 5),
        ends_at=end_of(days, local_date(days, issued_at) + timedelta(days=draw.randint(15, 60))),
        reconcile_every_days=draw.choice([1, 1, 3]),
        calendar=days,
        units=UNITS,
        documents=PAPERS.model_copy(update={"levels": {"head": tuple({person.unit for person in PEOPLE})}}),
    )


class DeskMachine(RuleBasedStateMachine):
    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        self.terms = named_parts(drawn_terms(seed), "")
        self.clauses = {path: (one.amount, one.unit.value) for path, one in clauses_in(self.terms)}
        note(f"terms: {self.terms}")
        self.life = CityLife(CityAggregate(self.terms), Random(seed).choice([[], ["a"], ["a", "b"]]))
        self.now = self.terms.issued_at
        self.number = self.read = self.effects = 0
        self.deployment = "awaited"
        self.asked_at: datetime | None = None
        self.sent: list[cmd.Command] = []
        self.due_documents: list[tuple[str, datetime]] = []
        self.head, self.seq = "", 0
        self._live([])

    @rule(step=STEPS)
    def nobody_says_anything(self, step: timedelta) -> None:
        self.now += step
        self._live([])

    @rule(deadlines=st.integers(1, 8))
    def the_desk_is_left_alone(self, deadlines: int) -> None:
        for _ in range(deadlines):
            due = self.life.core.next_due(self.now)
            if due is not None:
                self.now = max(due, self.now)
                self._live([])

    @rule(step=STEPS, seed=SEEDS)
    def offices_speak(self, step: timedelta, seed: int) -> None:
        self.now += step
        draw = Random(seed)
        kinds = ["sign_receipt", "submit_deployment", "return_deployment", "approve_deployment"]
        batch = [self._command(draw, draw.choice(kinds)) for _ in range(draw.randint(1, 4))]
        if self.sent and draw.random() < 0.3:
            batch.append(draw.choice(self.sent))
        self._live(batch)

    @precondition(lambda self: self.deployment == "submitted")
    @rule(step=st.timedeltas(timedelta(0), timedelta(days=3)), seed=SEEDS)
    def the_province_decides(self, step: timedelta, seed: int) -> None:
        self.now += step
        draw = Random(seed)
        said = draw.choice(["approve_deployment", "approve_deployment", "return_deployment"])
        self._live([self._command(draw, said, role="province")])

    @precondition(lambda self: self.life.core.state.ended_at is None)
    @rule(seed=SEEDS)
    def the_campaign_is_stopped(self, seed: int) -> None:
        draw = Random(seed)
        if draw.random() < 0.2:
            self.now += timedelta(minutes=draw.randint(0, 999))
            self._live([self._command(draw, "stop", role="system")])

    @precondition(lambda self: self.life.core.state.opened and self.life.core.state.ended_at is None)
    @rule(seed=SEEDS)
    def sites_have_something_to_say(self, seed: int) -> None:
        draw = Random(seed)
        for _ in range(draw.randint(1, 5)):
            kind, rung = draw.choice([("reminder", 1), ("supervision_order", 2), ("circular", 3), ("closure", 0)])
            self.life.waiting.append(SiteNotice(f"s{draw.randint(1, 9)}", kind, rung, self.now))
        self.life.lost = ("s1",) if draw.random() < 0.2 else ()

    @rule()
    def the_workflow_continues_as_new(self) -> None:
        moved = json.loads(json.dumps(self.life.core.state.model_dump(mode="json")))
        state = CityState.model_validate(moved)
        assert state == self.life.core.state
        self.life.core = CityAggregate(self.terms, state)

    def _command(self, draw: Random, kind: str, role: str | None = None) -> cmd.Command:
        self.number += 1
        usual = {"sign_receipt": "city", "submit_deployment": "city", "stop": "system"}.get(kind, "province")
        able = [p for p in PEOPLE if p.role == (role or usual)]
        said: dict[str, Any] = {"kind": kind, "command_id": f"c{self.number}", "effective_at": self.now + claim(draw)}
        said["actor"] = draw.choice(able if role or draw.random() < 0.8 else PEOPLE)
        said |= {"opinion": "o"} if kind == "submit_deployment" else {}
        said |= {"reason": "r"} if kind in ("return_deployment", "stop") else {}
        command: cmd.Command = cmd.CITY_COMMANDS[said["kind"]].model_validate(said)
        self.sent.append(command)
        return command

    def _live(self, batch: list[cmd.Command]) -> None:
        note(f"{self.now}: {batch}")
        core, before = self.life.core, self.life.core.snapshot()
        foreseen = [core.foreseen(one, self.now) for one in batch]
        assert core.snapshot() == before
        outcome = self.life.at(self.now, *batch)
        if len(batch) == 1:
            assert foreseen == [outcome.result_of(batch[0].command_id)], "a preview says what comes"
        assert set(outcome.judgements) == {command_key(c) for c in batch}
        for command in batch:
            judgement = outcome.result_of(command.command_id)
            written = [e for e in outcome.entries if f'"command_id":"{command.command_id}"' in e.data]
            assert bool(written) == (judgement.verdict is not Verdict.DUPLICATE)
        # The result of an effect may be due at once: the runner's timer fires again.
        for _ in range(3):
            if (due := self.life.core.next_due(self.now)) is not None and due <= self.now:
                self.life.at(self.now)
        fresh, self.read = self.life.entries[self.read :], len(self.life.entries)
        self.head, self.seq = proved(fresh, self.head, self.seq)
        for entry in fresh:
            check_deadlines(entry, json.loads(entry.data), self.terms.ends_at)
            assert not list(unnamed(json.loads(entry.data), self.clauses)), "every event says its clauses"
            self._answered(entry)
            if entry.kind in ("deployment_submitted", "deployment_returned", "deployment_approved"):
                self.deployment = DEPLOYMENT[self.deployment, entry.kind]
            if entry.kind in CURED_BY:
                self.due_documents = [d for d in self.due_documents if d[0] != CURED_BY[entry.kind]]
            if entry.kind in DESK_KINDS:
                self.due_documents = [d for d in self.due_documents if d[0] != DESK_KINDS[entry.kind]]
                self.due_documents.append((DESK_KINDS[entry.kind], entry.at))
            if entry.kind == "document_issued":
                issued = json.loads(entry.data)["document"]
                assert all(entry.at >= at for kind, at in self.due_documents if kind == issued), "not dated before"
                self.due_documents = [d for d in self.due_documents if d[0] != issued]
        self._carried_out(self.life.done[self.effects :])
        self.effects = len(self.life.done)

    def _answered(self, entry: Any) -> None:
        """A decision is not before its version, nor a version before the one that it replaces or that was returned."""
        if entry.kind in ("deployment_submitted", "deployment_returned", "deployment_approved"):
            assert self.asked_at is None or entry.at >= self.asked_at
            self.asked_at = entry.at

    def _carried_out(self, effects: list[Any]) -> None:
        for effect in effects:
            if isinstance(effect, GatherNotices):
                local = effect.at.astimezone(ZoneInfo(self.terms.calendar.time_zone))
                assert local.time() == self.terms.calendar.office.opens
                assert is_working_day(self.terms.calendar, local.date())
                closes = start_of(self.terms.calendar, local.date(), self.terms.calendar.office.closes)
                assert effect.at <= self.now < closes, "in office hours, though late"
        kinds = Counter(type(effect) for effect in effects)
        assert kinds[GatherNotices] <= 2
        assert kinds[ReconcileSites] <= 2

    @invariant()
    def every_deadline_says_its_clause(self) -> None:
        assert not list(unnamed(self.life.core.state.model_dump(mode="json"), self.clauses))

    @invariant()
    def the_deployment_went_by_the_table(self) -> None:
        assert self.life.core.state.deployment == self.deployment

    @invariant()
    def documents_are_unlike_each_other(self) -> None:
        keys = [d.key for d in self.life.documents]
        assert len(keys) == len(set(keys))
        assert len(keys) == len(self.life.of("document_issued")) == self.life.core.state.documents_issued

    @invariant()
    def something_is_always_due_until_all_is_settled(self) -> None:
        due = self.life.core.next_due(self.now)
        assert (due is None) == self.life.core.settled
        assert due is None or due > self.now

    @invariant()
    def dispatches_are_not_repeated(self) -> None:
        hours = [effect.at for effect in self.life.of_effect(GatherNotices)]
        assert hours == sorted(set(hours))

    @invariant()
    def the_ledger_gives_the_state_again(self) -> None:
        again = CityAggregate(self.terms)
        again.restore(self.life.entries)
        assert again.state.model_dump(exclude=NOT_FOLDED) == self.life.core.state.model_dump(exclude=NOT_FOLDED)

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        self.now = max(self.now, self.terms.ends_at)
        self._live([])
        for _ in range(60):
            if (due := self.life.core.next_due(self.now)) is None:
                break
            self.now = max(self.now, due)
            self._live([])
        assert self.life.core.settled
        assert all(n.document is not None for n in self.life.waiting), "every site was heard"
        assert self.due_documents == []
        assert self.life.core.state.waiting == []
        assert [type(e) for e in self.life.done].count(SettleSites) == 1
        assert [type(e) for e in self.life.done].count(NotifyCampaign) == 1
        assert [type(e) for e in self.life.done].count(OpenSites) == (self.deployment == "approved")
        ends = [k for k in self.life.kinds() if k in ("ended", "stopped", "sites_settled", "city_closed")]
        assert ends in (["ended", "sites_settled", "city_closed"], ["stopped", "sites_settled", "city_closed"])
        mayor = next(p for p in PEOPLE if p.role is Role.CITY)
        late = cmd.SignReceipt(command_id="too late", actor=mayor, effective_at=self.now)
        assert self.life.at(self.now, late).result_of("too late").verdict is Verdict.REFUSED


TestDeskMachine = DeskMachine.TestCase
TestDeskMachine.settings = settings(
    max_examples=examples(100), stateful_step_count=25, derandomize=True, deadline=None, database=None
)
