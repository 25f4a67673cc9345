"""A site that opens before the phase which opens its work: its days count from there, and early work is accepted."""

from rules.calendar import due_by
from schemas.phase_end import PhaseStartTerms
from tests.support.sample_terms import HENAN, SiteLife, amended, calendar_days, deadline, on, report

WORKS = PhaseStartTerms(phase="restoration", starts_at=deadline(8, 15), clause=calendar_days(10))


def test_days_count_from_the_later_of_opening_and_phase() -> None:
    assert due_by(HENAN, on(7, 28, 9), WORKS) == deadline(8, 26)
    assert due_by(HENAN, on(9, 1, 9), WORKS) == deadline(9, 11)


def test_work_before_the_phase_counts_with_a_note() -> None:
    life = SiteLife(rectification=WORKS, due=deadline(8, 26))
    (early,) = life.at(on(8, 2, 9), report(on(8, 2, 9), "signs", 1)).judgements.values()
    assert "before the phase restoration" in " ".join(early.warnings)
    assert sum(life.state.done.values()) > 0
    (later,) = life.at(on(8, 17, 9), report(on(8, 17, 9), "signs", 1)).judgements.values()
    assert "before the phase" not in " ".join(later.warnings)


def test_phase_that_is_moved_moves_the_deadline() -> None:
    life = SiteLife(rectification=WORKS, due=deadline(8, 26))
    later = WORKS.model_copy(update={"starts_at": deadline(8, 31)})
    life.at(on(8, 2, 9), amended(on(8, 2, 9), rectification=later))
    assert life.state.due == deadline(9, 11)
