"""Reads a programme file (YAML) with its plan and its stock, and checks them together."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from intake.files.faults import Fault, FaultList
from intake.files.grid import TablePlace
from intake.files.model_faults import model_faults
from intake.files.notations import read_notations
from intake.files.sheets import ANYWHERE
from intake.files.wording import validator_said
from intake.files.yaml_text import YamlText, read_yaml
from intake.plan.day_limits import day_limits
from intake.plan.freeze import freeze, redate
from intake.plan.plan_file import read_plan
from intake.register.mapping import read_mapping
from intake.register.register_file import Progress, RegisterResult, read_register
from schemas.canonical import canonical_json
from schemas.errors import InvalidInput, NotFound
from schemas.plan import FrozenPlan, Plan, phase_faults
from schemas.programme import FrozenProgramme, Measure, Programme
from schemas.register import Site
from schemas.targets import strangers


@dataclass(frozen=True)
class ProgrammeReport:
    """The result of a reading; `frozen` is None if the programme or its plan has faults.

    `surveys` are the rows of the years' survey files, by campaign: those that lie beside the programme's file.
    """

    frozen: FrozenProgramme | None
    stock: RegisterResult | None = None
    own_faults: tuple[Fault, ...] = field(default=())
    surveys: Mapping[str, tuple[Site, ...]] = field(default_factory=dict)

    @property
    def faults(self) -> FaultList:
        """All faults: those of the programme, the plan, the register and the surveys."""
        return FaultList((*self.own_faults, *(self.stock.faults if self.stock is not None else ())))


def read_programme(
    path: Path,
    register_path: Path | None = None,
    map_path: Path | None = None,
    progress: Progress | None = None,
    place: TablePlace = ANYWHERE,
) -> ProgrammeReport:
    """The programme with the plan of every year, and its stock; reports all faults at once.

    Raises NotFound when a file does not exist.
    """
    text = read_yaml(path)
    faults = [*text.faults, *read_notations(text)]
    programme: Programme | None = None
    try:
        programme = Programme.model_validate(text.tree)
    except ValidationError as error:
        faults += model_faults(text, Programme, error)
    if programme is None:
        return ProgrammeReport(None, own_faults=tuple(faults))
    plan, plan_faults = read_plan(path.parent / programme.plan)
    faults += plan_faults
    if plan is None:
        return ProgrammeReport(None, own_faults=tuple(faults))
    years, moving_faults = _years(text, plan, programme)
    faults += moving_faults or _date_faults(text, programme, years)
    frozen = freeze_programme(programme, tuple(freeze(year) for year in years)) if not faults else None
    if register_path is None:
        return ProgrammeReport(frozen, own_faults=tuple(faults))
    mapping = None
    if map_path is not None:
        mapping, mapping_faults = read_mapping(map_path)
        faults += mapping_faults
    stock = read_register(register_path, plan, mapping, progress, place=place)
    if programme.measure is Measure.AREA:
        faults += _area_faults(stock)
    surveys, survey_faults = _surveys(path, text, programme, plan)
    faults += survey_faults
    return ProgrammeReport(frozen if not faults else None, stock, tuple(faults), surveys)


def _surveys(
    path: Path, text: YamlText, programme: Programme, plan: Plan
) -> tuple[dict[str, tuple[Site, ...]], list[Fault]]:
    """The rows of the years' survey files, checked as any register, and their faults."""
    found: dict[str, tuple[Site, ...]] = {}
    faults: list[Fault] = []
    for place, year in enumerate(programme.years):
        if year.survey is None or year.survey.file is None:
            continue
        try:
            result = read_register(path.parent / year.survey.file, plan)
        except NotFound:
            loc = ("years", place, "survey", "file")
            faults.append(text.fault(loc, year.survey.file, "a register beside the programme's file, or no `file`"))
            continue
        faults += result.faults
        if programme.measure is Measure.AREA:
            faults += _area_faults(result)
        found[year.id] = result.sites
    return found, faults


