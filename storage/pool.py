"""Connections to Postgres."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from schemas.errors import Unreachable
from storage.address import address_of
from storage.connections import Connection, Pool
from storage.roles import APPLICATION_ROLE

_Opened = TypeVar("_Opened")

PATIENCE_SECONDS = 5.0
"""How long a server may take to let us in."""

_SETTINGS = {
    "application_name": "hundred-days",
    "timezone": "UTC",
    # Short statements over a few rows: compiling one costs more than running it.
    "jit": "off",
}
_CONNECTION_FAILURES = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidParameterValueError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
)


async def open_pool(url: str, *, size: int = 8, as_application: bool = True) -> Pool:
    """A pool of at most `size` connections; one is made at once, so a wrong address is known now.

    `as_application` works as the application role, which cannot change the ledger.
    Raises Unreachable, naming the address and the reason, within a few seconds.
    """
    settings = _SETTINGS | ({"role": APPLICATION_ROLE} if as_application else {})

    async def attempt() -> Pool:
        return await asyncpg.create_pool(
            url, min_size=1, max_size=size, timeout=PATIENCE_SECONDS, server_settings=settings
        )

    return await _let_in(url, attempt)


async def connect(url: str) -> Connection:
    """One connection as the URL's own user, for migrations. Raises Unreachable as `open_pool` does."""

    async def attempt() -> Connection:
        return await asyncpg.connect(url, timeout=PATIENCE_SECONDS, server_settings=_SETTINGS)

    return await _let_in(url, attempt)


async def _let_in(url: str, attempt: Callable[[], Awaitable[_Opened]]) -> _Opened:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    return await attempt()
                except asyncpg.CannotConnectNowError:
                    # A server that is starting says so; it is worth the rest of the patience.
                    await asyncio.sleep(0.1)
    except _CONNECTION_FAILURES as failure:
        raise Unreachable(f"Postgres at {address_of(url)}: {_reason(failure)}") from failure


def _reason(failure: BaseException) -> str:
    if isinstance(failure, TimeoutError):
        return f"no answer within {PATIENCE_SECONDS:g} s. Is the server running?"
    if isinstance(failure, asyncpg.InvalidParameterValueError) and APPLICATION_ROLE in str(failure):
        return f"there is no role {APPLICATION_ROLE} yet. Migrate the database first"
    if isinstance(failure, OSError):
        return f"cannot connect ({failure.strerror or failure}). Is the server running?"
    return str(failure)
