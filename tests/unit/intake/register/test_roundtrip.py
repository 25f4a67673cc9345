"""Property: sites written as a register are read back unchanged, and no row is lost."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.register.register_file import read_register
from schemas.plan import Plan
from schemas.register import Hazard, Problem, Site
from tests.support.budget import examples
from tests.support.intake_samples import HEADER, PLAN, csv_file, small_plan, xlsx_file

COLUMNS = [*HEADER, "newly_found"]
BLANK = {" ", "\xa0", "\u3000", "\xad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}

codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True)
letters = st.characters(exclude_categories=("C", "Z"), exclude_characters=";；、")


def texts(limit: int) -> st.SearchStrategy[str]:
    return st.text(letters, min_size=1, max_size=limit).filter(lambda text: text == text.strip() and _is_plain(text))


def _is_plain(text: str) -> bool:
    """Not a text to which a spreadsheet gives a meaning: a mark that forces text, an error, a fraction of zero."""
    return text[0] not in "'=#‘’“”\"`´＇＂" and not re.fullmatch(r"\d+[.．][0０]+", text)


site_ids = st.text(letters, min_size=1, max_size=64).filter(
    lambda text: _is_plain(text) and not re.search(r"[\s/:]", text) and not re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", text)
)
problem_lists = st.lists(
    st.builds(Problem, kind=codes, count=st.decimals("0.000001", 10**9 - 1, places=6)),
    max_size=4,
    unique_by=lambda problem: problem.kind,
).map(tuple)
sites = st.builds(
    Site,
    id=site_ids,
    name=texts(60),
    city=st.sampled_from(["410400", "410181"]),
    county=texts(30),
    latitude=st.floats(31, 37),
    longitude=st.floats(110, 117),
    type=codes,
    mineral=st.none() | texts(20),
    area_ha=st.none() | st.decimals(0, 10**6, places=6),
    problems=problem_lists,
    hazard=st.sampled_from(Hazard),
    responsible=st.lists(texts(20), max_size=3).map(tuple),
    newly_found=st.booleans(),
)


def cells_of(site: Site) -> list[str]:
    problems = "; ".join(f"{problem.kind}*{problem.count}" for problem in site.problems)
    area = "" if site.area_ha is None else str(site.area_ha)
    return [
        site.id, site.name, site.city, site.county, repr(site.latitude), repr(site.longitude), site.type,
        site.mineral or "", area, problems, site.hazard.value, "；".join(site.responsible),
        "yes" if site.newly_found else "",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    text = PLAN.replace(", site_types: [adit], problems: [adit_open]", "") + "division_codes: free\n"
    return small_plan(tmp_path_factory.mktemp("plan"), text)


registers = st.lists(sites, max_size=3, unique_by=lambda site: site.id)


@settings(deadline=None, max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=registers)
def test_a_table_of_valid_sites_reads_back_equal(tmp_path: Path, plan: Plan, written: list[Site]) -> None:
    rows = [cells_of(site) for site in written]
    assert read_register(csv_file(tmp_path, rows, COLUMNS), plan).sites == tuple(written)


@settings(deadline=None, max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=registers)
def test_a_workbook_of_valid_sites_reads_back_equal(tmp_path: Path, plan: Plan, written: list[Site]) -> None:
    rows = [cells_of(site) for site in written]
    assert read_register(xlsx_file(tmp_path, rows, COLUMNS), plan).sites == tuple(written)


@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.text(max_size=12) | st.sampled_from(["410400", "33.5", "113", "adit"]), min_size=12,
                              max_size=13), max_size=6))  # fmt: skip
def test_good_rows_and_bad_rows_are_all_rows(tmp_path: Path, plan: Plan, rows: list[list[str]]) -> None:
    def without_surrogates(text: str) -> str:
        return text.encode("utf-8", "replace").decode()

    table = [[without_surrogates(cell) for cell in cells] for cells in rows]
    result = read_register(csv_file(tmp_path, table), plan)
    filled = [cells for cells in table if any(not set(cell) <= BLANK and cell.strip() for cell in cells)]
    assert result.rows == len(filled)
    assert all(bad.faults and all(fault.row == bad.row for fault in bad.faults) for bad in result.bad_rows)
