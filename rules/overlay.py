"""Terms that an amendment lays over those a workflow began with: what differs, and both taken together."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from schemas.base import Kept

AnyTerms = TypeVar("AnyTerms", bound=Kept)

_NOT_WITHOUT = ("papers", "units", "patrol")
"""Ways of working that a campaign began with or without: an amendment does not bring them."""


def plain(terms: Kept, fields: Collection[str]) -> dict[str, Any]:
    """These fields as JSON data, the same for the same terms: sets are sorted."""
    return {name: _ordered(getattr(terms, name), value) for name, value in _dumped(terms, fields).items()}


def changed(versions: Sequence[Kept], left_out: Collection[str]) -> dict[str, Any]:
    """The fields in which the last of these terms differs from any before it, with their value now.

    From any, not from the one before: whoever missed an amendment is right again with the next.
    """
    *earlier, now = versions
    names = [name for name in type(now).model_fields if name not in left_out]
    return plain(now, [n for n in names if any(getattr(one, n) != getattr(now, n) for one in earlier)])


def overlaid(base: AnyTerms, overlay: dict[str, Any]) -> AnyTerms:
    """The terms with an amendment's fields in place of their own."""
    kept = {n: v for n, v in overlay.items() if not (n in _NOT_WITHOUT and getattr(base, n, None) is None)}
    return type(base).model_validate({**base.model_dump(mode="json"), **kept})


def _dumped(terms: Kept, fields: Collection[str]) -> dict[str, Any]:
    return terms.model_dump(mode="json", include=set(fields))


def _ordered(value: Any, dumped: Any) -> Any:
    """Sets come out of a dump in any order."""
    if isinstance(value, frozenset):
        return sorted(dumped)
    if isinstance(value, Kept):
        return {name: _ordered(getattr(value, name, None), part) for name, part in dumped.items()}
    return dumped
