"""The report's table of phases and milestones."""

from datetime import date
from types import SimpleNamespace

from reports.files import environment
from reports.tables.phases import lacking, state_of
from reports.words.catalogue import Words
from schemas.options.phases import GateCheck, Missing, Reached
from schemas.phase_status import PhaseStatus
from schemas.quantity import written
from tests.support.plans import frozen_plan
from tests.support.sample_terms import on

DAYS = {"starts_on": date(2021, 8, 1), "ends_on": date(2021, 8, 9)}
LACKS = Missing(check=GateCheck.IN_WORK, city="east", per_cent=90, have=12, wanted=13, of=14)
REACHED = Reached(city="east", measure="sites", per_cent=60, have=9, of=10, kept=True)
SWEEP = PhaseStatus(
    id="sweep", title="Sweep", state="over", gate="met", met_at=on(8, 11, 6), milestones=[REACHED], **DAYS
)
WORKS = PhaseStatus(id="works", title="Works", state="running", gate="unmet", missing=[LACKS], **DAYS)


def rendered(*phases: PhaseStatus) -> str:
    plan, words, names = frozen_plan("east").plan, Words("en"), {"east": "East"}
    return (
        environment()
        .get_template("phases.html.j2")
        .render(
            status=SimpleNamespace(phases=phases),
            words=words,
            day=lambda instant: instant.isoformat(),
            phase_state=lambda phase: state_of(phase, plan, words),
            lacking=lambda one: lacking(one, names, words),
            city_names=names,
            written=written,
        )
    )


def test_table_has_gates_what_they_lack_and_milestones() -> None:
    page = rendered(SWEEP, WORKS)
    for told in ("met 2021-08-10T22:00", "East: sites in work (90%) 12 / 14", "60% of the sites", "9 / 10", "kept"):
        assert told in page


def test_table_without_milestones_has_none() -> None:
    assert "Milestone of" not in rendered(WORKS)
