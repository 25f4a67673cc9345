"""The glossary against the models: its names exist, and no command, event, document or part of a plan is missing."""

import ast
import enum
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

import pytest
from pydantic import BaseModel

import schemas
from reports.words.kinds import KIND_WORDS
from schemas.command import Command
from schemas.event import Event
from schemas.ladder import Instrument
from schemas.plan import Plan
from schemas.programme import Programme
from schemas.register import Site
from schemas.stages import CampaignStage, CheckStage, CityStage, Stage

pytestmark = pytest.mark.unit

Base = TypeVar("Base")

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "glossary.md"
TERMS_OF_THE_FIELD = (
    "专项行动", "工作方案", "发文单位", "文号", "阶段", "动员部署", "实施意见", "台账", "点位", "图斑", "问题",
    "整治任务", "佐证材料", "签收", "验收", "自查", "抽查", "整改", "销号", "回头看", "反弹", "周调度通报", "排名",
    "提醒函", "督办单", "通报", "约谈", "挂牌督办", "摘牌", "调休上班日", "结转",
)  # fmt: skip


class Row(NamedTuple):
    """`wire` is sort to names; `code` are identifiers."""

    chinese: str
    english: str
    wire: dict[str, tuple[str, ...]]
    code: tuple[str, ...]


def rows() -> Iterator[Row]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("|") and not line.startswith(("| Chinese |", "|---")):
            chinese, english, wire, code = (cell.strip() for cell in line.strip("|").split("|"))
            yield Row(chinese, english, dict(_groups(wire)), tuple(re.findall(r"`(\w+)`", code)))


def _groups(cell: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for group in filter(None, cell.split("; ")):
        sort, _, names = group.partition(" ")
        assert re.fullmatch(r"`[\w.]+`(, `[\w.]+`)*", names), f"{cell}: expected a sort and names in backquotes"
        yield sort, tuple(re.findall(r"`([\w.]+)`", names))


@cache
def vocabulary() -> dict[str, set[str]]:
    """Sort to every name of it that the models have."""
    return {
        "command": set(_kinds(Command)),
        "event": set(_kinds(Event)),
        "document": {word.removeprefix("kind.") for word in KIND_WORDS if word.startswith("kind.")},
        "value": {str(one.value) for kind in _classes(enum.StrEnum) for one in kind},
        "plan": set(_keys(Plan)),
        "programme": set(_keys(Programme)),
        "register": set(_keys(Site)),
    }


def _kinds(base: type[BaseModel]) -> Iterator[str]:
    for model in _classes(base):
        if "kind" in model.model_fields:
            yield str(model.model_fields["kind"].default)


def _classes(base: type[Base]) -> Iterator[type[Base]]:
    for module in pkgutil.walk_packages(schemas.__path__, "schemas."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, base):
                yield value


def _keys(model: type[BaseModel], under: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"{under}{name}"
        for inner in _models(field.annotation):
            yield from _keys(inner, f"{under}{name}.")


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, BaseModel):
        yield kind
    for arg in get_args(kind):
        yield from _models(arg)


@cache
def identifiers() -> set[str]:
    """Every module, class, function and module-level name of the product."""
    found: set[str] = set()
    for package in {path.parent for path in ROOT.glob("*/__init__.py")} - {ROOT / "tests", ROOT / "bench"}:
        for path in package.rglob("*.py"):
            found.add(path.stem)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    found.add(node.name)
            for statement in tree.body:
                targets = statement.targets if isinstance(statement, ast.Assign) else ()
                found.update(target.id for target in targets if isinstance(target, ast.Name))
    return found


def said(sort: str) -> set[str]:
    return {name for row in rows() for name in row.wire.get(sort, ())}


def test_glossary_names_on_the_wire_exist() -> None:
    named = [(sort, name) for row in rows() for sort, names in row.wire.items() for name in names]
    assert not [(sort, name) for sort, name in named if name not in vocabulary()[sort]]


def test_glossary_names_in_the_code_exist() -> None:
    assert not [row.english for row in rows() if not row.code]
    assert not {name for row in rows() for name in row.code} - identifiers()


def test_glossary_has_every_term_of_the_field() -> None:
    text = " ".join(row.chinese for row in rows())
    assert not [term for term in TERMS_OF_THE_FIELD if term not in text]


@pytest.mark.parametrize("sort", ["command", "event", "document"])
def test_glossary_lacks_no_kind(sort: str) -> None:
    assert not vocabulary()[sort] - said(sort)


def test_glossary_lacks_no_part_of_a_plan() -> None:
    assert not Plan.model_fields.keys() - said("plan")


@pytest.mark.parametrize("stages", [Stage, CampaignStage, CityStage, CheckStage, Instrument])
def test_glossary_lacks_no_stage(stages: type[enum.StrEnum]) -> None:
    assert not {stage.value for stage in stages} - said("value")


def test_glossary_terms_stand_once() -> None:
    english = [row.english for row in rows()]
    chinese = [row.chinese for row in rows() if row.chinese]
    assert len(set(english)) == len(english) and len(set(chinese)) == len(chinese)
