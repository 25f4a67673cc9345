"""The city aggregate and surveys that add sites while the campaign runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.city.aggregate import CityAggregate
from rules.city.options.surveys import known_surveys
from rules.city.state import CityState
from rules.effects import Effect, OpenSites, ReconcileSites
from schemas.actor import Role
from schemas.answers import Verdict
from schemas.errors import Refused
from schemas.options.surveys import AddSurvey, FoundCounts, SurveyRecord
from schemas.work import ReconcileReport, SitesOpenedReport
from tests.support.chain_proof import proved
from tests.support.imagined_city import CityLife, city_terms
from tests.support.sample_terms import CITY, PROVINCE, deadline, on, person
from tests.unit.rules.city.test_aggregate import approved, stopped, submitted

DIGEST, OTHER = "a" * 64, "b" * 64


@dataclass
class SurveyedDesk(CityLife):
    """Its register has the sites; `untold` are surveys whose notification to the city was lost."""

    untold: tuple[SurveyRecord, ...] = ()

    def _observation(self, effect: Effect) -> Any:
        match effect:
            case OpenSites(at, str() as survey):
                return SitesOpenedReport(sites=3, due=at + timedelta(days=20), survey=survey)
            case ReconcileSites(at):
                known = known_surveys(self.core.terms, self.core.state, at)
                lost = [s for s in self.untold if s.id not in known["heard"] and s.at <= known["heard_by"]]
                return ReconcileReport(at=at, surveys=tuple(lost))
            case _:
                return super()._observation(effect)


def desk(**changes: Any) -> SurveyedDesk:
    life = SurveyedDesk(CityAggregate(city_terms(**{"surveys": True} | changes)))
    life.at(on(7, 19, 9))
    return life


def opened_desk(**changes: Any) -> SurveyedDesk:
    life = desk(**changes)
    life.at(on(7, 20, 10), submitted(on(7, 20, 10)))
    life.at(on(7, 21, 10), approved(on(7, 21, 10)))
    return life


def added(at: datetime, survey: str = "S2", digest: str = DIGEST, **changes: Any) -> AddSurvey:
    usual: dict[str, Any] = {
        "command_id": f"{survey} {digest[0]} {at}",
        "actor": PROVINCE,
        "effective_at": at,
        "survey": survey,
        "digest": digest,
        "sites": 3,
        "newly_found": 1,
        "missed": 2,
    }
    return AddSurvey(**(usual | changes))


def test_survey_opens_sites_at_once_after_approval() -> None:
    life = opened_desk()
    life.quiet_until(on(8, 10, 9))
    life.at(on(8, 10, 10), added(on(8, 10, 10)))
    assert life.of_effect(OpenSites) == [OpenSites(on(7, 21, 10)), OpenSites(on(8, 10, 10), "S2")]
    assert life.kinds()[-2:] == ["survey_added", "survey_opened"]
    life.quiet_until(on(11, 10))
    assert life.core.settled
    assert ("survey_notice", on(8, 11, 9)) in life.issued()
    data = next(document.data for document in life.documents if document.kind == "survey_notice")
    assert (data["survey"], data["sites"], data["newly_found"], data["missed"]) == ("S2", 3, 1, 2)
    proved(life.entries)


def test_survey_before_approval_opens_with_others_under_own_id() -> None:
    life = desk()
    life.at(on(7, 20, 9), added(on(7, 20, 9)))
    assert life.of_effect(OpenSites) == []
    life.at(on(7, 20, 10), submitted(on(7, 20, 10)))
    life.at(on(7, 21, 10), approved(on(7, 21, 10)))
    assert life.of_effect(OpenSites) == [OpenSites(on(7, 21, 10)), OpenSites(on(7, 21, 10), "S2")]
    assert life.of("survey_opened")[0].at == on(7, 21, 10)


def test_the_same_survey_again_changes_nothing_whoever_says_it() -> None:
    life = opened_desk()
    life.at(on(8, 10, 10), added(on(8, 10, 10)))
    before = life.kinds()
    again = added(on(8, 11, 10), actor=CITY)
    outcome = life.at(on(8, 11, 10), again)
    assert outcome.result_of(again.command_id).verdict is Verdict.DUPLICATE
    assert [kind for kind in life.kinds()[len(before) :] if kind.startswith("survey")] == []


def test_survey_id_with_other_content_refused_with_digests() -> None:
    life = opened_desk()
    life.at(on(8, 10, 10), added(on(8, 10, 10)))
    refused = life.core.refusal(added(on(8, 11, 10), digest=OTHER), on(8, 11, 10))
    assert isinstance(refused, Refused)
    assert DIGEST[:12] in str(refused) and OTHER[:12] in str(refused) and "its own id" in str(refused)


def test_a_plan_without_surveys_takes_none() -> None:
    life = opened_desk(surveys=False)
    refused = life.core.refusal(added(on(8, 10, 10)), on(8, 10, 10))
    assert "has no `survey`" in str(refused)


@pytest.mark.parametrize("stop", (True, False))
def test_after_the_end_a_survey_is_refused_with_the_reason(stop: bool) -> None:
    life = opened_desk()
    if stop:
        life.at(on(8, 10, 10), stopped(on(8, 10, 10)))
    else:
        life.quiet_until(deadline(10, 31))
    refused = str(life.core.refusal(added(life.now), life.now))
    assert ("the campaign was stopped: 暂停" if stop else "the campaign ended") in refused


def test_only_the_province_and_the_city_survey() -> None:
    life = opened_desk()
    for role in (Role.COUNTY, Role.ENTERPRISE, Role.EXPERT, Role.SUPERVISOR):
        assert life.core.refusal(added(on(8, 10, 10), actor=person("x", role)), on(8, 10, 10)) is not None


def record(at: datetime) -> SurveyRecord:
    counts = FoundCounts(sites=3, newly_found=1, missed=2)
    return SurveyRecord(id="S2", digest=DIGEST, at=at, actor="{}", cities={"410400": counts})


def test_lost_survey_notification_found_by_second_daily_check() -> None:
    life = opened_desk()
    life.quiet_until(on(8, 10, 12))
    life.untold = (record(on(8, 10, 12)),)
    life.quiet_until(on(8, 11, 12))
    assert life.of("survey_added") == []  # its signal may still arrive
    life.quiet_until(on(8, 12, 12))
    (heard,) = life.of("survey_added")
    assert on(8, 11, 12) < heard.at <= on(8, 12, 12)
    assert life.of_effect(OpenSites)[-1] == OpenSites(heard.at, "S2")
    life.quiet_until(on(8, 20))
    assert len(life.of("survey_added")) == len(life.of("survey_opened")) == 1


def test_city_restored_from_ledger_repeats_survey_opening() -> None:
    life = opened_desk()
    life.at(on(8, 10, 10), added(on(8, 10, 10)))
    upto = next(n for n, entry in enumerate(life.entries) if entry.kind == "survey_opened")
    again = CityAggregate(life.core.terms)
    again.restore(life.entries[:upto])
    assert OpenSites(on(8, 10, 10), "S2") in again.advance((), on(8, 10, 11)).effects


days = st.integers(min_value=0, max_value=60 * 24)


@given(st.lists(st.tuples(days, st.sampled_from("ABC"), st.sampled_from([DIGEST, OTHER])), max_size=8), days)
def test_survey_opens_once_after_approval_and_replay_agrees(said: list[tuple[int, str, str]], approval: int) -> None:
    life = desk()
    life.at(on(7, 19, 10), submitted(on(7, 19, 10)))
    happens = [(hours, 1, survey, digest) for hours, survey, digest in said] + [(approval, 0, "", "")]
    for hours, _, survey, digest in sorted(happens):
        now = on(7, 19, 11) + timedelta(hours=hours)
        life.quiet_until(now)
        life.at(now, added(now, survey, digest) if survey else approved(now))
    approved_at = life.core.state.approved_at
    assert approved_at is not None
    openings = [effect for effect in life.of_effect(OpenSites) if effect.survey]
    first: dict[str, str] = {}
    for _, _, survey, digest in sorted(happens):
        if survey:
            first.setdefault(survey, digest)
    assert sorted(effect.survey for effect in openings) == sorted(first)
    assert {survey: one.digest for survey, one in life.core.state.surveys.items()} == first
    assert all(effect.at >= approved_at for effect in openings)
    folded = CityAggregate(life.core.terms)
    folded.restore(life.entries)
    looks = {"last_dispatch", "last_reconciled", "opening", "issuing", "issuing_at"}
    assert folded.state.model_dump(exclude=looks) == life.core.state.model_dump(exclude=looks)
    assert isinstance(folded.state, CityState)
