"""Phases of a campaign: what a gate holds, when it is judged, how it is told upward, what is issued."""

import json
from datetime import datetime
from typing import Any

from rules.campaign.aggregate import CampaignAggregate
from rules.effects import TakePhaseMeasures
from schemas.campaign import PhaseTerms
from schemas.options.phases import Gate, PhaseMeasures, PhaseReport
from tests.support.clause_oracle import unnamed
from tests.support.imagined_city import CampaignLife, campaign_terms, city_name
from tests.support.sample_terms import deadline, on

GATE = Gate.model_validate(
    {"conditions": [{"check": "closed", "per_cent": 50}], "grace": {"amount": 1, "unit": "working_days"}}
)
GRACE = {"": (1, "working_days")}
"""Its grace, which has no name here, as `tests.support.clause_oracle` knows those of a plan."""
LEVELS = {"bureaus": ("局",), "government": ("政府",), "deputy_head": ("政府",), "head": ("主要负责人",)}


def phases(**of_the_first: Any) -> tuple[PhaseTerms, ...]:
    """A sweep until Friday 6 August and works from the day after."""
    first = {"gate": GATE, "holds_next": True} | of_the_first
    return (
        PhaseTerms(id="sweep", starts_at=deadline(7, 16), ends_at=deadline(8, 6), **first),
        PhaseTerms(id="works", starts_at=deadline(8, 6), ends_at=deadline(8, 31)),
    )


class Lived(CampaignLife):
    """Two cities with ten sites each; `closed` are those of the first, the second has all."""

    closed = 0
    now = on(7, 16)

    def measured(self, effect: TakePhaseMeasures) -> PhaseReport:
        counts = {"410400": self.closed, "410600": 10}
        cities = tuple(PhaseMeasures(code=c, name=c, deployed=True, sites=10, closed=n) for c, n in counts.items())
        return PhaseReport(phase=effect.phase, as_of=effect.at, cities=cities)

    def until(self, now: datetime) -> None:
        """Every deadline up to `now`, each at its own moment."""
        while (due := self.core.next_due(self.now)) is not None and due <= now:
            self.now = max(due, self.now)
            self.at(self.now)
            assert not list(unnamed(self.core.state.model_dump(mode="json"), GRACE)), "every deadline says its clause"
        self.now = now

    def when(self, kind: str) -> list[datetime]:
        return [entry.at for entry in self.of(kind)]


def lived(*of: PhaseTerms) -> Lived:
    cities = tuple(city_name(c, c).model_copy(update={"levels": LEVELS}) for c in ("410400", "410600"))
    life = Lived(CampaignAggregate(campaign_terms(phases=of or phases(), cities=cities)))
    life.measures = life.measured
    return life


def test_gate_met_at_the_end_lets_next_phase_begin_at_once() -> None:
    life = lived()
    life.closed = 5
    life.until(on(8, 9, 12))
    assert life.when("phase_ended") == life.when("gate_met") == [deadline(8, 6)]
    assert life.when("phase_began")[1:] == [deadline(8, 6)]


def test_unmet_gate_holds_next_phase_until_it_is_met() -> None:
    life = lived()
    life.until(on(8, 10, 12))
    assert len(life.of("phase_began")) == 1 and len(life.of("gate_unmet")) == 1
    life.closed = 5
    life.until(on(8, 11, 12))
    assert life.when("gate_met") == life.when("phase_began")[1:] == [on(8, 11, 6)]


def test_unmet_gate_that_holds_nothing_lets_next_phase_begin() -> None:
    life = lived(*phases(holds_next=False))
    life.until(on(8, 9, 12))
    assert life.when("phase_began")[1:] == [deadline(8, 6)] and life.when("gate_unmet") == [deadline(8, 6)]


def test_gate_is_judged_on_working_days_only() -> None:
    life = lived()
    life.until(on(8, 10, 12))
    asked = [effect.at for effect in life.of_effect(TakePhaseMeasures)]
    assert asked == [deadline(8, 6), on(8, 9, 6), on(8, 10, 6)]  # 7 and 8 August are a weekend


def test_phase_held_beyond_its_end_never_begins() -> None:
    life = lived()
    life.until(on(9, 2, 12))
    life.closed = 9
    life.until(on(9, 6, 12))
    (met,) = life.of("gate_met")
    assert "next" not in json.loads(met.data), "nothing begins by it any more"
    assert len(life.of("phase_began")) == 1


def test_unmet_gate_is_told_level_by_level_then_to_the_province() -> None:
    life = lived()
    life.until(on(8, 31, 12))
    # Each grace is a working day from a working day: due at the end of Tuesday 10, Thursday 12, ...
    assert life.when("gate_overdue") == [on(8, 11, 6), on(8, 13, 6), on(8, 17, 6), on(8, 19, 6)]
    told = [(n.city, n.rung) for n in life.notices if n.kind == "gate_overdue"]
    # The deputy head is no other office here, and the second city lacks nothing.
    assert told == [("410400", 11), ("410400", 13)]
    assert [d.kind for d in life.documents if d.city == ""] == ["phase_summary", "gate_overdue"]


def test_gate_that_lacks_less_keeps_deadline_and_clause() -> None:
    life = lived()
    life.until(on(8, 9, 12))
    life.closed = 4
    life.until(on(8, 10, 12))
    first, second = (json.loads(entry.data) for entry in life.of("gate_unmet"))
    assert second["due"] == first["due"] and second["clauses"] == first["clauses"] != {}


def test_each_city_and_province_gets_one_summary() -> None:
    life = lived()
    life.until(on(8, 20, 12))
    assert [n.city for n in life.notices if n.kind == "phase_summary"] == ["410400", "410600"]
    own = {n.city: n.data for n in life.notices if n.kind == "phase_summary"}
    assert [c["code"] for c in own["410600"]["cities"]] == ["410600"] and own["410600"]["lacking"] == []
    (whole,) = [d for d in life.documents if d.kind == "phase_summary"]
    assert whole.issued_at == on(8, 9, 9) and whole.number and len(whole.data["cities"]) == 2
    assert whole.data["ended_on"] == "2021-08-06" and whole.data["lacking"][0]["city"] == "410400"


def test_plan_without_gates_takes_no_measures() -> None:
    life = lived(*phases(gate=None, holds_next=False))
    life.until(on(9, 2, 12))
    assert len(life.of("phase_began")) == 2 and life.of_effect(TakePhaseMeasures) == []


def test_phase_ends_with_the_campaign_before_it_closes() -> None:
    last = PhaseTerms(id="last", starts_at=deadline(8, 31), ends_at=deadline(10, 31), summary=True)
    life = lived(last)
    life.settled_cities = ("410400", "410600")
    life.until(on(11, 3, 12))
    kinds = life.kinds()
    assert kinds.index("phase_ended") < kinds.index("campaign_closed")
    assert [d.kind for d in life.documents if d.city == ""] == ["phase_summary", "closing_report"]


def test_outage_takes_one_measure_for_all_that_were_missed() -> None:
    life = lived()
    life.until(on(8, 6, 12))
    life.now = on(8, 20, 12)
    life.at(life.now)
    life.until(on(8, 23, 12))
    asked = [effect.at for effect in life.of_effect(TakePhaseMeasures)]
    assert asked == [on(8, 20, 12), on(8, 23, 6)]  # the 21st and 22nd are a weekend
    assert life.when("phase_ended") == [on(8, 20, 12)]
