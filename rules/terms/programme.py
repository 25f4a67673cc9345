"""What a programme comes to: its years' campaigns as absolute instants."""

from rules.calendar import end_of, start_of
from rules.terms.plan import ends_at
from rules.terms.units import units_of_plan
from schemas.clock import Clock
from schemas.programme import FrozenProgramme, ProgrammeTerms, YearTerms


def programme_terms(frozen: FrozenProgramme, clock: Clock) -> ProgrammeTerms:
    """A year begins with the first office hour of its first day."""
    first = frozen.years[0]
    return ProgrammeTerms(
        programme_id=frozen.programme.id,
        digest=frozen.digest,
        share=frozen.programme.share,
        measure=frozen.programme.measure,
        ends_at=end_of(first.calendar, frozen.programme.ends_on),
        years=tuple(
            YearTerms(
                campaign_id=year.plan.id,
                starts_at=start_of(year.calendar, year.plan.starts_on),
                ends_at=ends_at(year),
            )
            for year in frozen.years
        ),
        calendar=first.calendar,
        clock=clock,
        units=units_of_plan(first.plan),
    )
