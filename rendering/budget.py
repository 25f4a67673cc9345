"""The budget of a rendering: characters that a template may make, and turns that its loops may take."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from jinja2.exceptions import SecurityError

_left: ContextVar[list[int]] = ContextVar("left")
"""A list of one number: a template's parts run in contexts of their own, which share it."""


@contextmanager
def budget(most: int) -> Iterator[None]:
    """Allows a rendering `most` characters and turns together, those of intermediate texts included."""
    token = _left.set([most])
    try:
        yield
    finally:
        _left.reset(token)


def spend(amount: int) -> None:
    """Takes from the budget, before the text is made. Raises SecurityError when it is used up, or if there is none.

    Without a budget a constant expression is not computed while a template is compiled.
    """
    left = _left.get(None)
    if left is None:
        raise SecurityError("a text is made in a rendering only")
    left[0] -= amount
    if left[0] < 0:
        raise SecurityError("the template makes far more text than its document has")
