"""Reads registers of surveys: the rounds that a plan announces, or a file of the user."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from intake.files.faults import Fault
from intake.register import wording
from intake.register.register_file import RegisterResult, read_register
from intake.register.survey_check import SurveyContext
from schemas.errors import NotFound
from schemas.options.surveys import PlannedSurvey, Survey
from schemas.plan import Plan
from schemas.register import Site, register_digest


@dataclass(frozen=True)
class Rounds:
    """The valid survey rounds of a plan, and the faults of the others; `warnings` do not stop a start."""

    planned: tuple[PlannedSurvey, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def survey_of(survey: str, result: RegisterResult) -> Survey:
    """The valid rows of a survey's register. Raises pydantic's InvalidInput if there is none."""
    return Survey(id=survey, digest=register_digest(result.sites), sites=result.sites)


def read_rounds(plan: Plan, plan_file: Path, register: Sequence[Site]) -> Rounds:
    """Reads the files of the rounds that the plan announces, each against the register and the rounds before it."""
    taken, standing = {site.id: "the register" for site in register}, list(register)
    planned: list[PlannedSurvey] = []
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for place, one in enumerate(plan.survey.rounds if plan.survey is not None else ()):
        try:
            context = SurveyContext(one.id, one.found, taken, standing)
            result = read_register(plan_file.parent / one.file, plan, survey=context)
        except NotFound:
            faults.append(Fault(plan_file.name, one.file, wording.ROUND_FILE, path=f"survey.rounds[{place}].file"))
            continue
        warnings.extend(result.warnings)
        if result.faults:
            faults.extend(result.faults)
        elif not result.sites:
            faults.append(Fault(result.file, "", wording.ROUND_ROWS))
        else:
            planned.append(PlannedSurvey(one.on, survey_of(one.id, result)))
            taken |= {site.id: f"survey {one.id}" for site in result.sites}
            standing += result.sites
    return Rounds(tuple(planned), tuple(faults), tuple(warnings))