def _years(text: YamlText, plan: Plan, programme: Programme) -> tuple[tuple[Plan, ...], list[Fault]]:
    """The plan of each year, and a fault for each year to which the plan can not be moved."""
    years, faults = [], []
    for place, year in enumerate(programme.years):
        try:
            years.append(_year(plan, programme, place))
        except InvalidInput as outside:
            expected = str(outside).partition("expected ")[2]
            faults.append(text.fault(("years", place, "starts_on"), str(year.starts_on), expected))
    return tuple(years), faults


def _year(plan: Plan, programme: Programme, place: int) -> Plan:
    """The programme's plan with the year's own id, number and dates."""
    year = programme.years[place]
    moved = redate(plan, year.starts_on)
    named = {"id": year.id, "document_number": year.document_number}
    if year.ends_on is not None:  # a phase of a longer plan ends with the campaign
        phases = [p.model_copy(update={"ends_on": min(p.ends_on, year.ends_on)}) for p in moved.phases]
        phases = [p for p in phases if p.starts_on <= p.ends_on]
        if phases and phases[-1].holds_next:  # what it held does not come this year
            phases[-1] = phases[-1].model_copy(update={"holds_next": False})
        shorter = moved.model_copy(update={**named, "ends_on": year.ends_on, "phases": tuple(phases)})
        for _, expected in phase_faults(shorter):
            raise InvalidInput(f"the plan can not end on {year.ends_on}; expected {expected}")
        return shorter
    return moved.model_copy(update=named)


def _date_faults(text: YamlText, programme: Programme, years: tuple[Plan, ...]) -> list[Fault]:
    """Campaigns must not overlap, each must end after it begins, and the last must end within the programme."""
    faults = []
    before = None
    for place, year in enumerate(years):
        start, end = ("years", place, "starts_on"), ("years", place, "ends_on")
        if year.ends_on < year.starts_on:
            faults.append(text.fault(end, str(year.ends_on), f"a day from {year.starts_on} on, when the year begins"))
        for name, expected in day_limits(year.starts_on, year.ends_on, year.calendar.source):
            faults.append(text.fault(("years", place, name), str(getattr(year, name)), expected))
        if before is not None and year.starts_on <= before:
            faults.append(text.fault(start, str(year.starts_on), f"a day after {before}, when the year before ends"))
        faults += _survey_day_faults(text, programme, place, year, before)
        faults += [
            text.fault(("years", place, "targets"), year.id, validator_said(said.partition(": ")[2]))
            for said in strangers(programme.years[place].targets, {city.code for city in year.cities})
        ]
        if year.ends_on > programme.ends_on:
            loc = end if text.at(end) is not None else start
            expected = f"a campaign that ends by {programme.ends_on}, the end of the programme"
            faults.append(text.fault(loc, str(year.ends_on), expected))
        before = year.ends_on
    return faults


def _survey_day_faults(
    text: YamlText, programme: Programme, place: int, year: Plan, before: date | None
) -> Iterator[Fault]:
    """The survey of a year is due after the year before, and before its own campaign begins."""
    survey = programme.years[place].survey
    if survey is None:
        return
    loc = ("years", place, "survey", "until")
    if survey.until >= year.starts_on:
        yield text.fault(loc, str(survey.until), f"a day before {year.starts_on}, when the year begins")
    if before is not None and survey.until <= before:
        yield text.fault(loc, str(survey.until), f"a day after {before}, when the year before ends")


def _area_faults(stock: RegisterResult) -> list[Fault]:
    """A programme measured in hectares needs the area of each site."""
    return [
        Fault(stock.file, site.id, "area_ha of every site: the programme is measured by area", path=f"site {site.id}")
        for site in stock.sites
        if not site.area_ha
    ]


def freeze_programme(programme: Programme, years: tuple[FrozenPlan, ...]) -> FrozenProgramme:
    """The programme with its years' plans and the digest of both."""
    content = {"programme": programme.model_dump(mode="json"), "plans": [year.digest for year in years]}
    return FrozenProgramme(
        programme=programme, years=years, digest=hashlib.sha256(canonical_json(content).encode()).hexdigest()
    )
