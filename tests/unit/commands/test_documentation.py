"""What the documentation tells people to type: files that are there, commands that parse, units that may send them."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from intake.check import check
from rules.terms.units import units_of_city, units_of_plan, units_of_site
from schemas.plan import Plan
from schemas.register import Site
from starter import app

ROOT = Path(__file__).parents[3]
PATTERNS = ("README*.md", "CONTRIBUTING.md", "docs/*.md", "docs/decisions/*.md", "examples/*/README.md")
PAGES = sorted(page for pattern in PATTERNS for page in ROOT.glob(pattern))
FOLDERS = "|".join(["docs", "examples", "tests", *sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))])
PATHS = re.compile(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./-]*\w|(?:\w+/)+\w+\.(?:py|sql))")
EXAMPLES = ("henan-2021", "shanxi-2024", "heilongjiang-market", "hukou", "zhangping")
PROGRAM = "starter.py"
OF_ANOTHER_COUNTY = {"take-sample", "inspect"}
EXPERT = "expert"


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def commands_of(page: Path) -> Iterator[list[str]]:
    """The words after `starter.py` of every command in a block that is written out whole."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r" *\\\n *", " ", text)
    for line in re.findall(rf"^(?:    |)(?:\.venv/bin/python )?{re.escape(PROGRAM)} (.+)$", text, re.MULTILINE):
        line = re.split(r"\s{3,}", line)[0]  # a column of explanations beside the commands
        if not re.search(r"\.\.\.|\[-|\[\d{6}\]| \| ", line):
            yield shlex.split(line, comments=True)


@cache
def known() -> tuple[dict[str, Plan], dict[str, tuple[Plan, Site]], frozenset[str]]:
    """The example plans by campaign, their sites by id, and the counties of all of them."""
    plans: dict[str, Plan] = {}
    sites: dict[str, tuple[Plan, Site]] = {}
    for example in EXAMPLES:
        report = check(ROOT / "examples" / example / "plan.yaml", ROOT / "examples" / example / "register.csv")
        assert report.frozen is not None and report.register is not None
        plan = report.frozen.plan
        plans[plan.id] = plan
        sites |= {site.id: (plan, site) for site in report.register.sites}
    return plans, sites, frozenset(site.county for _, site in sites.values())


def units_named(words: list[str], role: str) -> set[str] | None:
    """The units of this role at the subject of a command; None where the words do not say it."""
    plans, sites, counties = known()
    if role == EXPERT:
        return None
    named = [word.removeprefix("hukou-2024/") for word in words]
    site = next((sites[word] for word in named if word in sites), None)
    plan = site[0] if site is not None else next((plans[word] for word in named if word in plans), None)
    if words[0] in OF_ANOTHER_COUNTY and role == "county":
        return set(counties - ({site[1].county} if site is not None else set()))
    if site is not None:
        units = units_of_site(*site).model_dump()
        return set(units.get({"supervisor": "supervision"}.get(role, role), ()))
    if role == "province":
        return (
            set(units_of_plan(plan).province)
            if plan is not None
            else set.union(*(set(units_of_plan(one).province) for one in plans.values()))
        )
    if role == "city" and plan is not None:
        here = [city for city in plan.cities if city.code in words] or list(plan.cities)
        return {name for city in here for name in units_of_city(plan, city).city}
    return set(counties) if role == "county" else None


def test_pages_exist_and_have_commands() -> None:
    assert len(PAGES) >= 20
    assert sum(1 for page in PAGES for _ in commands_of(page)) >= 90


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_names_files_that_exist(page: Path) -> None:
    # A block of `stat` shows a change that was tried on a branch: its new files are not here.
    text = re.sub(r"```stat.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    missing = {link for link in links if link and not (page.parent / link).exists()}
    missing |= {path for path in PATHS.findall(text) if not (ROOT / path).exists()}
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_commands_parse(page: Path) -> None:
    for words in commands_of(page):
        command, _, unknown = app.parse_args(words, exit_on_error=False, print_error=False)
        assert callable(command) and not unknown, words


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_actors_have_units_of_their_subject(page: Path) -> None:
    strangers = []
    for words in commands_of(page):
        for _, role, unit in (word.split(":") for after, word in pairwise(words) if after == "--as"):
            units = units_named(words, role)
            if units is not None and unit not in units:
                strangers.append(" ".join(words))
    assert not strangers


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_names_what_the_examples_have(page: Path) -> None:
    plans, sites, _ = known()
    for words in commands_of(page):
        for site in (word for word in words if re.fullmatch(r"\d{6}-\d{3}|HK-\d{3}", word)):
            assert site in sites, words
            if "--requirement" in words:
                plan, row = sites[site]
                asked = next(one for one in plan.catalogue if one.id == words[words.index("--requirement") + 1])
                assert not asked.problems or {problem.kind for problem in row.problems} & set(asked.problems), words
        for word in words[1:]:
            assert not re.fullmatch(r"(hukou|zhangping|henan|shanxi|heilongjiang)-\w+", word) or word in plans, words


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_says_how_to_call_the_program(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    bare = re.search(rf"^(?:    |){re.escape(PROGRAM)} ", text, re.MULTILINE)
    assert bare is None or ".venv/bin/python starter.py" in text[: bare.start()]


def test_help_examples_name_the_province_as_the_plan_does() -> None:
    plan = known()[0]["henan-2021"]
    text = " ".join(str(app[name].help_epilogue) for name in app if not name.startswith("-"))
    assert "province:henan" not in text
    assert plan.province in text
