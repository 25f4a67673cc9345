"""The burn-down of every example agrees with its sites' ledgers on every tenth day."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from intake.check import check
from reports.burndown import BurnDown, Movement, moving_kinds
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from schemas.clock import Clock
from schemas.site.events import Resumed
from schemas.stages import Stage
from simulation.behaviour.temperament import Temperament
from simulation.forecast.simulator import forecast

EXAMPLES = Path(__file__).parents[3] / "examples"
FIVE = ("henan-2021", "shanxi-2024", "heilongjiang-market", "hukou", "zhangping")


@pytest.mark.parametrize("people", [Temperament.TYPICAL, Temperament.SLACK])
@pytest.mark.parametrize("example", FIVE)
def test_the_curve_of_an_example_is_what_its_ledgers_say(example: str, people: Temperament) -> None:
    folder = EXAMPLES / example
    report = check(folder / "plan.yaml", folder / "register.csv")
    assert report.frozen is not None and report.register is not None
    frozen, plan = report.frozen, report.frozen.plan
    surveys = report.rounds.planned
    found = forecast(frozen, report.register.sites, people, 2021, keep_ledger=True, surveys=surveys)
    everywhere = {s.id: s for s in (*report.register.sites, *(s for one in surveys for s in one.survey.sites))}
    streams = {name: entries for name, entries in found.ledger.items() if name.startswith("site/")}
    burndown = BurnDown(len(everywhere), plan.zone, plan.starts_on, max(e[-1].at for e in streams.values()))
    burndown.add(
        Movement(entry.stream, entry.kind, entry.at, deadlines.due, deadlines.level_due)
        for entries in streams.values()
        for entry in entries
        if entry.kind in moving_kinds()
        for deadlines in [Resumed.model_validate_json(entry.data)]
    )
    days = burndown.days(plan.ends_on)
    for day in days[9::10] + days[-1:]:
        moment = datetime.combine(day.day + timedelta(days=1), time(), plan.zone)
        cases = []
        for name, entries in streams.items():
            site = everywhere[name.rsplit("/", 1)[1]]
            opened = next((e.at for e in entries if e.kind == "opened"), None)
            case = SiteAggregate(site_terms(frozen, site, opened, Clock()))
            case.restore(e for e in entries if e.at < moment)
            cases.append(case)
        stages = [case.state.stage for case in cases]
        assert (day.closed, day.carried_over) == (stages.count(Stage.CLOSED), stages.count(Stage.CARRIED_OVER)), day.day
        assert day.overdue == sum(case.is_overdue(moment) for case in cases), day.day
