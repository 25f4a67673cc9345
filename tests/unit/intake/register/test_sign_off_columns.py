"""The columns of lead government, departments and building enterprise, and the plan's option `sign_off`."""

from pathlib import Path

from intake.check import check
from intake.plan.plan_file import read_plan
from intake.register.register_file import RegisterResult, read_register
from tests.support.intake_samples import EXAMPLES, HEADER, PLAN, csv_file, plan_file, row, small_plan

ASKING = (
    PLAN
    + """sign_off:
  due: {amount: 3, unit: working_days}
"""
)
CHINESE = [*HEADER, "牵头政府", "配合部门", "建设企业"]


def read(folder: Path, *parties: list[str], plan: str = ASKING, header: list[str] = CHINESE) -> RegisterResult:
    rows = [[*row(id=f"P{number}"), *named] for number, named in enumerate(parties, 1)]
    return read_register(csv_file(folder, rows, header), small_plan(folder, plan))


def test_a_row_names_who_leads_who_coordinates_and_who_builds(tmp_path: Path) -> None:
    found = read(tmp_path, ["县政府", "国土局；水利局、林业局", "甲企业"])
    assert (found.faults, found.warnings) == ((), ())
    (site,) = found.sites
    assert (site.lead_government, site.enterprise) == ("县政府", "甲企业")
    assert site.departments == ("国土局", "水利局", "林业局")


def test_english_headers_accepted_and_columns_optional(tmp_path: Path) -> None:
    header = [*HEADER, "Lead government", "Coordinating departments", "Building enterprise"]
    (site,) = read(tmp_path, ["a", "b; c", "d"], header=header).sites
    assert (site.lead_government, site.departments, site.enterprise) == ("a", ("b", "c"), "d")
    (bare,) = read_register(csv_file(tmp_path, [row()]), small_plan(tmp_path)).sites
    assert not {"lead_government", "departments", "enterprise"} & bare.model_dump().keys(), "older digests hold"


def test_who_builds_signs_nothing_and_nobody_signs_twice(tmp_path: Path) -> None:
    found = read(tmp_path, ["", "国土局", "国土局"], ["", "国土局；水利局；国土局", "甲企业"], ["", "局" * 129, ""])
    no_department = "an enterprise that is none of the site's departments: who builds a site does not sign it off"
    assert [(fault.row, fault.column, fault.value, fault.expected) for fault in found.faults] == [
        (2, "建设企业", "国土局", no_department),
        (3, "配合部门", "国土局；水利局；国土局", "each department once, separated by semicolons"),
        (4, "配合部门", "局" * 129, "at most 20 departments of 1 to 128 characters, separated by semicolons"),
    ]  # fmt: skip


def test_unasked_departments_and_unsigned_sites_are_warnings(tmp_path: Path) -> None:
    unasked = read(tmp_path, ["", "", ""], ["", "国土局", ""], plan=PLAN)
    assert [(w.row, w.column) for w in unasked.warnings] == [(3, "配合部门")]
    assert "without it the departments of 1 rows are asked for nothing" in unasked.warnings[0].expected
    unsigned = read(tmp_path, ["", "国土局", ""], ["", "", ""], ["", "", ""])
    assert [(w.row, w.column) for w in unsigned.warnings] == [(3, "配合部门")]
    assert "2 rows without one" in unsigned.warnings[0].expected


def test_sign_off_level_reserved_and_lead_governments_unique(tmp_path: Path) -> None:
    taken = ASKING.replace("levels: [{id: county", "levels: [{id: sign_off")
    _, faults = read_plan(plan_file(tmp_path, taken))
    assert any("sign_off is where departments sign" in str(fault) for fault in faults)
    twice = ASKING + "  lead_governments: [{name: 县政府}, {name: 县政府}]\n"
    _, faults = read_plan(plan_file(tmp_path, twice))
    assert any("县政府 stands twice" in str(fault) for fault in faults)


def test_the_hukou_example_is_sound() -> None:
    report = check(EXAMPLES / "hukou/plan.yaml", EXAMPLES / "hukou/register.csv")
    assert not report.faults
    assert report.register is not None
    assert report.register.warnings == ()
    assert report.sites_by_city == (("360400", 24),)
    assert report.provisional == ()
    assert all("示例" in site.name and site.departments for site in report.register.sites)
    assert sum(site.enterprise is None for site in report.register.sites) == 2
