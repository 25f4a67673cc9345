"""What every reader needs: short names for asyncpg's types, and the SQL files by name."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    # The command line imports this module before it knows whether it needs a database; asyncpg takes long to import.
    import asyncpg
    import asyncpg.pool

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Borrowed: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"


def queries_in(folder: Path) -> Callable[[str], str]:
    """The reader of a folder of SQL files: of the name `documents/list` it returns the text of `documents/list.sql`.

    It raises FileNotFoundError for a name without a file. A file begins with a comment: what the statement returns, and
    its parameters.
    """

    @cache
    def query(name: str) -> str:
        return (folder / f"{name}.sql").read_text(encoding="utf-8")

    return query


query = queries_in(Path(__file__).parent / "sql")
