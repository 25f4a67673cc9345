"""A row of the register that was left out, so that nothing is lost silently."""

from typing import Any

from pydantic import Field

from schemas.base import Kept


class RejectedRow(Kept):
    """`row` is its number in the file as people see it (the header is row 1), `raw` its cells by header."""

    row: int
    faults: tuple[str, ...]
    raw: dict[str, Any] = Field(default_factory=dict)
