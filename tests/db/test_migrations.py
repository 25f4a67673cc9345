"""Migrations run once, in order, by one of several processes; every path gives the same schema."""

import asyncio
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

import storage.pool
from schemas.errors import Refused, Unreachable
from storage.connections import Connection
from storage.migrate import FOLDER, create_database, migrate, migrations_in
from storage.pool import address_of, connect, open_pool, with_database

CATALOGUE = {
    "columns": """
        select table_name, column_name, data_type, is_nullable, column_default, collation_name
        from information_schema.columns where table_schema = 'public'""",
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace""",
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "triggers": "select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "functions": "select proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace",
    "rights": """
        select relname, relacl::text, reloptions::text from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'""",
}


async def schema(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        what: sorted((tuple(row.values()) for row in await connection.fetch(sql)), key=repr)
        for what, sql in CATALOGUE.items()
    }


async def test_a_database_migrated_file_by_file_equals_a_fresh_one(
    empty_database_url: str, superuser: Connection, tmp_path: Path
) -> None:
    names = [migration.name for migration in migrations_in()]
    for name in names:
        shutil.copy(FOLDER / f"{name}.sql", tmp_path)
        assert await migrate(empty_database_url, tmp_path) == [name]
    stepwise = await connect(empty_database_url)
    assert await schema(stepwise) == await schema(superuser)
    await stepwise.close()


async def test_migrating_again_applies_nothing(database_url: str, superuser: Connection) -> None:
    before = await schema(superuser)
    assert await migrate(database_url) == []
    assert await schema(superuser) == before


async def test_of_four_migrators_at_once_each_file_is_applied_by_one(empty_database_url: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))
    assert sorted(name for names in applied for name in names) == [migration.name for migration in migrations_in()]


async def test_migrators_of_four_databases_may_meet_at_the_role(postgres_url: str) -> None:
    urls = [await create_database(postgres_url, f"meeting_{number}") for number in range(4)]
    applied = await asyncio.gather(*(migrate(url) for url in urls))
    assert all(len(names) == len(migrations_in()) for names in applied)


async def test_an_edited_file_is_refused_by_name(empty_database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "0001_first.sql"
    file.write_text("create table first (id integer)")
    await migrate(empty_database_url, tmp_path)
    file.write_text("create table first (id bigint)")
    with pytest.raises(Refused, match="0001_first: the file was edited"):
        await migrate(empty_database_url, tmp_path)


async def test_migrate_database_older_than_baseline_is_refused(empty_database_url: str) -> None:
    older = await connect(empty_database_url)
    await older.execute("create table schema_migration (name text primary key, digest text not null)")
    await older.execute("insert into schema_migration values ('0001_campaign', 'e8500b85')")
    with pytest.raises(Refused, match=r"made by a version before 0\.9; start with an empty database"):
        await migrate(empty_database_url)
    assert [row["name"] for row in await older.fetch("select name from schema_migration")] == ["0001_campaign"]
    await older.close()


async def test_a_failing_file_leaves_nothing_of_itself(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_good.sql").write_text("create table good (id integer)")
    (tmp_path / "0002_bad.sql").write_text("create table bad (id integer); select 1 / 0")
    with pytest.raises(Refused, match="0002_bad: division by zero"):
        await migrate(empty_database_url, tmp_path)
    (tmp_path / "0002_bad.sql").write_text("create table bad (id bigint)")
    assert await migrate(empty_database_url, tmp_path) == ["0002_bad"]


async def test_a_file_may_opt_out_of_its_transaction(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_table.sql").write_text("create table big (id integer)")
    (tmp_path / "0002_index.sql").write_text("-- no-transaction\ncreate index concurrently big_id on big (id)")
    assert len(await migrate(empty_database_url, tmp_path)) == 2


async def test_migration_user_without_role_privilege_shown_remedy(postgres_url: str, empty_database_url: str) -> None:
    admin = await connect(postgres_url)
    name = urlsplit(empty_database_url).path[1:]
    await admin.execute(f"create role clerk login; grant all on database {name} to clerk")
    try:
        with pytest.raises(Refused, match=r'Have an administrator run: .*GRANT hundred_days_app TO "clerk"'):
            await migrate(empty_database_url.replace("postgres@", "clerk@"))
    finally:
        await admin.execute(f"revoke all on database {name} from clerk; drop role clerk")
        await admin.close()


async def test_a_database_that_is_there_is_simply_used(postgres_url: str, database_url: str) -> None:
    name = urlsplit(database_url).path[1:]
    assert await create_database(postgres_url, name) == with_database(postgres_url, name) == database_url


async def test_an_address_is_named_without_its_password() -> None:
    assert address_of("postgresql://clerk:secret@db.example:6543/campaigns") == "db.example:6543, database campaigns"
    assert address_of("postgresql://postgres:@/hundred?host=/run/pg") == "socket /run/pg, database hundred"
    assert address_of("postgresql:///hundred?host=/run/pg") == "socket /run/pg, database hundred"
    assert with_database("postgresql:///a?host=/run/pg", "b") == "postgresql:///b?host=/run/pg"


async def test_a_server_that_is_not_there_is_named_within_seconds() -> None:
    with pytest.raises(Unreachable, match=r"Postgres at 127\.0\.0\.1:9, database campaigns: cannot connect") as caught:
        await open_pool("postgresql://clerk:secret@127.0.0.1:9/campaigns")
    assert "secret" not in str(caught.value)


async def test_a_server_that_never_answers_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert storage.pool.CONNECT_TIMEOUT_SECONDS == 5
    monkeypatch.setattr(storage.pool, "CONNECT_TIMEOUT_SECONDS", 1.0)

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(20)
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable, match="no answer within 1 s"):
            await open_pool(f"postgresql://clerk@127.0.0.1:{port}/campaigns?sslmode=disable")
        server.close()


async def test_a_database_that_is_not_there_is_named(postgres_url: str) -> None:
    with pytest.raises(Unreachable, match='database "nowhere" does not exist'):
        await open_pool(with_database(postgres_url, "nowhere"))


async def test_the_application_works_as_its_role(database_url: str) -> None:
    pool = await open_pool(database_url, size=1)
    for _ in range(2):  # also after a connection was released
        assert await pool.fetchval("select current_user") == "hundred_days_app"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("delete from site")
    await pool.close()
