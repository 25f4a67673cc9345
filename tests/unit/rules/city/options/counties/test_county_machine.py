"""State machine of a city with counties against a plain oracle: who may act, one table, one opening, one telling."""

import json
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rules.city.aggregate import CityAggregate
from rules.city.state import CityState
from rules.terms.clause_names import named_parts
from schemas import commands as cmd
from schemas.answers import Verdict
from schemas.clause_paths import clauses_in
from schemas.options.surveys import AddSurvey
from tests.support.budget import examples
from tests.support.chain_proof import proved
from tests.support.city_with_counties import (
    BAOFENG,
    LUSHAN,
    MAYOR,
    OF_BAOFENG,
    OF_LUSHAN,
    OF_T1,
    OF_T2,
    PROVINCE,
    ROWS,
    CountyLife,
    say,
    terms_of_counties,
)
from tests.support.clause_oracle import unnamed
from tests.support.drawn_terms import SEEDS, STEPS
from tests.support.sample_terms import on

UNITS: dict[str, dict[str, Any]] = {
    "lushan": {"county": LUSHAN},
    "baofeng": {"county": "宝丰县"},
    "t1": {"county": "鲁山县", "township": "t1"},
    "t2": {"county": LUSHAN, "township": "样板乡"},
}
OWN = {"lushan": OF_LUSHAN, "baofeng": OF_BAOFENG, "t1": OF_T1, "t2": OF_T2}
ABOVE = {"lushan": MAYOR, "baofeng": MAYOR, "t1": OF_LUSHAN, "t2": OF_LUSHAN}
KEYS = {"lushan": LUSHAN, "baofeng": BAOFENG, "t1": f"{LUSHAN}/t1", "t2": f"{LUSHAN}/t2"}
PEOPLE = (MAYOR, PROVINCE, OF_LUSHAN, OF_BAOFENG, OF_T1, OF_T2)
TABLE = {
    ("awaited", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "submit"): "submitted",
    ("submitted", "return"): "returned",
    ("submitted", "approve"): "approved",
}
COUNTY_OF = {"l1": "lushan", "l2": "lushan", "l3": "lushan", "b1": "baofeng", "b2": "baofeng"}
TOLD = {"lushan": [1, 2, 3, 4], "baofeng": [1, 3, 4], "t1": [0, 1, 2, 3, 4], "t2": [0, 1, 2, 3, 4]}
UNDECIDED = {"lushan": [3, 4, 5], "baofeng": [3, 4, 5], "t1": [1, 2, 3, 4], "t2": [1, 2, 3, 4]}
NOT_FOLDED = {"last_dispatch", "last_reconciled", "opening", "settle_asked", "settle_at", "issuing", "issuing_at"}


