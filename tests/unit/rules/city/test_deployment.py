"""A city's deployment by its event times: versions and decisions in their order, clauses from the receipt."""

from datetime import timedelta

from rules.effects import OpenSites
from schemas import commands as cmd
from schemas.options.surveys import AddSurvey
from tests.support.imagined_city import CityLife
from tests.support.sample_terms import PROVINCE, calendar_days, deadline, on
from tests.unit.rules.city.test_aggregate import approved, desk, returned, signed, submitted


def result(life: CityLife, now: object, command: cmd.Command) -> tuple[str, str]:
    """The verdict, and the reason or the first warning."""
    found = life.at(now, command).result_of(command.command_id)  # type: ignore[arg-type]
    return found.verdict.value, found.reason or (found.warnings[0] if found.warnings else "")


def sent_back() -> CityLife:
    """Submitted on the 20th of July, returned on the 21st at noon."""
    life = desk()
    life.at(on(7, 20, 9), submitted(on(7, 20, 9)))
    life.at(on(7, 21, 12), returned(on(7, 21, 12)))
    return life


def test_decision_of_before_the_submission_counts_as_of_its_receipt() -> None:
    life = desk()
    life.at(on(7, 21, 9), submitted(on(7, 21, 9)))
    verdict, said = result(life, on(7, 22, 9), approved(on(7, 20, 9)))
    assert (verdict, life.core.state.approved_at) == ("accepted", on(7, 22, 9))
    assert "it is before the deployment was submitted (2021-07-21 09:00)" in said


def test_decision_about_an_earlier_version_is_refused() -> None:
    life = sent_back()
    life.at(on(7, 23, 9), submitted(on(7, 23, 9)))
    verdict, said = result(life, on(7, 23, 12), approved(on(7, 21, 10)))
    assert verdict == "refused"
    assert said.startswith(
        "approve_deployment of 2021-07-21 10:00 is about version 1, which was over on 2021-07-23 09:00"
    )


def test_version_of_before_the_return_is_refused() -> None:
    verdict, said = result(sent_back(), on(7, 22, 9), submitted(on(7, 21, 9)))
    assert verdict == "refused"
    assert "is about version 1, which was over on 2021-07-21 12:00" in said


def test_older_replacement_counts_as_of_its_receipt() -> None:
    life = desk()
    life.at(on(7, 21, 9), submitted(on(7, 21, 9)))
    verdict, said = result(life, on(7, 21, 12), submitted(on(7, 20, 9)))
    assert (verdict, life.core.state.submitted_at) == ("accepted", on(7, 21, 12))
    assert "before the last version was submitted" in said


def test_submission_and_decision_of_one_batch_are_judged_in_order() -> None:
    life = desk()
    version, decision = submitted(on(7, 21, 9)), approved(on(7, 20, 9))
    outcome = life.at(on(7, 22, 9), decision, version)
    assert outcome.result_of(decision.command_id).verdict == "accepted"
    assert [entry.at for entry in life.of("deployment_approved")] == [on(7, 22, 9)]


def test_clauses_of_submission_and_return_count_from_their_receipt() -> None:
    life = desk(deployment=calendar_days(1), deployment_decision=calendar_days(1))
    life.at(on(7, 23, 9), signed(on(7, 23, 9)), submitted(on(7, 20, 9)))
    assert life.core.state.decision_due == deadline(7, 24)
    life.at(on(7, 25, 9), returned(on(7, 23, 9)))
    assert life.core.state.deployment_due == deadline(7, 26)
    life.quiet_until(deadline(7, 26) - timedelta(minutes=1))
    assert life.kinds().count("decision_overdue") == 0
    assert life.kinds().count("deployment_overdue") == 0


def test_sites_open_when_the_approval_is_heard_of() -> None:
    life = desk()
    life.at(on(7, 20, 9), submitted(on(7, 20, 9)))
    life.at(on(7, 23, 9), approved(on(7, 20, 15)))
    assert life.core.state.approved_at == on(7, 20, 15)
    assert life.of_effect(OpenSites) == [OpenSites(on(7, 23, 9))]
    assert [entry.at for entry in life.of("sites_opened")] == [on(7, 23, 9)]


def test_survey_opens_when_it_is_heard_of() -> None:
    life = desk(surveys=True)
    life.at(on(7, 20, 9), submitted(on(7, 20, 9)))
    life.at(on(7, 20, 15), approved(on(7, 20, 15)))
    survey = AddSurvey(
        command_id="survey",
        actor=PROVINCE,
        effective_at=on(7, 21, 9),
        survey="S2",
        digest="d" * 64,
        sites=1,
        newly_found=1,
        missed=0,
    )
    life.at(on(7, 23, 9), survey)
    assert life.of_effect(OpenSites)[-1] == OpenSites(on(7, 23, 9), "S2")
