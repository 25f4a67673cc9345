"""How phases stand by the days of the plan and by the entries of the ledger."""

from datetime import date, datetime

from schemas.campaign import PhaseBegan
from schemas.event import Event
from schemas.options.phases import GateCheck, GateMet, GateOverdue, GateUnmet, Missing, PhaseEnded, Reached
from schemas.phase_status import PhaseStatus, phase_statuses
from schemas.plan import Plan
from tests.support.plans import PLAN
from tests.support.sample_terms import deadline, on

GATE = {"conditions": [{"check": "closed", "per_cent": 50}]}
FIRST = {"id": "sweep", "title": "排查", "starts_on": "2021-07-17", "ends_on": "2021-08-06"}
SECOND = {"id": "works", "title": "整治", "starts_on": "2021-08-07", "ends_on": "2021-08-31"}
LACKS = Missing(check=GateCheck.CLOSED, city="east", have=1, wanted=5, of=10)
UNMET = (deadline(8, 6), GateUnmet(phase="sweep", missing=(LACKS,)))


def stand(now: datetime, *entries: tuple[datetime, Event], holds: bool = True) -> list[PhaseStatus]:
    phases = [FIRST | {"gate": GATE, "holds_next": holds}, SECOND]
    plan = Plan.model_validate({**PLAN, "id": "east", "document_number": "1", "phases": phases})
    return phase_statuses(plan, entries, now)


def test_phase_without_entries_stands_by_its_days() -> None:
    assert [p.state for p in stand(on(7, 16))] == ["not_begun", "not_begun"]
    assert [p.state for p in stand(on(8, 6, 23), holds=False)] == ["running", "not_begun"]
    assert [p.state for p in stand(on(8, 7), holds=False)] == ["over", "running"]


def test_phase_is_held_from_its_day_until_the_gate_is_met() -> None:
    sweep, works = stand(on(8, 9, 12), UNMET)
    assert (sweep.gate, sweep.missing, sweep.holds) == ("unmet", [LACKS], "works")
    assert (works.state, works.held_by, works.held_since) == ("held", "sweep", date(2021, 8, 7))
    assert works.state_in_words == "held since 2021-08-07 by sweep"
    met = (on(8, 9, 6), GateMet(phase="sweep", next="works")), (on(8, 9, 6), PhaseBegan(phase="works"))
    sweep, works = stand(on(8, 9, 12), UNMET, *met)
    assert (sweep.gate, sweep.missing, works.state, works.began_at) == ("met", [], "running", on(8, 9, 6))


def test_phase_held_beyond_its_end_never_began() -> None:
    told = (on(8, 11, 6), GateOverdue(phase="sweep", step=2, missing=(LACKS,)))
    sweep, works = stand(on(9, 1), UNMET, told)
    assert sweep.told == 2 and works.never_begun and works.state_in_words == "over, never begun"


def test_milestones_come_with_the_end_of_the_phase() -> None:
    reached = Reached(city="east", measure="sites", per_cent=10, have=1, of=10, kept=True)
    ended = PhaseEnded(phase="sweep", as_of=deadline(8, 6), cities=(), milestones=(reached,))
    sweep, _ = stand(on(8, 7), (deadline(8, 6), ended))
    assert (sweep.milestones, sweep.kept) == ([reached], 1)
