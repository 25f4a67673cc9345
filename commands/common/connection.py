"""Settings, pool and client of one command, each opened when it is asked for and closed in order."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from runtime.addresses import find_postgres
from runtime.settings import Settings
from schemas.errors import InvalidInput, Unreachable
from storage.connections import Pool

if TYPE_CHECKING:
    from temporalio.client import Client

_POOL = 4
"""Connections of one command: a report holds one while it asks by another."""
_PARTING_SECONDS = 2.0


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
        """Let go of the pool; a server that hangs is not waited for."""
        if self._pool is not None:
            try:
                async with asyncio.timeout(_PARTING_SECONDS):
                    await self._pool.close()
            except TimeoutError:
                self._pool.terminate()


@contextlib.asynccontextmanager
async def connected() -> AsyncIterator[Servers]:
    """The servers that the environment names; one that goes away meanwhile is Unreachable, with its address."""
    import asyncpg

    from storage.pool import address_of

    settings = Settings.from_environment()
    # structlog would cost a third of a short command's time; what libraries warn of reads well without it.
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
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
