"""The two forms of a clause that counts to the end of a phase, and the instants that follow."""

import pytest
from pydantic import TypeAdapter, ValidationError

from rules.calendar import due_by
from schemas.calendar import Clause, DayUnit
from schemas.phase_end import ClauseOrPhase, PhaseEnd, PhaseEndTerms
from tests.support.sample_terms import HENAN, deadline, on, working

FORMS: TypeAdapter[Clause | PhaseEnd] = TypeAdapter(ClauseOrPhase)


def test_text_and_mapping_are_read() -> None:
    text = FORMS.validate_python("end of phase restoration")
    assert isinstance(text, PhaseEnd) and text.end_of_phase == "restoration" and text.or_at_least == working(5)
    mapping = {"end_of_phase": "restoration", "or_at_least": {"amount": 2, "unit": "calendar_days"}}
    assert FORMS.validate_python(mapping) == PhaseEnd.model_validate(mapping)
    assert FORMS.validate_python(FORMS.dump_python(text, mode="json")) == text
    assert FORMS.validate_python({"amount": 3, "unit": "working_days"}) == working(3)


@pytest.mark.parametrize("wrong", ["restoration", "end of phase", 30, {"amount": 3}])
def test_other_forms_are_faults(wrong: object) -> None:
    with pytest.raises(ValidationError):
        FORMS.validate_python(wrong)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (on(8, 1, 9), deadline(10, 8)),  # long before
        (on(10, 8, 9), deadline(10, 10)),  # on the last day: at least two days
        (on(10, 20, 9), deadline(10, 22)),  # after it: never in the past
    ],
)
def test_due_is_end_of_phase_and_never_sooner_than_own_clause(opened: object, due: object) -> None:
    two_days = Clause(amount=2, unit=DayUnit.CALENDAR_DAYS)
    within = PhaseEndTerms(phase="restoration", ends_at=deadline(10, 8), or_at_least=two_days)
    assert due_by(HENAN, opened, within) == due  # type: ignore[arg-type]
