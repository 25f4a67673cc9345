"""The terms of an amendment as an overlay of the terms a workflow was started with."""

from collections.abc import Collection, Sequence
from typing import Any, Generic, TypeVar

from schemas.base import StoredModel

AnyTerms = TypeVar("AnyTerms", bound=StoredModel)

_NOT_WITHOUT = ("patrol",)
"""Options that an amendment may change, but not add to a campaign that was started without them."""


def plain(terms: StoredModel, fields: Collection[str]) -> dict[str, Any]:
    """These fields as JSON data, equal for equal terms: sets are sorted."""
    return {name: _ordered(getattr(terms, name), value) for name, value in _dumped(terms, fields).items()}


def changed(versions: Sequence[StoredModel], left_out: Collection[str]) -> dict[str, Any]:
    """The fields in which the last of these terms differs from any before it, with their new value.

    It compares with all versions, so that the next amendment corrects a subject that missed one.
    """
    *earlier, now = versions
    names = [name for name in type(now).model_fields if name not in left_out]
    return plain(now, [n for n in names if any(getattr(one, n) != getattr(now, n) for one in earlier)])


def overlaid(base: AnyTerms, overlay: dict[str, Any]) -> AnyTerms:
    """The terms with an amendment's fields in place of their own."""
    kept = {n: v for n, v in overlay.items() if not (n in _NOT_WITHOUT and getattr(base, n, None) is None)}
    return type(base).model_validate({**base.model_dump(mode="json"), **kept})


class EffectiveTerms(Generic[AnyTerms]):
    """An aggregate's terms with its amendments, computed again only for another overlay."""

    def __init__(self, base: AnyTerms) -> None:
        self.base = base
        self._last: tuple[dict[str, Any], AnyTerms] | None = None

    def with_overlay(self, overlay: dict[str, Any]) -> AnyTerms:
        """The base with `overlay` in place of its own fields. A changed overlay must be a new object."""
        if not overlay:
            return self.base
        if self._last is None or self._last[0] is not overlay:
            self._last = overlay, overlaid(self.base, overlay)
        return self._last[1]


def _dumped(terms: StoredModel, fields: Collection[str]) -> dict[str, Any]:
    """The fields as JSON; one that is unset too, which a dump leaves out: an amendment may take an option away."""
    dumped = terms.model_dump(mode="json", include=set(fields))
    unset = {name: getattr(terms, name) for name in fields if name not in dumped}
    return dumped | {name: list(value) if isinstance(value, tuple) else value for name, value in unset.items()}


def _ordered(value: Any, dumped: Any) -> Any:
    """Sort sets, which a dump returns in any order."""
    if isinstance(value, frozenset):
        return sorted(dumped)
    if isinstance(value, StoredModel):
        return {name: _ordered(getattr(value, name, None), part) for name, part in dumped.items()}
    return dumped
