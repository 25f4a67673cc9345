"""The fields in which two versions of one thing differ, with both values, as text for a refusal."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from schemas.register import Site

_SHOWN = 10
"""The maximum of differences that a text lists; it counts the others."""
_LONGEST = 80
_KEYS = ("id", "code", "rung", "duty", "name")
"""Fields by which the entries of a list are told apart, in order of preference."""


class Difference(NamedTuple):
    """One field; a value is None where the field is not there."""

    path: str
    kept: Any
    brought: Any

    def __str__(self) -> str:
        return f"{self.path} (kept: {_shown(self.kept)}, this one: {_shown(self.brought)})"


def differences(kept: Any, brought: Any, path: str = "") -> Iterator[Difference]:
    """The differing fields of plain data (the JSON form of a model), each by its dotted path.

    Entries of a list with ids are compared by id (`cities[410400].lead`), others by their place.
    """
    if isinstance(kept, dict) and isinstance(brought, dict):
        for name in dict.fromkeys((*kept, *brought)):
            yield from differences(kept.get(name), brought.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(kept, list) and isinstance(brought, list):
        yield from _of_lists(kept, brought, path)
    elif kept != brought:
        yield Difference(path, kept, brought)


def differing_fields(what: str, kept: Any, brought: Any) -> str:
    """`the plan differs in 2 fields: ...`, for two whose digests differ."""
    return _told(f"the {what} differs", [str(one) for one in differences(kept, brought)], "field")


def differing_sites(what: str, kept: Sequence[Site], brought: Sequence[Site]) -> str:
    """`the register differs in 3 sites: P1 is not in this one; P2 is new in this one; P3 differs: area_ha (...)`."""
    olds, news = ({site.id: site for site in sites} for sites in (kept, brought))
    lines = [f"{one} is not in this one" for one in olds if one not in news]
    lines += [f"{one} is new in this one" for one in news if one not in olds]
    for one in sorted(olds.keys() & news.keys()):
        if olds[one] != news[one]:
            fields = differences(olds[one].model_dump(mode="json"), news[one].model_dump(mode="json"))
            lines.append(f"{one} differs: {', '.join(map(str, fields))}")
    return _told(f"the {what} differs", lines, "site")


def _told(head: str, lines: Sequence[str], noun: str) -> str:
    if not lines:  # the digest is another, since a release that knew fewer fields wrote it
        return f"{head} in no {noun} that this release reads"
    count = f"{len(lines):,} {noun}{'' if len(lines) == 1 else 's'}"
    more = f"; and {len(lines) - _SHOWN:,} more" if len(lines) > _SHOWN else ""
    return f"{head} in {count}: {'; '.join(lines[:_SHOWN])}{more}"


def _of_lists(kept: list[Any], brought: list[Any], path: str) -> Iterator[Difference]:
    olds, news = _by_key(kept), _by_key(brought)
    if olds is None or news is None:
        olds, news = dict(enumerate(kept)), dict(enumerate(brought))
    elif (order := [key for key in olds if key in news]) != [key for key in news if key in olds]:
        yield Difference(f"{path}, order", order, [key for key in news if key in olds])
    if None in (*kept, *brought) and len(kept) != len(brought):  # a null entry is not told from a missing one below
        yield Difference(f"{path}, length", len(kept), len(brought))
    for key in dict.fromkeys((*olds, *news)):
        yield from differences(olds.get(key), news.get(key), f"{path}[{key}]")


def _by_key(entries: list[Any]) -> dict[Any, Any] | None:
    """The entries by the first field that tells them apart; None if none does."""
    for key in _KEYS:
        if all(isinstance(one, dict) and isinstance(one.get(key), str | int) for one in entries):
            by_key = {one[key]: one for one in entries}
            if len(by_key) == len(entries):
                return by_key
    return None


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
