"""A fault in an input file: the file, the place in it, the value found, the value expected."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from schemas.errors import InvalidInput, NotFound


class InvalidCell(ValueError):
    """A text that is invalid for its column; the message is the expectation. It is caught where the text is read."""


def shown(value: str, limit: int = 120) -> str:
    """A value for a message: one line, no control characters, at most `limit` characters."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `value` is the text of the file ("" where it is empty); `expected` completes the words "expected ...".

    In YAML `path` is dotted and `line` is 1-based. In a table `row` is 1-based as in the sheet (the header is row 1)
    and `column` is the header as it is written in the file. Without any of them the fault concerns the whole file.
    """

    file: str
    value: str
    expected: str
    path: str | None = None
    line: int | None = None
    row: int | None = None
    column: str | None = None

    @property
    def where(self) -> str:
        """The place in words: `line 12, clauses.deployment.amount` or `row 7, column 纬度`."""
        parts = [
            f"line {self.line}" if self.line is not None else "",
            self.path or "",
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column is not None else "",
        ]
        return ", ".join(part for part in parts if part) or "the whole file"

    def __str__(self) -> str:
        stands = f"`{shown(self.value)}`" if self.value else "nothing there"
        return f"{self.file}: {shown(self.where)}: {stands}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class FaultList:
    """All faults of one reading, in the order of the files; an empty list is false."""

    faults: tuple[Fault, ...]

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> Self:
        return cls(tuple(faults))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)

    def __len__(self) -> int:
        return len(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def invalid(self) -> InvalidInput:
        """The error that carries this list as its only argument; its text is one line a fault."""
        return InvalidInput(self)


TOLD = 20
"""How many faults of one kind are told with their own words."""


def told(found: Iterable[tuple[str, Fault]], more: str) -> Iterator[Fault]:
    """The first `TOLD` of these faults, each with the id that it concerns, and one that lists the other ids."""
    listed = list(found)
    yield from (fault for _, fault in listed[:TOLD])
    if rest := listed[TOLD:]:
        yield Fault(rest[0][1].file, ", ".join(one for one, _ in rest), more)


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises NotFound, which names the file, when it does not exist or cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}); give the path of a readable file") from error
