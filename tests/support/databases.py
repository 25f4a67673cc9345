"""Databases of a test's own: a migrated one is copied from a template, which each server has once."""

from uuid import uuid4

from storage.migrate import create_database, migrate
from storage.pool import connect, with_database
from tests.support.memory import in_memory

_TEMPLATES: dict[str, str] = {}
"""Of each server, by its URL: the name of a database with every migration applied and nothing in it."""


async def administer(url: str, statement: str) -> None:
    """Runs one statement on the maintenance database."""
    connection = await connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def migrated_database(server: str, name: str) -> str:
    """The URL of a new database of this name, with every migration applied; `server` is its maintenance database."""
    if server not in _TEMPLATES:
        template = f"template_{uuid4().hex[:12]}"
        await migrate(await create_database(server, template))
        _TEMPLATES[server] = template
    # In memory files are copied as they are, so that the log of the server does not grow by each copy.
    strategy = "file_copy" if in_memory() else "wal_log"
    await administer(server, f"create database {name} template {_TEMPLATES[server]} strategy {strategy}")
    return with_database(server, name)
