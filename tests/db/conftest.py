"""A fresh database for every test, copied from a migrated template."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from storage.connections import Connection, Pool
from storage.migrate import create_database
from storage.pool import open_pool
from tests.support.databases import administer, migrated_database


@pytest.fixture
async def empty_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A database without any table."""
    name = f"empty_{uuid4().hex[:12]}"
    yield await create_database(postgres_url, name)
    await administer(postgres_url, f"drop database {name} with (force)")


@pytest.fixture
async def database_url(postgres_url: str) -> AsyncIterator[str]:
    """A migrated database of this test's own."""
    name = f"test_{uuid4().hex[:12]}"
    yield await migrated_database(postgres_url, name)
    await administer(postgres_url, f"drop database {name} with (force)")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """A pool of the application role, which may only insert into the ledger."""
    opened = await open_pool(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def superuser(database_url: str) -> AsyncIterator[Connection]:
    """A connection with all rights to this database."""
    connection: Connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()
