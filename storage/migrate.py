"""Migrates databases: applies numbered SQL files, each once, in order, by one process at a time."""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from schemas.errors import Refused, Unreachable
from storage.connections import Connection
from storage.pool import APPLICATION_ROLE, address_of, connect, with_database

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 4_100_100  # any number that no other user of the database locks
_LOCK_TIMEOUT_SECONDS = 120.0
_OPT_OUT = "-- no-transaction"
_BEFORE_BASELINE = "0001_campaign"
"""The first file of the migrations that the baseline of 0.9 replaced."""
_TABLE = """
create table if not exists schema_migration (
    name text primary key,
    digest text not null,
    applied_at timestamptz not null default clock_timestamp()
)
"""


@dataclass(frozen=True)
class Migration:
    """One file. `-- no-transaction` on its first line marks a single statement that cannot run in a transaction."""

    name: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def in_transaction(self) -> bool:
        return not self.sql.startswith(_OPT_OUT)


async def migrate(url: str, folder: Path = FOLDER) -> list[str]:
    """Applies the missing files and returns their names, in order. Any number of processes may call it at once.

    Raises:
        Refused: a version before 0.9 created the database, a file was changed after it was applied, or it fails.
        Unreachable: the server does not answer, or another process holds the lock too long.
    """
    connection = await connect(url)
    try:
        await _lock(connection, url)
        await _ensure_application_role(connection)
        await connection.execute(_TABLE)
        rows = await connection.fetch("select name, digest from schema_migration")
        applied = {row["name"]: row["digest"] for row in rows}
        if _BEFORE_BASELINE in applied:
            raise Refused(f"{address_of(url)}: made by a version before 0.9; start with an empty database")
        done: list[str] = []
        for migration in migrations_in(folder):
            if migration.name in applied:
                _refuse_edited(migration, applied[migration.name])
            else:
                await _apply(connection, migration)
                done.append(migration.name)
        return done
    finally:
        await connection.close()  # which releases the lock


def migrations_in(folder: Path = FOLDER) -> list[Migration]:
    """The files of a folder in the order of their numbers."""
    return [Migration(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("[0-9]*.sql"))]


async def create_database(url: str, name: str) -> str:
    """The URL of database `name` on the same server; it is created if it does not exist."""
    connection = await connect(url)
    try:
        quoted = name.replace('"', '""')
        await connection.execute(f"create database \"{quoted}\" encoding 'UTF8' template template0")
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass
    except asyncpg.InsufficientPrivilegeError as refusal:
        raise Refused(
            f"database {name}: the user of {address_of(url)} may not create it. Have an administrator create it"
        ) from refusal
    finally:
        await connection.close()
    return with_database(url, name)


async def _lock(connection: Connection, url: str) -> None:
    # Polled: waiting in pg_advisory_lock holds a snapshot, which CREATE INDEX CONCURRENTLY would wait for.
    deadline = time.monotonic() + _LOCK_TIMEOUT_SECONDS
    while not await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK):
        if time.monotonic() > deadline:
            raise Unreachable(
                f"Postgres at {address_of(url)}: another migration has held its lock for {_LOCK_TIMEOUT_SECONDS:g} s"
            )
        await asyncio.sleep(0.05)


def _refuse_edited(migration: Migration, applied_digest: str) -> None:
    if migration.digest != applied_digest:
        raise Refused(
            f"migration {migration.name}: the file was edited after it was applied. "
            "Restore it and put the change into a new, higher-numbered file"
        )


async def _apply(connection: Connection, migration: Migration) -> None:
    try:
        if migration.in_transaction:
            async with connection.transaction():
                await connection.execute(migration.sql)
                await _note(connection, migration)
        else:
            # fetch accepts one statement only, unlike execute: several would share a transaction.
            await connection.fetch(migration.sql)
            await _note(connection, migration)
    except asyncpg.PostgresError as failure:
        raise Refused(f"migration {migration.name}: {failure}") from failure


async def _note(connection: Connection, migration: Migration) -> None:
    await connection.execute(
        "insert into schema_migration (name, digest) values ($1, $2)", migration.name, migration.digest
    )


async def _ensure_application_role(connection: Connection) -> None:
    """Creates the role if the cluster lacks it, and grants it to the connected user.

    Roles belong to the cluster, so migrators of other databases may do the same at the same time: a role or grant that
    exists already is no error. Raises Refused, with the statements for an administrator, if the user lacks the right.
    """
    if not await connection.fetchval("select exists (select from pg_roles where rolname = $1)", APPLICATION_ROLE):
        try:
            await connection.execute(f"create role {APPLICATION_ROLE} nologin")
        except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
            pass
        except asyncpg.InsufficientPrivilegeError as refusal:
            raise await _ask_administrator(connection) from refusal
    if not await _is_member(connection):
        try:
            await connection.execute(f"grant {APPLICATION_ROLE} to current_user")
        except asyncpg.InsufficientPrivilegeError as refusal:
            raise await _ask_administrator(connection) from refusal
        except asyncpg.InternalServerError:
            # "tuple concurrently updated": another migrator granted the same at the same time.
            if not await _is_member(connection):
                raise


async def _is_member(connection: Connection) -> bool:
    mode = "SET" if connection.get_server_version().major >= 16 else "MEMBER"
    return bool(await connection.fetchval(f"select pg_has_role($1, '{mode}')", APPLICATION_ROLE))


async def _ask_administrator(connection: Connection) -> Refused:
    user = await connection.fetchval("select current_user")
    return Refused(
        f"role {APPLICATION_ROLE}: user {user} may neither create nor use it. Have an administrator run: "
        f'CREATE ROLE {APPLICATION_ROLE} NOLOGIN; GRANT {APPLICATION_ROLE} TO "{user}";'
    )
