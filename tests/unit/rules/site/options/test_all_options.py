"""Random combinations of options: no site fails, loses a command, or notifies twice."""

import json
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, note, settings

from rules.command_results import Received
from rules.site.aggregate import SiteAggregate
from rules.site.reopening import last_moment
from rules.site.state import SiteState
from schemas.base import iso_utc
from schemas.site.terms import SiteTerms
from tests.support.all_options import People, whole_terms
from tests.support.budget import examples
from tests.support.chain_proof import proved
from tests.support.clause_oracle import unnamed
from tests.support.drawn_terms import KNOWN, SEEDS
from tests.support.event_time_oracle import EventTimeOracle
from tests.support.independence_oracle import hands_of_one_unit


class Lived:
    """A site from its opening to its end; the invariants of every option are checked after each step."""

    def __init__(self, seed: int) -> None:
        self.terms = whole_terms(seed)
        self.draw = Random(seed)
        self.case = SiteAggregate(self.terms)
        self.entries: list[Any] = []
        self.keys: Counter[str] = Counter()
        self.times = EventTimeOracle(self.terms.ends_at)
        self.head, self.seq = "", 0
        assert self.terms.opened_at is not None
        self.now = self.terms.opened_at

    def live(self, steps: int) -> None:
        people = People(self.draw, self.terms)
        self._step([])
        for _ in range(steps):
            hours = self.draw.choice([1, 5, 5, 20, 20, 60])
            self.now += timedelta(hours=hours)
            while (due := self.case.next_due(self.now)) is not None and due <= self.now:
                self._step([])
            self._step(people.say(self.case, self.now) if self.draw.random() < 0.85 else [])
        last = last_moment(self.case.terms, self.case.state)
        if last is not None and not self.case.settled:
            self.now = max(self.now, last)
            self._step([])
            assert self.case.settled, "settled by the last moment at the latest"

    def _step(self, said: list[Any]) -> None:
        note(f"{self.now}: {said}")
        before = self.case.snapshot()
        for command in said:
            self.case.refusal(command, self.now)
        assert self.case.snapshot() == before, "a validator changes nothing"
        outcome = self.case.advance([Received(c, self.now) for c in said], self.now)
        self.head, self.seq = proved(outcome.entries, self.head, self.seq)
        self.entries.extend(outcome.entries)
        self.times.read(outcome.entries)
        for entry in outcome.entries:
            data = json.loads(entry.data)
            assert not list(unnamed(data, KNOWN)), "every event says the clauses of its deadlines"
            if entry.kind == "regraded" and "due" in data:
                assert data["due"] > iso_utc(entry.received_at), "a grade sets no deadline in the past"
        self.keys.update(n.key for n in outcome.notices)
        twin = SiteAggregate(self.terms)
        twin.rebase(before, outcome.entries)
        assert twin.state == self.case.state
        moved = SiteState.model_validate(json.loads(json.dumps(self.case.state.model_dump(mode="json"))))
        assert moved == self.case.state
        self.case = SiteAggregate(SiteTerms.model_validate_json(self.terms.model_dump_json()), moved)
        self._holds()

    def _holds(self) -> None:
        case, state = self.case, self.case.state
        assert not list(unnamed(state.model_dump(mode="json"), KNOWN)), "every deadline says its clause"
        case.row(), case.view(self.now)
        for requirement, done in state.done.items():
            assert done == self.times.done(requirement), "an earlier round's work never counts later"
        due = case.next_due(self.now)
        if case.settled:
            assert due is None
        else:
            assert due is None or due > self.now
        if state.stage == "verifying":
            assert state.level is not None
        else:
            assert state.level is None
            assert state.stage in ("closed", "carried_over") or state.sign_off is None, "nobody signs it now"
        twice = [key for key, times in self.keys.items() if times > 1]
        assert not twice, "each notice stands once in a campaign"


@settings(max_examples=examples(150), derandomize=True, deadline=None, database=None)
@given(SEEDS)
def test_a_life_under_every_option_is_whole(seed: int) -> None:
    lived = Lived(seed)
    lived.live(40)
    if lived.terms.acceptance is not None:
        assert hands_of_one_unit(lived.entries, {"self"}) == [], "no site is struck off by hands of one unit"
    again = SiteAggregate(lived.terms)
    again.restore(lived.entries)
    assert again.state == lived.case.state
