"""The SQL of this package, by name: `query("record")` is the text of `sql/record.sql`."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"


@cache
def query(name: str) -> str:
    """The text of one named query; FileNotFoundError if there is no such file."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
