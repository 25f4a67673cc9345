"""Settings, pool and client of one command, opened at first use and closed in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from runtime.addresses import find_postgres
from runtime.settings import Settings
from schemas.errors import InvalidInput, Unreachable
from storage.connections import Pool
from storage.pool import address_of

if TYPE_CHECKING:
    from temporalio.client import Client

_POOL = 4
"""Connections of one command: a report streams from one while it queries with another."""
_CLOSE_SECONDS = 2.0


class Servers:
    """Postgres and Temporal for one command."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self.settings = settings
        self._pool: Pool | None = None
        self._client: Client | None = None

    @property
    def postgres_url(self) -> str:
        """The URL of Postgres; Unreachable, with what to set or to start, if none is known."""
        return find_postgres(self.settings)

    async def pool(self) -> Pool:
        """The pool, as the application role; Unreachable within seconds."""
        if self._pool is None:
            from storage.pool import open_pool

            self._pool = await open_pool(self.postgres_url, size=_POOL)
        return self._pool

    async def client(self) -> "Client":
        """The Temporal client; Unreachable within seconds."""
        if self._client is None:
            from runtime.temporal import connect_temporal

            self._client = await connect_temporal(self.settings)
        return self._client

    async def close(self) -> None:
        """Close the pool; connections of a server that does not answer are cut."""
        if self._pool is not None:
            try:
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._pool.close()
            except TimeoutError:
                self._pool.terminate()


@contextlib.asynccontextmanager
async def open_servers(settings: Settings) -> AsyncIterator[Servers]:
    """The servers of these settings; Unreachable, with its address, if the connection to one is lost."""
    import asyncpg

    servers = Servers(settings)
    try:
        yield servers
    except asyncpg.UndefinedTableError as error:
        raise InvalidInput(
            f"Postgres at {address_of(servers.postgres_url)} has none of our tables yet: start a worker once, "
            "it makes them"
        ) from error
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionResetError) as error:
        raise Unreachable(f"Postgres at {address_of(servers.postgres_url)} went away: {error}") from error
    finally:
        await servers.close()
