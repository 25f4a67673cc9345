"""Which fields of YAML files are days and times."""

from datetime import date, time
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from intake.files.notations import _DAYS, _TIMES, read_notations
from intake.files.yaml_text import read_yaml
from schemas.amendments import Amendment
from schemas.plan import Plan
from schemas.programme import Programme


def fields_of(kind: type, model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """The names of the fields of this type in a model and the models in it."""
    if model in seen:
        return set()
    seen.add(model)
    found = set()
    for name, field in model.model_fields.items():
        types = types_in(field.annotation)
        found |= {name} if kind in types else set()
        for inner in types:
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                found |= fields_of(kind, inner, seen)
    return found


def types_in(annotation: Any) -> set[Any]:
    inner = get_args(annotation)
    return set().union(*(types_in(part) for part in inner)) if inner else {annotation}


def test_every_day_and_time_that_people_write_is_known() -> None:
    seen: list[set[type[BaseModel]]] = [set(), set()]
    models = (Plan, Amendment, Programme)
    assert set().union(*(fields_of(date, model, seen[0]) for model in models)) == _DAYS
    assert set().union(*(fields_of(time, model, seen[1]) for model in models)) == _TIMES


def test_stage_of_modes_is_no_day_though_a_patrol_has_one(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("modes: {until: verifying}\npatrol: {until: 2027/6/30}\n", encoding="utf-8")
    text = read_yaml(tmp_path / "x.yaml")
    assert not read_notations(text)
    assert text.tree == {"modes": {"until": "verifying"}, "patrol": {"until": "2027-06-30"}}
