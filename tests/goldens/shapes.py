"""The shapes of all models, told without module paths and without class names: both are about to change.

A shape is the ordered list of a model's fields. A model inside another stands there by the hash of its own shape, so
that a shape says everything below it, and two classes of one shape are the same.
"""

import enum
import hashlib
import importlib
import json
import pkgutil
import types
import typing
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_json

ROOT = Path(__file__).parents[2]
NOT_OURS = {"bench", "tests"}


@cache
def packages() -> tuple[str, ...]:
    """The packages of the project, whatever they are called today."""
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    return tuple(sorted(found - NOT_OURS))


@cache
def classes() -> tuple[type, ...]:
    """Every class that a module of the project defines, in the order of their modules."""
    found: dict[type, None] = {}
    for package in packages():
        paths = importlib.import_module(package).__path__
        names = [package, *(module.name for module in pkgutil.walk_packages(paths, f"{package}."))]
        for name in names:
            for value in vars(importlib.import_module(name)).values():
                if isinstance(value, type) and value.__module__ == name:
                    found[value] = None
    return tuple(found)


def shapes() -> dict[str, list[str]]:
    """The shapes of all models that are not mere bases of others, by hash; `x2` where two models share one."""
    models = [one for one in classes() if issubclass(one, BaseModel)]
    bases = {base for model in models for base in model.__mro__[1:]}
    used = {inner for model in models for field in model.model_fields.values() for inner in _models_in(field)}
    counted = Counter(digest_of(model) for model in models if model not in bases or model in used)
    lines = {digest_of(model): list(lines_of(model)) for model in models}
    return {f"{digest} x{times}": lines[digest] for digest, times in sorted(counted.items())}


@cache
def digest_of(model: type[BaseModel]) -> str:
    """Names a shape: the first 12 hex digits of the SHA-256 of its lines."""
    return hashlib.sha256("\n".join(lines_of(model)).encode()).hexdigest()[:12]


@cache
def lines_of(model: type[BaseModel]) -> tuple[str, ...]:
    """How the model is read (its configuration), then its fields in their order."""
    config = {key: value for key, value in sorted(model.model_config.items()) if isinstance(value, str | int | bool)}
    config.pop("defer_build", None)  # when a model is built, not what it is
    head = f"model {json.dumps(config)} also writes {sorted(model.model_computed_fields)}"
    return (head, *(f"{name}: {_field(field)}" for name, field in model.model_fields.items()))


def _field(field: FieldInfo) -> str:
    said = [rendered(field.annotation), *_constraints(field.metadata)]
    if field.discriminator is not None:
        said.append(f"by {field.discriminator}")
    names = (field.alias, field.validation_alias, field.serialization_alias)
    if any(names):
        said.append(f"alias {names}")
    if field.exclude:
        said.append("never written")
    if field.exclude_if is not None:
        said.append("written unless default")
    return f"{' '.join(said)} = {_default(field)}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory_takes_validated_data:
        return "made of the fields before"
    value = field.get_default(call_default_factory=True)
    assert value is not PydanticUndefined
    if isinstance(value, set | frozenset):
        return f"set {sorted(to_json(item).decode() for item in value)}"
    return to_json(value).decode()


def _constraints(metadata: typing.Iterable[Any]) -> Iterator[str]:
    """Bounds and patterns as they are; of validators and serializers that there is one, not what it is called."""
    for one in metadata:
        if isinstance(one, FieldInfo):
            yield from _constraints(one.metadata)
            if one.discriminator is not None:
                yield f"by {one.discriminator}"
        elif hasattr(one, "func"):
            yield type(one).__name__
        else:
            yield repr(one)


def rendered(kind: Any) -> str:
    """A type in words that survive a renaming."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return " ".join([rendered(args[0]), *_constraints(args[1:])])
    if origin is typing.Literal:
        return f"literal {[arg.value if isinstance(arg, enum.Enum) else arg for arg in args]}"
    if origin in (typing.Union, types.UnionType):
        return f"({' | '.join(map(rendered, args))})"
    if origin is not None:
        return f"{origin.__name__}[{', '.join(map(rendered, args))}]"
    if isinstance(kind, type):
        return _class(kind)
    if kind is Ellipsis or kind is None:
        return "..." if kind is Ellipsis else "None"
    return str(kind).removeprefix("typing.")


def _class(kind: type) -> str:
    if kind.__module__.partition(".")[0] not in packages():
        return "None" if kind is type(None) else kind.__name__
    if issubclass(kind, BaseModel):
        return f"#{digest_of(kind)}"
    if issubclass(kind, enum.Enum):
        return f"enum {[one.value for one in kind]}"
    if is_dataclass(kind):
        return f"dataclass {[field.name for field in fields(kind)]}"
    if issubclass(kind, tuple):
        inner = typing.get_type_hints(kind, include_extras=True)
        return f"tuple {[f'{name}: {rendered(one)}' for name, one in inner.items()]}"
    raise TypeError(f"{kind}: how is this written?")


def _models_in(field: FieldInfo) -> Iterator[type[BaseModel]]:
    waiting = [field.annotation]
    while waiting:
        kind = waiting.pop()
        waiting.extend(arg for arg in typing.get_args(kind) if not isinstance(arg, str))
        if isinstance(kind, type) and typing.get_origin(kind) is None and issubclass(kind, BaseModel):
            yield kind