class CountyMachine(RuleBasedStateMachine):
    @initialize(
        opens=st.sampled_from([True, True, False]),
        course=st.permutations(["city", "lushan", "baofeng", "survey"]),
        length=st.integers(0, 4),
    )
    def begin(self, opens: bool, course: list[str], length: int) -> None:
        """The first days go by a course in any order, so that every order of approvals and surveys is lived through."""
        self.opens = opens
        terms = terms_of_counties(townships=True, opens_sites=opens, terms=self._terms())
        self.life = CountyLife(CityAggregate(named_parts(terms, "")))
        self.clauses = {path: (one.amount, one.unit.value) for path, one in clauses_in(self.life.core.terms)}
        self.now, self.read = on(7, 19, 9), 0
        self.head, self.seq = "", 0
        self.signed: dict[str, datetime] = {}
        self.state = dict.fromkeys(UNITS, "awaited")
        self.city = "awaited"
        self.approved: dict[str, datetime] = {}
        self.survey_at: datetime | None = None
        self.live()
        for one in course[:length]:
            self.now += timedelta(hours=3)
            match one:
                case "city":
                    self.the_city_deploys("submit")
                    self.the_city_deploys("approve")
                case "survey":
                    self.a_survey_finds_sites()
                case unit:
                    self.a_unit_deploys(unit)

    def _terms(self) -> dict[str, Any]:
        return {"surveys": True}

    def live(self, *commands: cmd.Command) -> None:
        self.life.at(self.now, *commands)
        for _ in range(3):  # the result of an effect may be due at once
            if (due := self.life.core.next_due(self.now)) is not None and due <= self.now:
                self.life.at(self.now)
        fresh, self.read = self.life.entries[self.read :], len(self.life.entries)
        self.head, self.seq = proved(fresh, self.head, self.seq)
        for entry in fresh:
            assert not list(unnamed(json.loads(entry.data), self.clauses)), "every event says its clauses"

    @rule(step=STEPS)
    def nobody_says_anything(self, step: timedelta) -> None:
        self.now += step
        self.live()

    @rule(deadlines=st.integers(1, 6))
    def deadlines_pass(self, deadlines: int) -> None:
        for _ in range(deadlines):
            if (due := self.life.core.next_due(self.now)) is not None:
                self.now = max(due, self.now)
                self.live()

    @rule(
        seed=SEEDS, unit=st.sampled_from(sorted(UNITS)), what=st.sampled_from(["sign", "submit", "return", "approve"])
    )
    def somebody_acts(self, seed: int, unit: str, what: str) -> None:
        draw = Random(seed)
        self.now += timedelta(minutes=draw.randint(0, 2000))
        usual = OWN[unit] if what in ("sign", "submit") else draw.choice([ABOVE[unit], PROVINCE])
        by = usual if draw.random() < 0.8 else draw.choice(PEOPLE)
        kind = "sign_county_receipt" if what == "sign" else f"{what}_county_deployment"
        command = say(kind, by, self.now, **UNITS[unit])
        self.life.at(self.now)  # deadlines up to now, the campaign's end included
        allowed = self._may(unit, what, by) and self._stands(unit, what)
        note(f"{self.now} {unit} {what} by {by.id}: {allowed}")
        outcome = self.life.at(self.now, command)
        accepted = outcome.result_of(command.command_id).verdict is Verdict.ACCEPTED
        assert accepted == (allowed and self.life.core.state.ended_at is None)
        if accepted:
            self._happened(unit, what)
        self.live()

    @rule(unit=st.sampled_from(["lushan", "baofeng", "lushan", "baofeng", "t1"]))
    def a_unit_deploys(self, unit: str) -> None:
        for what, by in (("sign", OWN[unit]), ("submit", OWN[unit]), ("approve", ABOVE[unit])):
            kind = "sign_county_receipt" if what == "sign" else f"{what}_county_deployment"
            command = say(kind, by, self.now, **UNITS[unit])
            self.life.at(self.now)
            if self.life.at(self.now, command).result_of(command.command_id).verdict is Verdict.ACCEPTED:
                self._happened(unit, what)
            self.live()

    @rule(unit=st.sampled_from(["lushan", "baofeng"]))
    def a_county_signs_in_the_night_of_its_deadline(self, unit: str) -> None:
        owed = self.life.core.state.counties[KEYS[unit]].owed.get("receipt")
        if owed is None or owed.next_due is None or owed.next_due < self.now:
            return
        self.now = owed.next_due
        self.live()
        command = say("sign_county_receipt", OWN[unit], self.now, **UNITS[unit])
        if self.life.at(self.now, command).result_of(command.command_id).verdict is Verdict.ACCEPTED:
            self._happened(unit, "sign")
        self.live()

    def _may(self, unit: str, what: str, by: Any) -> bool:
        if what in ("sign", "submit"):
            return bool(by == OWN[unit])
        return by in (PROVINCE, ABOVE[unit])

    def _stands(self, unit: str, what: str) -> bool:
        if unit in ("t1", "t2") and "lushan" not in self.signed:
            return False
        return unit not in self.signed if what == "sign" else (self.state[unit], what) in TABLE

    def _happened(self, unit: str, what: str) -> None:
        if what == "sign":
            self.signed[unit] = self.now
            return
        self.state[unit] = TABLE[self.state[unit], what]
        if what == "approve":
            self.approved[unit] = self.now

    @rule(what=st.sampled_from(["submit", "submit", "return", "approve", "approve"]))
    def the_city_deploys(self, what: str) -> None:
        if (self.city, what) not in TABLE:
            return
        self.now += timedelta(hours=1)
        self.life.at(self.now)
        command = say(f"{what}_deployment", MAYOR if what == "submit" else PROVINCE, self.now)
        if self.life.at(self.now, command).result_of(command.command_id).verdict is Verdict.ACCEPTED:
            self.city = TABLE[self.city, what]
            if what == "approve":
                self.approved["city"] = self.now
        self.live()

    @rule()
    def a_survey_finds_sites(self) -> None:
        if self.survey_at is not None:
            return
        found = AddSurvey(
            command_id="S2", actor=PROVINCE, effective_at=self.now, survey="S2", digest="a" * 64, sites=3, newly_found=3
        )
        if self.life.at(self.now, found).result_of("S2").verdict is Verdict.ACCEPTED:
            self.survey_at = self.now
        self.live()

    @rule()
    def the_workflow_continues_as_new(self) -> None:
        moved = json.loads(json.dumps(self.life.core.state.model_dump(mode="json")))
        self.life.core = CityAggregate(self.life.core.terms, CityState.model_validate(moved))

    # -- the oracle ------------------------------------------------------------------------------------------------

    @invariant()
    def every_deployment_went_by_the_table(self) -> None:
        counties = self.life.core.state.counties
        assert {unit: counties[key].deployment for unit, key in KEYS.items()} == self.state
        assert self.life.core.state.deployment == self.city

    @invariant()
    def every_deadline_says_its_clause(self) -> None:
        assert not list(unnamed(self.life.core.state.model_dump(mode="json"), self.clauses))

    @invariant()
    def every_site_opens_once_when_it_may(self) -> None:
        expected = {}
        for row in ROWS:
            moments = [self.approved.get("city")]
            if self.opens and row.id in COUNTY_OF:
                moments.append(self.approved.get(COUNTY_OF[row.id]))
            if row.survey is not None:
                moments.append(self.survey_at)
            if all(moments):
                expected[row.id] = max(moment for moment in moments if moment is not None)
        assert dict(self.life.opened) == expected
        assert len(self.life.opened) == len(expected), "none opens twice"

    @invariant()
    def each_silence_is_told_once_to_each_level_in_order(self) -> None:
        told = self.life.told()
        levels: dict[tuple[Any, ...], list[int]] = {}
        for event in told:
            key = event["county"] if event["township"] is None else f"{event['county']}/{event['township']}"
            unit = next(name for name, one in KEYS.items() if one == key)
            levels.setdefault((unit, event["duty"], event["due"]), []).append(int(event["told"]))
        for (unit, duty, _), found in levels.items():
            order = UNDECIDED[unit] if duty == "decision" else TOLD[unit]
            assert found == order[: len(found)]

    @invariant()
    def documents_tell_of_each_silence_at_most_once_a_level(self) -> None:
        assert max(Counter(document.key for document in self.life.documents).values(), default=1) == 1
        silent = [d for d in self.life.documents if d.kind.startswith("county_") and d.kind.endswith("_overdue")]
        lines = Counter(
            (d.kind, d.rung, line["unit"], line["due"]) for d in silent for line in d.data["counties"]
        )  # fmt: skip
        assert max(lines.values(), default=1) == 1
        for document in silent:
            for line in document.data["counties"] if document.kind == "county_receipt_overdue" else ():
                unit = next(name for name, one in KEYS.items() if one == line["unit"])
                assert document.issued_at <= self.signed.get(unit, self.now + timedelta(days=1)), "signed already"

    @invariant()
    def the_ledger_gives_the_state_again(self) -> None:
        again = CityAggregate(self.life.core.terms)
        again.restore(self.life.entries)
        kept, known = (one.state.model_dump(exclude=NOT_FOLDED) for one in (again, self.life.core))
        assert kept == known


TestCountyMachine = CountyMachine.TestCase
TestCountyMachine.settings = settings(
    max_examples=examples(120), stateful_step_count=30, derandomize=True, deadline=None, database=None
)
