"""Short names of asyncpg's types, and the SQL files by name."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    # Imported before the command line knows whether it needs a database. So asyncpg, which is slow to import, is not.
    import asyncpg
    import asyncpg.pool

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Borrowed: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"


def queries_in(folder: Path) -> Callable[[str], str]:
    """A function that returns the text of an SQL file of the folder: `documents/list` is `documents/list.sql`.

    It raises FileNotFoundError for a name without a file. A file begins with a comment: what the statement returns, and
    its parameters.
    """

    @cache
    def query(name: str) -> str:
        return (folder / f"{name}.sql").read_text(encoding="utf-8")

    return query


query = queries_in(Path(__file__).parent / "sql")
