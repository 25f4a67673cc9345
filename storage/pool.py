"""Connections to Postgres, and the URLs of a server and its databases."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

import asyncpg

from schemas.errors import Unreachable
from storage.connections import Connection, Pool

_Opened = TypeVar("_Opened")

APPLICATION_ROLE = "hundred_days_app"
"""The role of the application: it deletes nothing, and may only read the ledger and insert into it."""

CONNECT_TIMEOUT_SECONDS = 5.0
"""The timeout for a server to accept a connection."""

_SETTINGS = {
    "application_name": "hundred-days",
    "timezone": "UTC",
    # Statements are short and read few rows: JIT compilation costs more than execution.
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
    """A pool of at most `size` connections; one is opened at once, so that a wrong address fails immediately.

    With `as_application` it uses the application role, which cannot change the ledger.
    Raises Unreachable, with the address and the reason, within a few seconds.
    """
    settings = _SETTINGS | ({"role": APPLICATION_ROLE} if as_application else {})

    async def attempt() -> Pool:
        return await asyncpg.create_pool(
            url, min_size=1, max_size=size, timeout=CONNECT_TIMEOUT_SECONDS, server_settings=settings
        )

    return await _accepted(url, attempt)


async def connect(url: str) -> Connection:
    """A connection as the URL's own user, for migrations. Raises Unreachable as `open_pool` does."""

    async def attempt() -> Connection:
        return await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_SECONDS, server_settings=_SETTINGS)

    return await _accepted(url, attempt)


async def _accepted(url: str, attempt: Callable[[], Awaitable[_Opened]]) -> _Opened:
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_SECONDS):
            while True:
                try:
                    return await attempt()
                except asyncpg.CannotConnectNowError:
                    # The server reports that it is starting: retry until the timeout.
                    await asyncio.sleep(0.1)
    except _CONNECTION_FAILURES as failure:
        raise Unreachable(f"Postgres at {address_of(url)}: {_reason(failure)}") from failure


def _reason(failure: BaseException) -> str:
    if isinstance(failure, TimeoutError):
        return f"no answer within {CONNECT_TIMEOUT_SECONDS:g} s. Is the server running?"
    if isinstance(failure, asyncpg.InvalidParameterValueError) and APPLICATION_ROLE in str(failure):
        return f"there is no role {APPLICATION_ROLE} yet. Migrate the database first"
    if isinstance(failure, OSError):
        return f"cannot connect ({failure.strerror or failure}). Is the server running?"
    return str(failure)


def address_of(url: str) -> str:
    """Host and port, or the socket folder, and the database; never the password."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    host = parts.hostname or asked.get("host", ["localhost"])[0]
    database = unquote(parts.path.lstrip("/")) or "postgres"
    if host.startswith("/"):
        return f"socket {host}, database {database}"
    port = parts.port or asked.get("port", ["5432"])[0]
    return f"{host}:{port}, database {database}"


def with_database(url: str, name: str) -> str:
    """The URL of another database, with the same server and user."""
    parts = urlsplit(url)
    changed = urlunsplit(parts._replace(path="/" + quote(name, safe="")))
    # urlunsplit drops the empty authority of `postgresql:///name?host=...`.
    return changed if "://" in changed else changed.replace(":/", ":///", 1)
