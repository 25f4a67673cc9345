"""The role the application works as: it may insert into the ledger and read it, and no more."""

import asyncpg

from schemas.errors import Refused
from storage.connections import Connection

APPLICATION_ROLE = "hundred_days_app"


async def ensure_application_role(connection: Connection) -> None:
    """Creates the role if the cluster has none, and lets the connected user act as it.

    Roles belong to the cluster, so migrators of other databases may be doing the same: what another has just
    created or granted is fine. Refused, with what an administrator should run, if the user lacks the right.
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
            # "tuple concurrently updated": another migrator granted the same at the same moment.
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
