"""Reads a file of suspected patches: its rows are checked as those of a register whose types nobody knows yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from intake.files.faults import Fault
from intake.files.grid import TablePlace, TableSpec
from intake.files.sheets import ANYWHERE, read_sheet
from intake.files.yaml_text import YamlText
from intake.register import wording
from intake.register.mapping import RegisterMap, Rule, Rules
from intake.register.register_file import read_register
from intake.register.survey_check import SurveyContext
from intake.register.survey_file import Rounds
from schemas.errors import NotFound
from schemas.identity import folded
from schemas.options.surveys import Found, PlannedSurvey, Survey, marked
from schemas.options.sweep import MOST, Patch, PatchId, survey_of_patch
from schemas.plan import Plan
from schemas.register import Site, register_digest

_NOTE = {"id": ("id", "点位编号", "图斑编号", "图斑号", "编号"), "note": ("note", "说明", "影像说明", "描述")}
_ID = TypeAdapter[str](PatchId)


@dataclass(frozen=True)
class PatchResult:
    """The result of reading a file of patches; `faults` name row, column, value and expectation."""

    file: str
    patches: tuple[Patch, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def read_patches(
    path: Path, plan: Plan, batch: str, source: str, standing: Sequence[Site] = (), place: TablePlace = ANYWHERE
) -> PatchResult:
    """Reads the patches of a batch. A warning names each that is where a standing site is. Raises NotFound."""
    sites = {site.id: f"the register, as site {site.id}" for site in standing}
    context = SurveyContext("patches", Found.NEWLY, sites, standing)
    read = read_register(path, plan, _without_type(path, plan), survey=context, place=place)
    notes = _notes(path, place)
    faults = [*read.faults]
    for site in read.sites:
        try:
            _ID.validate_python(site.id)
        except ValidationError:
            faults.append(Fault(read.file, site.id, "an id of letters, digits, dot, dash or underscore", column="id"))
    for city, count in Counter(site.city for site in read.sites).items():
        if count > MOST:
            faults.append(Fault(read.file, f"{count} patches in {city}", f"{MOST} of a city at most in one batch"))
    if not read.sites and not faults:
        faults.append(Fault(read.file, "", wording.ROUND_ROWS))
    patches = tuple(
        Patch(
            id=site.id,
            batch=batch,
            source=source,
            city=site.city,
            county=site.county,
            place=site.name,
            area_ha=float(site.area_ha) if site.area_ha is not None else None,
            note=notes.get(site.id),
        )
        for site in read.sites
    )
    warnings = tuple(one for one in read.warnings if one.expected != wording.NOT_READ)
    return PatchResult(read.file, patches if not faults else (), tuple(faults), warnings)


def read_batches(plan: Plan, plan_file: Path, register: Sequence[Site]) -> Rounds:
    """The batches that the plan announces for rehearsals and forecasts, each patch with the site that it would become.

    The site is imagined: it is like the register's first site of the county, or of the city.
    """
    planned: list[PlannedSurvey] = []
    faults: list[Fault] = []
    warnings: list[Fault] = []
    taken: set[str] = set()
    for number, one in enumerate(plan.sweep.batches if plan.sweep is not None else ()):
        try:
            read = read_patches(plan_file.parent / one.file, plan, one.id, one.source, register)
        except NotFound:
            faults.append(Fault(plan_file.name, one.file, wording.ROUND_FILE, path=f"sweep.batches[{number}].file"))
            continue
        twice = sorted(patch.id for patch in read.patches if patch.id in taken)
        faults += [*read.faults, *(Fault(read.file, name, "an id that no batch before it has") for name in twice)]
        warnings += read.warnings
        taken |= {patch.id for patch in read.patches}
        for patch in read.patches:
            found = _imagined(patch, register)
            planned += [PlannedSurvey(one.on, _survey(patch, found), patch)] if found is not None else []
    return Rounds(tuple(planned) if not faults else (), tuple(faults), tuple(warnings))


def _imagined(patch: Patch, register: Sequence[Site]) -> Site | None:
    near = [site for site in register if site.city == patch.city]
    like = next((site for site in near if site.county == patch.county), next(iter(near), None))
    if like is None:
        return None
    new = {"id": patch.id, "name": patch.place, "county": patch.county, "responsible_person": None}
    return like.model_copy(update=new)


def _survey(patch: Patch, site: Site) -> Survey:
    found = marked(site, survey_of_patch(patch.id), Found.NEWLY)
    return Survey(id=survey_of_patch(patch.id), digest=register_digest([found]), sites=(found,))


def _without_type(path: Path, plan: Plan) -> RegisterMap:
    """Any type of the catalogue: it is asked for when a patch is confirmed."""
    kinds = [kind for entry in plan.catalogue for kind in entry.site_types]
    return RegisterMap(YamlText(path.name, {}), Rules(type=Rule(const=kinds[0] if kinds else "patch")))


def _notes(path: Path, place: TablePlace) -> dict[str, str]:
    """Patch to its note, where the file has a column for notes."""
    known = {folded(header): field for field, headers in _NOTE.items() for header in headers}
    spec = TableSpec(lambda header: [known[folded(header)]] if folded(header) in known else [], frozenset({"id"}))
    sheet = read_sheet(path, spec, place)
    columns = {known[folded(name)]: column for column, name in enumerate(sheet.header) if folded(name) in known}
    if columns.keys() != {"id", "note"}:
        return {}
    return {
        cells[columns["id"]].strip(): note
        for _, cells in sheet.rows
        if max(columns.values()) < len(cells) and (note := cells[columns["note"]].strip())
    }
