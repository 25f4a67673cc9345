"""The pages about registers: their examples are read as they say, and no key or header is missing."""

import csv
import io
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from intake.register import headers
from intake.register.cells import slug
from intake.register.mapping import Rule, Rules, read_mapping
from intake.register.register_file import read_register
from schemas.register import Site
from tests.support.intake_samples import small_plan

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[3] / "docs"
PAGES = [DOCS / "registers.md", DOCS / "registers.zh-CN.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A mapping, a register, and the sites that it gives."""

    mapping: str
    register: str
    sites: str


def examples(page: Path) -> list[Example]:
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert [kind for kind, _ in blocks] == ["yaml", "csv", "csv"] * (len(blocks) // 3)
    texts = [text for _, text in blocks]
    return [Example(*texts[place : place + 3]) for place in range(0, len(texts), 3)]


def shown(site: Site, field: str) -> str:
    if field == "problems":
        return "; ".join(f"{problem.kind}*{problem.count:g}" for problem in site.problems)
    return str(getattr(site, field))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_has_the_examples_of_the_other(page: Path) -> None:
    assert examples(page) == examples(PAGES[0]) and len(examples(page)) == 3


@pytest.mark.parametrize("example", examples(PAGES[0]))
def test_example_of_a_register_gives_the_sites_it_says(tmp_path: Path, example: Example) -> None:
    (tmp_path / "map.yaml").write_text(example.mapping, encoding="utf-8")
    (tmp_path / "register.csv").write_text(example.register, encoding="utf-8")
    mapping, faults = read_mapping(tmp_path / "map.yaml")
    assert not faults
    result = read_register(tmp_path / "register.csv", small_plan(tmp_path), mapping)
    expected = list(csv.DictReader(io.StringIO(example.sites)))
    assert not result.faults, result.faults
    assert [{field: shown(site, field) for field in expected[0]} for site in result.sites] == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_names_every_key_and_header(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    keys = {field.alias or name for name, field in Rule.model_fields.items()} | Rules.model_fields.keys()
    assert not {key for key in keys if f"`{key}" not in text}
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE))
    for field, names in headers.FIELDS.items():
        for name in names:
            kind, _, unit = name.partition("(")
            named = name in rows[field] or (kind in rows["area_ha"] and f"({unit}" in rows[field])
            assert named, f"{page.name}: {field} lacks {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_says_the_slug_of_another_script(page: Path) -> None:
    assert f"`Кемерово` {'是' if 'zh' in page.name else 'is'} `{slug('Кемерово')}`" in page.read_text(encoding="utf-8")
