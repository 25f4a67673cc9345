"""Files of suspected patches: checked as registers, with their notes, warned of beside standing sites."""

from pathlib import Path

from intake.check import check
from intake.plan.plan_file import read_plan
from intake.register.patch_file import read_patches
from intake.register.register_file import read_register
from schemas.plan import Plan

HENAN = Path(__file__).parents[4] / "examples" / "henan-2021"
HEAD = "id,name,city,county,latitude,longitude,area (ha),note\n"
GOOD = "T-1,北坡,410400,410423,33.75,112.9,0.5,影像可见裸土\n"


def plan() -> Plan:
    found, faults = read_plan(HENAN / "plan.yaml")
    assert found is not None and not faults
    return found


def written(folder: Path, *rows: str) -> Path:
    file = folder / "patches.csv"
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    return file


def test_good_row_becomes_a_patch_with_source_and_note(tmp_path: Path) -> None:
    read = read_patches(written(tmp_path, GOOD), plan(), "B1", "GF-2")

    (patch,) = read.patches
    assert read.faults == ()
    assert (patch.id, patch.county, patch.place, patch.area_ha) == ("T-1", "410423", "北坡", 0.5)
    assert (patch.batch, patch.source, patch.note) == ("B1", "GF-2", "影像可见裸土")


def test_every_fault_names_row_column_and_expectation(tmp_path: Path) -> None:
    rows = ("T-1,北坡,999999,410423,33.75,112.9,x,\n", "T/2,南坡,410400,410423,33.76,112.91,1,\n")
    read = read_patches(written(tmp_path, *rows), plan(), "B1", "GF-2")

    assert read.patches == ()
    assert {(one.row, one.column) for one in read.faults} >= {(2, "city"), (2, "area (ha)"), (3, "id")}


def test_patch_on_a_standing_site_is_warned_of(tmp_path: Path) -> None:
    standing = read_register(HENAN / "register.csv", plan()).sites
    site = standing[0]
    row = f"T-1,{site.name},{site.city},{site.county},{site.latitude},{site.longitude},0.5,\n"
    read = read_patches(written(tmp_path, row), plan(), "B1", "GF-2", standing)

    assert len(read.patches) == 1
    assert any(site.id in one.expected for one in read.warnings)


def test_check_reads_the_batches_of_the_plan() -> None:
    report = check(HENAN / "plan.yaml", HENAN / "register.csv")

    patches = [one.patch for one in report.rounds.planned if one.patch is not None]
    assert len(patches) == 11 and not report.faults
    assert {one.survey.sites[0].survey for one in report.rounds.planned} == {f"patch-{one.id}" for one in patches}
