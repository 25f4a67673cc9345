"""The embedded pair: it starts, keeps its data, has one owner and never outlives it."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

import runtime.temporal
from runtime.addresses import SERVERS_FILE, find_postgres, find_temporal, published_pair
from runtime.embedded.servers import EmbeddedServers
from runtime.search_attributes import CAMPAIGN_ID, CITY_CODE, register_search_attributes
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from schemas.errors import HundredDaysError, Unreachable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder with a space in its path, as users have them, and open to Postgres' user."""
    folder = Path(tempfile.mkdtemp(prefix="hundred days "))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "HUNDRED_DAYS_POSTGRES_URL"):
        monkeypatch.delenv(name, raising=False)


async def silent(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return True
    writer.close()
    return False


async def test_a_pair_keeps_workflows_and_rows_over_a_restart(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir)
    async with EmbeddedServers(data_dir) as servers:
        assert find_temporal(settings).host == servers.temporal_address
        client = await connect_temporal(settings)
        await client.start_workflow("Kept", id="kept", task_queue="nobody")
        connection = await asyncpg.connect(find_postgres(settings))
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        assert await connection.fetchval("SHOW fsync") == "on"
        await connection.close()
    assert not (data_dir / SERVERS_FILE).exists()
    assert await silent(servers.temporal_address)

    async with EmbeddedServers(data_dir) as servers:
        client = await connect_temporal(settings)
        description = await client.get_workflow_handle("kept").describe()
        assert description.workflow_type == "Kept"
        connection = await asyncpg.connect(find_postgres(settings))
        assert await connection.fetchval("SELECT answer FROM kept") == 42
        await connection.close()


async def test_our_search_attributes_are_known_from_the_first_start(temporal_client: Client) -> None:
    await register_search_attributes(temporal_client)
    attributes = TypedSearchAttributes(
        [SearchAttributePair(CAMPAIGN_ID, "hn-2021"), SearchAttributePair(CITY_CODE, "410400")]
    )
    handle = await temporal_client.start_workflow(
        "Searched", id="searched", task_queue="nobody", search_attributes=attributes
    )
    assert (await handle.describe()).typed_search_attributes[CITY_CODE] == "410400"
    await handle.terminate()


async def test_a_second_owner_of_the_same_folder_is_refused(data_dir: Path) -> None:
    async with EmbeddedServers(data_dir, ephemeral=True):
        with pytest.raises(HundredDaysError, match=f"already runs on .* process {os.getpid()}"):
            async with EmbeddedServers(data_dir):
                pytest.fail("two pairs on one folder")


async def test_ephemeral_servers_leave_no_data_and_refuse_kept_data(data_dir: Path) -> None:
    (data_dir / "outbox").mkdir()
    async with EmbeddedServers(data_dir, ephemeral=True):
        pass
    assert {path.name for path in data_dir.iterdir()} == {"outbox", "servers.lock"}
    (data_dir / "temporal.db").write_text("a campaign")
    with pytest.raises(HundredDaysError, match="holds kept data"):
        async with EmbeddedServers(data_dir, ephemeral=True):
            pytest.fail("kept data would be lost")
    assert (data_dir / "temporal.db").read_text() == "a campaign"


async def test_a_taken_port_is_named_and_nothing_stays_behind(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(HundredDaysError, match=f"127.0.0.1:{port} is in use"):
            async with EmbeddedServers(data_dir, ephemeral=True, port=port):
                pytest.fail("two servers on one port")
    assert {path.name for path in data_dir.iterdir()} == {"servers.lock"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
async def test_servers_stop_with_killed_owner_and_restart_succeeds(data_dir: Path) -> None:
    owner = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import asyncio, sys\nfrom pathlib import Path\nfrom runtime.embedded.servers import EmbeddedServers\n"
            "async def own():\n    async with EmbeddedServers(Path(sys.argv[1])):\n"
            "        print('up', flush=True)\n        await asyncio.Event().wait()\nasyncio.run(own())",
            str(data_dir),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with owner:
        assert owner.stdout is not None
        assert await asyncio.to_thread(owner.stdout.readline) == "up\n"
        pair = published_pair(data_dir)
        assert pair is not None
        connection = await asyncpg.connect(pair.postgres_url)
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        await connection.close()
        owner.send_signal(signal.SIGKILL)

    async with EmbeddedServers(data_dir) as servers:
        assert await silent(pair.temporal_address) or pair.temporal_address == servers.temporal_address
        connection = await asyncpg.connect(servers.postgres_url)
        assert await connection.fetchval("SELECT answer FROM kept") == 42
        await connection.close()


async def test_an_unreachable_temporal_is_named_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1 \(from TEMPORAL_ADDRESS\): connection refused"):
        await connect_temporal(Settings())


async def test_a_server_that_accepts_and_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert runtime.temporal.CONNECT_SECONDS == 5
    monkeypatch.setattr(runtime.temporal, "CONNECT_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(Unreachable, match=f"{address} .*no answer within 1 s"):
            await connect_temporal(Settings(), address)
        assert time.monotonic() - begun < 4
