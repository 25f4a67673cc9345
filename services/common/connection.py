"""Settings, pool and client of one command, each opened when it is asked for and closed in order."""

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
"""Connections of one command: a report holds one while it asks by another."""
_CLOSE_SECONDS = 2.0


class Servers:
    """The servers as this command needs them."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self.settings = settings
        self._pool: Pool | None = None
        self._client: Client | None = None

    @property
    def postgres_url(self) -> str:
        """Unreachable, saying what to set or to start, if no Postgres is known."""
        return find_postgres(self.settings)

    async def pool(self) -> Pool:
        """Postgres as the application role; Unreachable within seconds."""
        if self._pool is None:
            from storage.pool import open_pool

            self._pool = await open_pool(self.postgres_url, size=_POOL)
        return self._pool

    async def client(self) -> "Client":
        """Temporal; Unreachable within seconds."""
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
    """The servers of these settings; Unreachable, with its address, for one that is lost meanwhile."""
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
