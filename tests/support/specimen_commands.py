"""One command of any kind, made from its schema alone: the least that it needs, or all that it can say."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from schemas.actor import Actor
from schemas.command import Command

_PLAIN: tuple[Any, ...] = (
    "x", 1, 1.5, True, "2021-09-01", "2021-09-01T02:00:00Z", [], ["x"], {}, "1.50", "0" * 64, "0" * 16
)  # fmt: skip


def specimen(model: type[Command], actor: Actor, at: datetime) -> Command:
    """A command of this kind; AssertionError if none can be made, then teach `_values` a value that its field takes."""
    said = {"command_id": f"specimen {model.__name__}", "actor": actor, "effective_at": at}
    faults = []
    for optional in (False, True):
        content = _content(model, set(said), optional=optional)
        try:
            return model.model_validate({**content, **said})
        except ValidationError as error:
            faults.append(str(error))
    raise AssertionError(f"no specimen of {model.__name__}: {' / '.join(faults)}")


def _content(model: type[BaseModel], without: set[str], *, optional: bool) -> dict[str, Any]:
    made = {}
    for name, field in model.model_fields.items():
        if name in without or not (optional or field.is_required()):
            continue
        value = _value(field)
        if value is not None or field.is_required():
            made[name] = value
    return made


def _value(field: FieldInfo) -> Any:
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    adapter = TypeAdapter[Any](kind)
    for value in _values(field.annotation):
        try:
            adapter.validate_python(value)
        except ValidationError:
            continue
        return value
    return None


def _values(kind: Any) -> Iterator[Any]:
    """What a field of this type might take, likely things first."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _values(get_args(kind)[0])
    elif origin is Literal:
        yield from get_args(kind)
    elif origin in (Union, UnionType):
        for one in get_args(kind):
            if one is not NoneType:
                yield from _values(one)
    elif origin in (tuple, list):
        yield from ([one] for one in _values(get_args(kind)[0]))
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from kind
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for optional in (False, True):
            yield _content(kind, set(), optional=optional)
    elif kind is date:
        yield date(2021, 9, 1)
    yield from _PLAIN
