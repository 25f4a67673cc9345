"""Surveys in a forecast: their sites come on their day, are worked on like any other, and nothing is lost."""

from collections import Counter
from datetime import date, timedelta

import pytest

from intake.plan.freeze import freeze
from rules.calendar import add_clause, last_day_of, local_date
from schemas.options.briefing import BriefingFrozen
from schemas.options.surveys import Found, PlannedSurvey, Survey, SurveyOption, marked
from schemas.plan import FrozenPlan
from schemas.register import Site, register_digest
from schemas.site.events import Opened
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from simulation.people.register import Register
from tests.support.short_campaign import short_plan, short_register, working

CLAUSE = working(4)
ON = date(2021, 9, 8)


def surveyed_plan() -> FrozenPlan:
    return freeze(short_plan().plan.model_copy(update={"survey": SurveyOption(rectification=CLAUSE)}))


def survey(name: str, sites: list[Site], found: Found) -> PlannedSurvey:
    kept = tuple(marked(one.model_copy(update={"id": f"{name}-{one.id}"}), name, found) for one in sites)
    return PlannedSurvey(ON, Survey(id=name, digest=register_digest(kept), sites=kept))


SITES = short_register()
ROUNDS = (survey("S2", SITES[:3], Found.MISSED), survey("S3", SITES[-2:], Found.NEWLY))


@pytest.fixture(scope="module", params=list(Temperament))
def foreseen(request: pytest.FixtureRequest) -> Forecast:
    return forecast(surveyed_plan(), SITES, request.param, 7, keep_ledger=True, surveys=ROUNDS)


def test_every_site_of_the_register_and_of_the_surveys_ends_once(foreseen: Forecast) -> None:
    all_sites = Register.all_sites(SITES, ROUNDS)
    assert foreseen.rows.keys() == {site.id for site in all_sites}
    assert foreseen.closed + foreseen.carried_over == len(all_sites) == sum(city.sites for city in foreseen.cities)


def test_each_city_hears_of_each_survey_once_with_its_own_counts(foreseen: Forecast) -> None:
    for planned in ROUNDS:
        for code in planned.survey.cities():
            entries = foreseen.ledger[f"city/{foreseen.campaign_id}/{code}"]
            said = [entry for entry in entries if entry.kind == "survey_added" and planned.survey.digest in entry.data]
            assert len(said) == 1
            assert local_date(surveyed_plan().calendar, said[0].at) >= ON


def test_surveyed_site_deadline_counts_own_clause_from_opening(foreseen: Forecast) -> None:
    frozen = surveyed_plan()
    for site in (site for planned in ROUNDS for site in planned.survey.sites):
        row = foreseen.rows[site.id]
        first = foreseen.ledger[f"site/{foreseen.campaign_id}/{site.id}"][0]
        if first.kind != "opened":
            assert row.stage == "carried_over"
            continue
        due = Opened.model_validate_json(first.data).due
        day = add_clause(frozen.calendar, local_date(frozen.calendar, first.at), CLAUSE)
        assert last_day_of(frozen.calendar, due) == min(day, frozen.plan.ends_on)


def test_burndown_counts_surveyed_sites_from_discovery_day(foreseen: Forecast) -> None:
    totals = {count.day: sum(count.by_stage.values()) for count in foreseen.days}
    more = sum(len(planned.survey.sites) for planned in ROUNDS)
    assert totals[ON - timedelta(days=1)] == len(SITES)
    assert set(totals.values()) == {len(SITES), len(SITES) + more}
    assert foreseen.days[-1].by_stage["registered"] == 0


def test_briefing_counts_new_sites_apart_and_missed_as_baseline(foreseen: Forecast) -> None:
    entries = foreseen.ledger[f"campaign/{foreseen.campaign_id}"]
    last = [entry for entry in entries if entry.kind == "briefing_frozen"][-1]
    counts: Counter[str] = Counter()
    for city in BriefingFrozen.model_validate_json(last.data).briefing.cities:
        counts["baseline"] += city.baseline.sites
        counts["newly_found"] += city.newly_found.sites
    assert counts == {"baseline": len(SITES) + 3, "newly_found": 2}


def test_without_a_survey_everything_is_as_before() -> None:
    plain = forecast(short_plan(), SITES, Temperament.SLACK, 7, keep_ledger=True)
    empty = forecast(short_plan(), SITES, Temperament.SLACK, 7, keep_ledger=True, surveys=())
    assert plain.ledger == empty.ledger
