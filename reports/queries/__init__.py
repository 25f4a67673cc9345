"""The SQL of the report, by name: `query("sites")` is the text of `sites.sql`."""

from functools import cache
from pathlib import Path


@cache
def query(name: str) -> str:
    """The text of one named query; FileNotFoundError if there is no such file."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
