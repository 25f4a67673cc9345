"""Years that have passed when a programme is checked, and years that will not begin."""

from datetime import UTC, datetime, timedelta

from commands.programme.view import checked_page
from commands.programme.years_view import programme_page
from reports.programme import render_programme_page
from rules.command_results import Received
from rules.programme.aggregate import ProgrammeAggregate
from rules.terms.plan import programme_terms
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.clock import Clock
from schemas.targets import Targets
from services.programme.report import facts_of
from simulation.behaviour.temperament import Temperament
from simulation.forecast.programme import foresee
from tests.support.programme_years import SURVEYED, YEARS, programme_of, stock_of

FROZEN = programme_of(YEARS)
BEFORE_THE_END = datetime(2021, 3, 20, tzinfo=UTC)
BETWEEN = datetime(2021, 6, 1, tzinfo=UTC)


def test_a_check_says_which_years_have_passed() -> None:
    stock = stock_of([1.0, 2.0], "north")
    assert [y["passed"] for y in checked_page(FROZEN, stock, BETWEEN).data["years"]] == [True, False, False]
    assert not any(y["passed"] for y in checked_page(FROZEN, stock, BEFORE_THE_END).data["years"])


def test_programme_years_cancelled_by_stop_shown_as_stopped() -> None:
    terms = programme_terms(FROZEN, Clock())
    board = ProgrammeAggregate(terms)
    now = terms.years[0].starts_at - timedelta(days=2)
    entries = list(board.advance((), now).entries)
    assert {y["state"] for y in programme_page(FROZEN, entries).data["years"]} == {"waiting"}
    chen = Actor(id="chen", role=Role.PROVINCE, unit=terms.units.province[0])
    stop = cmd.Stop(command_id="stop", actor=chen, effective_at=now, reason="merged")
    entries += board.advance([Received(stop, now)], now).entries
    assert {y["state"] for y in programme_page(FROZEN, entries).data["years"]} == {"stopped"}


def test_check_shows_the_first_year_by_county_and_later_targets() -> None:
    data = checked_page(FROZEN, stock_of([10.0, 10.0, 10.0, 10.0], "north"), BETWEEN).data
    assert [year["target"] for year in data["years"]] == [12.0, 6.0, 10.0], "30 % of 40, of 20, and the rest"
    assert [(one["county"], one["target"]) for one in data["first_year"]] == [("north", 20.0)]
    assert data["differences"] == []


def test_page_shows_targets_against_done_and_silent_surveys() -> None:
    frozen, stock = programme_of(YEARS, **SURVEYED), stock_of([2.0] * 12, "north")
    found = foresee(frozen, stock, Temperament.SLACK, 4)
    page = programme_page(frozen, found.entries, len(found.documents)).data
    assert page["documents"] == len(found.documents) > 6
    for year in page["years"]:
        assert sum(place["closed"]["sites"] for place in year["places"]) == year["closed"]["sites"]
        assert sum(place["target"] for place in year["places"]) == year["chosen"]["area_ha"]
    assert page["left"]["sites"] + page["treated"]["sites"] == page["stock"]["sites"] == 12
    (north,) = page["by_city"]
    assert north["closed"]["sites"] == page["treated"]["sites"]
    assert any(year["survey_silent"] for year in page["years"]) or any(
        late for year in page["years"] for late in year["surveys"].values()
    ), "slack people are late"


def test_report_page_has_every_year_and_county() -> None:
    frozen = programme_of(YEARS, **SURVEYED)
    found = foresee(frozen, stock_of([2.0] * 6, "north"), Temperament.TYPICAL, 4)
    facts = facts_of(frozen, found.entries)
    text = render_programme_page(frozen.letterhead.plan, facts, BETWEEN)
    assert all(year.campaign in text for year in facts.by_county) and facts.by_county
    assert len(facts.years) == 3 and all(len(row) == len(facts.YEAR_COLUMNS) for row in facts.years)
    assert text.count("<table") == 2 + len(facts.by_county)


def test_check_lists_given_targets_that_differ_from_the_choice() -> None:
    county = {"code": "north", "target": 25}
    given = {"total": 25, "cities": [{"code": "north", "target": 25, "counties": [county]}]}
    frozen = programme_of(YEARS)
    years = (frozen.programme.years[0].model_copy(update={"targets": Targets.model_validate(given)}),)
    own = frozen.programme.model_copy(update={"years": years + frozen.programme.years[1:]})
    page = checked_page(frozen.model_copy(update={"programme": own}), stock_of([10.0] * 4, "north"), BETWEEN)
    (differs,) = page.data["differences"]
    assert (differs["target"], differs["chosen"]["area_ha"]) == (25.0, 20.0)
