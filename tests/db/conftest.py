"""A migrated template a session, and a fresh database cloned from it for every test."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from storage.address import with_database
from storage.connections import Connection, Pool
from storage.migrate import create_database, migrate
from storage.pool import connect, open_pool


async def administer(url: str, statement: str) -> None:
    """Runs one statement on the maintenance database."""
    connection = await connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def template(postgres_url: str) -> str:
    """The name of a database with every migration applied and nothing in it."""
    name = f"template_{uuid4().hex[:12]}"
    await migrate(await create_database(postgres_url, name))
    return name


@pytest.fixture
async def empty_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A database without any table."""
    name = f"empty_{uuid4().hex[:12]}"
    yield await create_database(postgres_url, name)
    await administer(postgres_url, f"drop database {name} with (force)")


@pytest.fixture
async def database_url(postgres_url: str, template: str) -> AsyncIterator[str]:
    """A migrated database of this test's own."""
    name = f"test_{uuid4().hex[:12]}"
    await administer(postgres_url, f"create database {name} template {template}")
    yield with_database(postgres_url, name)
    await administer(postgres_url, f"drop database {name} with (force)")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """The application's own pool: the role that may only add to the ledger."""
    opened = await open_pool(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def superuser(database_url: str) -> AsyncIterator[Connection]:
    """Someone who may do anything to this database."""
    connection: Connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()
