"""Converts pydantic's errors about a YAML tree into faults with path, line, value and expectation."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from intake.files import wording
from intake.files.faults import Fault
from intake.files.notations import has_notation
from intake.files.yaml_text import Loc, YamlText
from schemas.phase_end import TAGS


def real_errors(text: YamlText, error: ValidationError) -> list[ErrorDetails]:
    """The errors without consequential ones: pydantic reports a list as too short when its entries are faulty."""
    found = [_without_tags(item) for item in error.errors(include_url=False)]
    return [item for item in found if not _echo(text, item)]


def _without_tags(item: ErrorDetails) -> ErrorDetails:
    """The error at its path in the file: pydantic adds the form that it took a clause for."""
    item["loc"] = tuple(step for step in item["loc"] if step not in TAGS)
    return item


def _echo(text: YamlText, item: ErrorDetails) -> bool:
    written = text.at(item["loc"])
    return item["type"] == "too_short" and isinstance(written, list) and len(written) >= item["ctx"]["min_length"]


Places = Mapping[str, Sequence[int]]
"""Maps the name of a list to the indexes of its entries in the file, if only some entries were validated."""


def model_faults(
    text: YamlText, model: type[BaseModel], error: ValidationError, places: Places = MappingProxyType({})
) -> list[Fault]:
    """All errors of validating `text.tree` as `model`, in the order of the file."""
    faults: list[Fault] = []
    for item in real_errors(text, error):
        loc, kind = item["loc"], item["type"]
        if kind == "extra_forbidden":
            known = _fields_at(model, loc[:-1])
            near = get_close_matches(str(loc[-1]), known, n=1)
            faults.append(text.fault(loc, str(loc[-1]), wording.no_such_field(known, near)))
        elif kind == "value_error":
            faults.extend(_validator_faults(text, loc, item["msg"], places))
        elif not (kind.startswith(("date", "time")) and has_notation(text, loc)):
            expected = wording.from_pydantic(kind, item["msg"], item.get("ctx", {}))
            faults.append(text.fault(loc, "" if kind == "missing" else _written(text, loc), expected))
    return sorted(faults, key=lambda fault: fault.line or 0)


def _validator_faults(text: YamlText, loc: Loc, message: str, places: Places) -> list[Fault]:
    """The faults of a validator's message; the plan's validator joins several as `field: what; field: what`."""
    said = wording.from_pydantic("value_error", message, {})
    faults = []
    for sentence in said.split("; "):
        field, colon, rest = sentence.partition(": ")
        named = (*loc, *_steps(field, places))
        at = named if colon and text.at(named) is not None else loc
        faults.append(text.fault(at, _written(text, at), wording.validator_said(rest if at != loc else sentence)))
    return faults


def _steps(field: str, places: Places) -> Loc:
    """`ladder[1].issuer` as a path in the file."""
    steps: list[str | int] = [int(step) if step.isdecimal() else step for step in re.findall(r"[^.\[\]]+", field)]
    name = steps[0] if steps else None
    if isinstance(name, str) and name in places and len(steps) > 1 and isinstance(steps[1], int):
        steps[1] = places[name][steps[1]]
    return tuple(steps)


def _written(text: YamlText, loc: Loc) -> str:
    value = text.at(loc)
    if isinstance(value, dict):
        return "{" + ", ".join(value) + "}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "" if value is None else str(value)


def _fields_at(model: type[BaseModel], loc: Loc) -> list[str]:
    at: type[BaseModel] | None = model
    for step in loc:
        if isinstance(step, str) and at is not None and step in at.model_fields:
            at = _model_in(at.model_fields[step].annotation)
    return [field.alias or name for name, field in at.model_fields.items()] if at is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _model_in(part)
        if found is not None:
            return found
    return None
