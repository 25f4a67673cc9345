"""Every name that goes over a wire or into a file: messages, kinds, enums, refusals, plan keys, templates, tables."""

import enum
import hashlib
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from temporalio import activity, workflow

from commands.authority.view import rows
from runtime.search_attributes import SEARCH_ATTRIBUTES
from schemas import commands as cmd
from schemas.errors import HundredDaysError
from schemas.events import CAMPAIGN_EVENTS, CITY_EVENTS
from schemas.plan import Plan
from schemas.programme import PROGRAMME_EVENTS, Programme
from schemas.register import Site
from schemas.site.events import SITE_EVENTS
from schemas.spot_check import SPOT_CHECK_EVENTS
from tests.goldens.shapes import ROOT, classes, packages, rendered

COMMANDS = {
    "site": cmd.SITE_COMMANDS,
    "city": cmd.CITY_COMMANDS,
    "campaign": cmd.CAMPAIGN_COMMANDS,
    "spot_check": cmd.SPOT_CHECK_COMMANDS,
    "delivery": cmd.DELIVERY_COMMANDS,
    "programme": cmd.PROGRAMME_COMMANDS,
}
EVENTS = {
    "site": SITE_EVENTS.values(),
    "city": CITY_EVENTS.values(),
    "campaign": CAMPAIGN_EVENTS.values(),
    "spot_check": SPOT_CHECK_EVENTS,
    "programme": PROGRAMME_EVENTS,
}
FILES: dict[str, type[BaseModel]] = {"plan": Plan, "programme": Programme, "register": Site}


def names() -> dict[str, Any]:
    """All of them, by what they name."""
    return {
        "commands": {
            subject: {name: rendered(model) for name, model in sorted(table.items())}
            for subject, table in COMMANDS.items()
        },
        "events": {
            subject: {event.model_fields["kind"].default: rendered(event) for event in _sorted(table)}
            for subject, table in EVENTS.items()
        },
        "kinds": sorted(_kinds()),
        "activities": dict(sorted(_activities())),
        "workflows": dict(sorted(_workflows())),
        "search_attributes": [key.name for key in SEARCH_ATTRIBUTES],
        "enums": sorted({tuple(str(one.value) for one in kind) for kind in _enums()}),
        "errors": {kind.__name__: _error(kind) for kind in sorted(_tree(HundredDaysError), key=lambda k: k.__name__)},
        "files": {file: list(_keys(model)) for file, model in FILES.items()},
        "templates": _hashes("templates/*.*"),
        "migrations": _hashes("migrations/*.sql"),
        "authority": [" | ".join(row) for row in rows()],
    }


def _sorted(table: Iterable[type[BaseModel]]) -> list[type[BaseModel]]:
    return sorted(table, key=lambda event: str(event.model_fields["kind"].default))


def _kinds() -> Iterator[str]:
    """The value of every model's field `kind` that can have one value only."""
    for model in classes():
        if issubclass(model, BaseModel) and "kind" in model.model_fields:
            field = model.model_fields["kind"]
            if typing.get_origin(field.annotation) is typing.Literal and not field.is_required():
                yield field.default


def _activities() -> Iterator[tuple[str, str]]:
    for owner in classes():
        for function in vars(owner).values():
            found = activity._Definition.from_callable(function) if callable(function) else None
            if found is not None:
                yield str(found.name), _signature(found.arg_types, found.ret_type)


def _workflows() -> Iterator[tuple[str, dict[str, Any]]]:
    for owner in classes():
        found = workflow._Definition.from_class(owner)
        if found is not None:
            yield (
                str(found.name),
                {
                    "run": _signature(found.arg_types, found.ret_type),
                    "signals": {str(name): _signature(one.arg_types) for name, one in found.signals.items()},
                    "updates": _asked(found.updates),
                    "queries": _asked(found.queries),
                },
            )


def _asked(handlers: Mapping[Any, Any]) -> dict[str, str]:
    """Name to what is taken and returned; the one handler of all other messages has no name."""
    return {str(name): _signature(one.arg_types, one.ret_type) for name, one in sorted(handlers.items())}


def _signature(takes: Iterable[Any] | None, returns: Any = None) -> str:
    return f"({', '.join(map(rendered, takes or ()))}) -> {rendered(returns)}"


def _enums() -> Iterator[type[enum.Enum]]:
    for kind in classes():
        if issubclass(kind, enum.Enum) and all(isinstance(one.value, str) for one in kind):
            yield kind


def _tree(kind: type[HundredDaysError]) -> Iterator[type[HundredDaysError]]:
    if kind.__module__.partition(".")[0] in packages():
        yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


def _error(kind: type[HundredDaysError]) -> str:
    return f"{kind.__base__.__name__ if kind.__base__ else ''}, exit code {kind.exit_code}"


def _keys(model: type[BaseModel], under: str = "") -> Iterator[str]:
    """The keys of a file, in the order of the fields, as dotted paths."""
    for name, field in model.model_fields.items():
        yield f"{under}{name}"
        for inner in _inside(field.annotation):
            yield from _keys(inner, f"{under}{name}.")


def _inside(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and typing.get_origin(kind) is None and issubclass(kind, BaseModel):
        yield kind
    for arg in typing.get_args(kind):
        yield from _inside(arg)


def _hashes(pattern: str) -> dict[str, str]:
    """Name to SHA-256 of the files that shall stay as they are, in whatever folder they lie."""
    found = sorted(path for package in packages() for path in (ROOT / package).rglob(pattern))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
